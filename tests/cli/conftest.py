"""The judged district of the standings, for commands that report it."""

from tests.standings.conftest import judged

__all__ = ["judged"]
