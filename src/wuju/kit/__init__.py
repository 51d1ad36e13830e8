"""工具 — domain-free building blocks; nothing in here knows what a meeting or a finding is."""
