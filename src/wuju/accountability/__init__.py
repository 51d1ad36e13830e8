"""责任聚焦 — project five: inspections, bulletins, assessment and consequences."""
