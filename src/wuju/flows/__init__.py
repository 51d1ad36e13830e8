"""串联 — the only place that knows two wings: use cases that cross them."""
