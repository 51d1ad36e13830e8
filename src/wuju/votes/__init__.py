"""表决 — who may vote, how many must come, how many must agree; each rule names its base."""
