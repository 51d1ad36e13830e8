"""Query budgets kept as data: `tests/query_counts.json`, rewritten on request."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

FILE = Path(__file__).with_name("query_counts.json")


@contextmanager
def query_budget(name: str) -> Iterator[None]:
    """Hold the block to the number of queries recorded under `name`.

    Record afresh with `UPDATE_QUERY_COUNTS=1 pytest -n0`; the diff is then part of the review.
    """
    with CaptureQueriesContext(connection) as spent:
        yield
    budgets = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        budgets[name] = len(spent)
        FILE.write_text(json.dumps(budgets, indent=2, sort_keys=True) + "\n", "utf-8")
    listing = "\n".join(query["sql"][:200] for query in spent.captured_queries)
    assert len(spent) == budgets.get(name), f"{name}: {len(spent)} queries\n{listing}"
