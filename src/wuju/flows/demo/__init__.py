"""The Anding demo: real places, plainly fictitious people, one year of records. Deterministic by seed and day.

Invented faults sit only in the fictitious 示例镇 and its 试验村; real places carry neutral records.
Everything lands through the bulk actions that imports use.
"""
