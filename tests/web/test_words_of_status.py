"""A status is a shape and a word, and all eight have both."""

import pytest
from django.template.loader import render_to_string

from wuju.engine.items import Status
from wuju.web.templatetags import wuju as tags

WORDS = {
    "not_applicable": "不适用",
    "exempt": "免除",
    "unverified": "未核实",
    "met": "已完成",
    "open": "进行中",
    "due_soon": "将到期",
    "overdue": "期满待录",
    "missed": "未达到",
}


def test_every_status_has_its_word() -> None:
    assert {code: word for code, (_, word) in tags.STATUSES.items()} == WORDS
    assert set(WORDS) == {status.code for status in Status}


@pytest.mark.parametrize("status", list(Status))
def test_status_shows_shape_and_word(status: Status) -> None:
    html = tags.status(status)

    assert WORDS[status.code] in html
    assert 'href="#s-' in html


@pytest.mark.parametrize(
    "suffix",
    sorted(
        {suffix for suffix, _ in tags.STATUSES.values()}
        | {*tags.NOTICES.values(), *tags.STEPS.values()}
    ),
)
def test_every_shape_is_in_the_sprite(suffix: str) -> None:
    assert f'id="s-{suffix}"' in render_to_string("components/sprite.html")


def test_a_deadline_may_say_overdue() -> None:
    assert "逾期" in tags.status("overdue", "逾期")
    assert "期满待录" not in tags.status("overdue", "逾期")


def test_a_word_cannot_smuggle_markup() -> None:
    assert "<b>" not in tags.status("met", "<b>")
