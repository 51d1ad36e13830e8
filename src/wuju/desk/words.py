"""Codes of imports beside their Chinese words. Pure."""

from types import MappingProxyType

STATES = MappingProxyType(
    {"staged": "待落库", "landed": "已落库", "undone": "已撤回", "expired": "已过期"}
)
PARTS = MappingProxyType({"sheet": "表头与说明", "rows": "数据行", "undo": "撤回依据"})
ROW_STATES = MappingProxyType(
    {"new": "新增", "update": "变更", "same": "无变化", "error": "错误", "ask": "待确认"}
)
# One letter a row in `BatchChunk.states`.
LETTERS = MappingProxyType({"new": "n", "update": "u", "same": "s", "error": "e", "ask": "a"})
CHOICES = MappingProxyType(
    {"match": "就是此人（此项）", "new": "另有其人，按新增登记", "skip": "本行不导入"}
)
