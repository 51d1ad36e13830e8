"""界面 — HTML for people: translate a request into one domain call, and its rows into a page."""
