"""装配 — settings, urls and wiring; imported by nothing."""
