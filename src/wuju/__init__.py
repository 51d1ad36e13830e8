"""Wuju 五聚: the system of record and judgement for grassroots Party-building work. See docs/architecture.md."""

__version__ = "0.1.0"
