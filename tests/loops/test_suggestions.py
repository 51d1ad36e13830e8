"""投诉建议: anybody hands one in, nothing says who, a named officer answers, everybody sees how long it takes."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from tests.conftest import NOW, TODAY, District
from wuju.kit.actors import NotGranted, OrgScope, OutsideScope
from wuju.kit.errors import DomainError
from wuju.ledger import queries as ledger
from wuju.ledger.images import unpack
from wuju.ledger.models import Event, ImageChunk
from wuju.loops.actions import suggesting as actions
from wuju.loops.models import Suggestion
from wuju.loops.queries import suggestions as queries

CODE = "ABCD-EFGH-JKLM"
SCOPE = OrgScope()
DRAFT = actions.SuggestionDraft("burden", "月报表和季报表要的是同样的数。", "13900000000")


def handed_in(draft: actions.SuggestionDraft = DRAFT, at: dt.datetime = NOW) -> Suggestion:
    return actions.receive_suggestion(draft=draft, code=CODE, actor=actions.ANYBODY, at=at)


def answered(row: Suggestion, town: District, **given: object) -> Suggestion:
    return actions.answer_suggestion(
        **{
            "suggestion_id": row.pk,
            "answer": "从下季度起只报一次。",
            "version": row.version,
            "actor": town.officer,
            "at": NOW,
        }
        | given  # type: ignore[arg-type]
    )


def test_numbers_run_by_year_and_the_contact_is_sealed(town: District) -> None:
    first, second = handed_in(), handed_in()

    assert [first.number, second.number] == [f"TS{TODAY.year}-0001", f"TS{TODAY.year}-0002"]
    assert "139" not in first.contact_cipher
    found = queries.suggestion(scope=SCOPE, suggestion_id=first.pk, today=TODAY)
    assert (found.contact, found.kind) == ("13900000000", "反映负担过重")


def test_the_ledger_knows_of_it_but_not_what_it_says_nor_who(town: District) -> None:
    row = handed_in()
    event = Event.objects.get(action="suggestion.received")
    kept = json.dumps([unpack(chunk.payload) for chunk in ImageChunk.objects.filter(event=event)])

    assert event.actor_user_id is None
    assert "月报表" not in kept
    assert "13900000000" not in kept
    assert row.code_index not in CODE
    assert ledger.verify_records(scope=OrgScope.whole(because="the test looks at all")) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": "  "}, "请写明内容"),
        ({"text": "长" * 1001}, "最多1000个字"),
        ({"kind": "praise"}, "请从列出的种类"),
        ({"contact": "1" * 61}, "联系方式最多60个字"),
        ({"text": "机密★ 某文件"}, "。"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(
    town: District, change: dict[str, str], says: str
) -> None:
    draft = actions.SuggestionDraft(**{"kind": "burden", "text": "内容", "contact": ""} | change)

    with pytest.raises(DomainError, match=says):
        handed_in(draft)
    assert not Suggestion.objects.exists()
    assert not Event.objects.filter(action="suggestion.received").exists()


@pytest.mark.parametrize("code", [CODE, "abcdefghjklm", " abcd efgh-jklm "])
def test_number_and_code_open_the_answer_however_typed(town: District, code: str) -> None:
    row = handed_in()
    answered(row, town)

    found = queries.followed(scope=SCOPE, number=row.number.lower(), code=code, today=TODAY)

    assert found is not None
    assert found.answer == "从下季度起只报一次。"
    assert found.contact == ""


def test_a_wrong_code_or_number_opens_nothing(town: District) -> None:
    row = handed_in()

    for number, code in ((row.number, "ABCD-EFGH-JKLN"), ("TS2026-0099", CODE), (row.number, "")):
        assert queries.followed(scope=SCOPE, number=number, code=code, today=TODAY) is None


def test_an_answer_bears_name_and_unit_and_may_be_bettered_but_not_overwritten(
    town: District,
) -> None:
    row = handed_in()
    first = answered(row, town)

    assert (first.answered_on, first.answered_by) == (TODAY, town.officer.name)
    assert first.answered_by_unit == town.office.name
    with pytest.raises(actions.AnsweredMeanwhile):
        answered(row, town, version=1)
    later = answered(row, town, version=2, answer="已经改好。", at=NOW + dt.timedelta(days=9))
    assert (later.answer, later.answered_on) == ("已经改好。", TODAY)
    assert Event.objects.filter(action="suggestion.answered").count() == 2


@pytest.mark.parametrize("answer", ["", "  ", "长" * 2001])
def test_an_empty_or_endless_answer_is_refused(town: District, answer: str) -> None:
    with pytest.raises(actions.NotWrittenRight, match="请写明答复内容"):
        answered(handed_in(), town, answer=answer)


def test_only_those_who_may_answer_do(town: District) -> None:
    row = handed_in()

    for actor in (town.east_officer, town.east_secretary, town.inspector, town.auditor):
        with pytest.raises(NotGranted):
            answered(row, town, actor=actor)
    of_a_part = replace(town.officer, scope=town.east_officer.scope)
    with pytest.raises(OutsideScope):
        answered(row, town, actor=of_a_part)
    with pytest.raises(actions.NoSuchSuggestion):
        answered(row, town, suggestion_id=row.pk + 1)


def test_everybody_sees_how_long_answers_take(town: District) -> None:
    assert queries.pace(scope=SCOPE, today=TODAY) == queries.Pace(0, 0, None)
    monday = dt.datetime(2026, 11, 16, 9, tzinfo=NOW.tzinfo)
    row = handed_in(at=monday)
    handed_in(at=monday)
    answered(row, town, at=monday + dt.timedelta(days=3))

    pace = queries.pace(scope=SCOPE, today=dt.date(2026, 11, 24))

    assert pace == queries.Pace(received=2, answered=1, days=3)
    assert queries.waiting(scope=SCOPE, today=dt.date(2026, 11, 24))[0].waited == 6
