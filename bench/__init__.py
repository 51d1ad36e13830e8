"""Measuring: `make bench`, or `python bench/run.py --only pages`. See docs/performance.md."""
