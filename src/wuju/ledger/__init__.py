"""留痕 — the append-only, hash-chained ledger of who did what, on whose authority.

`record` is called inside every action. Events are sealed into a chain in order: at once on
SQLite, by whoever holds the advisory lock after commit on PostgreSQL. `verify` recomputes
the chain, the row images and, on request, the live rows, and names what differs. It plainly
cannot see a truncated tail without a witness: keep the head printed on each bulletin.
"""
