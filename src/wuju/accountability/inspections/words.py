"""Codes of inspections beside their Chinese words. Pure."""

from types import MappingProxyType

KINDS = MappingProxyType(
    {"comprehensive": "综合督查", "special": "专项督查", "research": "督查调研"}
)
