"""人员 — members as a minimal mirror of the national register, and which organization each belonged to, by date.

Never a second registry: the smallest set of fields, identifiers encrypted and found through a
keyed blind index, lists masked, a reveal stated and recorded.
"""
