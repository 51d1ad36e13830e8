"""Codes of bulletins and notices beside their Chinese words, and the series their numbers run in. Pure."""

from types import MappingProxyType

KINDS = MappingProxyType(
    {
        "commend": "通报表扬",
        "criticise": "通报批评",
        "inform": "情况通报",
        "notice": "整改通知书",
        "supervise": "督办单",
    }
)
CIRCULARS = frozenset({"commend", "criticise", "inform"})
SERIES = MappingProxyType(
    {
        "commend": "安组通",
        "criticise": "安组通",
        "inform": "安组通",
        "notice": "安组改",
        "supervise": "安组督",
    }
)
BLOCK_KINDS = MappingProxyType(
    {
        "heading": "标题",
        "paragraph": "段落",
        "item": "条目",
        "table": "表头",
        "row": "表行",
    }
)
