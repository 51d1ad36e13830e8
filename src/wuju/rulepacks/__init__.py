"""规则包 — what regulations ask, as data: packs are read, checked and compared here.

Pure: `schema, reading, loader, catalog, limits, linter, checks_*, diff, cases`. Installed
versions live in the database beside them.
"""
