"""会议 — three meetings and one lesson, theme day: entered once, attendance bound to the roster of that day."""
