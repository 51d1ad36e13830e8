"""组织 — Party organizations and areas, their parents by date, committees and terms; the tree every scope hangs on.

An organization keeps its current path for access; its parents with dates (`Parentage`) and
its profile with dates (`Profile`) answer questions about the past. External codes are
stored as (scheme, edition, code): the two official code books of this district disagree on
eleven of its twenty-two townships, so a code alone never identifies a place.
"""
