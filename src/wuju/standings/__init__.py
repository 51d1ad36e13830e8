"""履职 — who owes what, by when, met or not: live, frozen, explained."""
