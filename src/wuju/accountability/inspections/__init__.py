"""督查 — planned visits that raise findings."""
