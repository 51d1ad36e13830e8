"""闭环 — one machine for findings: notice, measures, evidence, verification, closure, revisit."""
