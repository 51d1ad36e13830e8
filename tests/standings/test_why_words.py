"""A row behind a number is put into words, or goes by the title of its fact; never as somebody else's."""

import datetime as dt

import pytest

from tests.conftest import District
from tests.standings.test_live_standings import hold
from wuju.kit.periods import Period
from wuju.standings.why import why


def titles(town: District) -> list[str]:
    found = why(
        scope=town.officer.scope,
        organization_id=town.east_branch.pk,
        item="meetings.members_meeting",
        period=Period.parse("2026Q3"),
    )
    return [row.title for row in found.counted.rows]


def test_a_row_is_put_into_words(judged: District) -> None:
    hold(judged.east_branch, "members_meeting", dt.date(2026, 8, 16))

    assert titles(judged) == ["2026-08-16 支部党员大会，应到 3，实到 3"]


def test_a_row_of_a_fact_without_words_goes_by_its_title(
    judged: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(judged.east_branch, "members_meeting", dt.date(2026, 8, 16))
    monkeypatch.setattr("wuju.standings.why.describers", {})

    assert titles(judged) == ["会议与组织生活"]
