"""The same form sent twice is done once, and leads to the same page; another record is never lost."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from tests.conftest import NOW, District
from tests.loops import cast
from tests.web.findings_cast import client_of
from wuju.accountability.bulletins.models import Bulletin
from wuju.accountability.inspections.actions import InspectionDraft, plan_inspection
from wuju.accountability.inspections.models import Inspection, InspectionFinding
from wuju.guidance.meetings.models import Meeting
from wuju.kit.actors import Actor
from wuju.ledger.models import Event, Sending
from wuju.loops.models import Evidence, Loop, Measure, Step

KEY = re.compile(r'name="form_key" value="([^"]+)"')


@dataclass(frozen=True)
class Form:
    """A form of the pages: who opens it where, what they send where, and the table it adds to."""

    by: Actor
    page: str
    address: str
    words: dict[str, Any]
    adds: type[Model]
    other: dict[str, Any]  # what makes it another record


def a_finding(town: District) -> Form:
    words = {
        "category": "org_life", "title": "少开一次会", "fact": "二季度只有一次记录。",
        "basis": "《中国共产党支部工作条例（试行）》第十一条", "origin": "inspection",
        "nature": "by_date", "on": "2026-09-01",
    }  # fmt: skip
    new = f"/loops/new/?org={town.east_branch.code}"
    return Form(town.inspector, new, new, words, Loop, {"title": "少开两次会"})


def a_finding_of_an_inspection(town: District) -> Form:
    made = plan_inspection(
        draft=InspectionDraft(
            title="专项督查", kind="special", started_on=cast.RAISED, ended_on=cast.NOTIFIED,
            plan_number="备2026-3",
        ),
        actor=town.inspector,
        at=NOW,
    )  # fmt: skip
    form = a_finding(town)
    new = f"/inspections/{made.pk}/findings/new/?org={town.east_branch.code}"
    return Form(form.by, new, new, form.words, InspectionFinding, form.other)


def measures(town: District) -> Form:
    loop = cast.notified(town)
    words = {"measures": "补开会议", "kind": "immediate", "responsible": "责任甲"}
    page = f"/loops/{loop.pk}/"
    return Form(
        town.east_secretary, page, f"{page}measures/", words, Measure, {"measures": "建台账"}
    )


def evidence(town: District) -> Form:
    loop = cast.rectified(town)
    words = {"text": "补开了会议", "happened_on": "2026-09-22", "kind": "effect"}
    page = f"/loops/{loop.pk}/"
    return Form(
        town.east_secretary, page, f"{page}evidence/", words, Evidence, {"text": "又公示了决议"}
    )


def an_inspection(town: District) -> Form:
    words = {
        "title": "三季度专项督查", "kind": "special", "planned": "yes", "plan_number": "备2026-3",
        "started_on": "2026-09-01", "ended_on": "2026-09-05", "towns": [str(town.east.pk)],
    }  # fmt: skip
    new = "/inspections/new/"
    return Form(town.inspector, new, new, words, Inspection, {"title": "四季度专项督查"})


def a_notice(town: District) -> Form:
    first, second = cast.raised(town), cast.raised(town)
    new = f"/bulletins/notice/?finding={first.pk}"
    words = {"findings": [str(first.pk)], "title": "关于限期整改的通知"}
    return Form(town.officer, new, new, words, Bulletin, {"findings": [str(second.pk)]})


def a_circular(town: District) -> Form:
    cast.raised(town)
    words = {
        "kind": "inform", "title": "关于督查整改情况的通报", "first": "2026-07-01",
        "last": "2026-09-30", "issue": "1",
    }  # fmt: skip
    new = "/bulletins/new/"
    return Form(town.officer, new, new, words, Bulletin, {"title": "关于三季度情况的通报"})


def a_meeting(town: District) -> Form:
    words = {
        "organization": town.east_branch.pk, "kind": "theme_day", "held_on": "2026-01-15",
        "topic": "学习条例", "chair": "东一戊", "save": "", "attendance": "counts",
        "due": "3", "present": "3", "excused": "0",
    }  # fmt: skip
    new = "/meetings/new/?kind=theme_day"
    return Form(town.east_secretary, new, new, words, Meeting, {"held_on": "2026-02-12"})


FORMS = (
    a_finding, a_finding_of_an_inspection, measures, evidence, an_inspection, a_notice,
    a_circular, a_meeting,
)  # fmt: skip
each_form = pytest.mark.parametrize("furnish", FORMS, ids=lambda form: form.__name__)
type Furnish = Callable[[District], Form]


def opened(client: Client, form: Form) -> str:
    """Open the page and return the key of its form."""
    answer = client.get(form.page)
    found = KEY.search(answer.content.decode())
    assert found, form.page
    return found[1]


def rows(form: Form) -> int:
    return form.adds._default_manager.count()


@each_form
def test_the_second_click_adds_nothing_and_shows_the_first(
    town: District, furnish: Furnish
) -> None:
    form = furnish(town)
    client = client_of(form.by, town)
    words = form.words | {"form_key": opened(client, form)}

    first = client.post(form.address, words)
    after_one = (rows(form), Event.objects.count(), Step.objects.count())
    second = client.post(form.address, words)

    assert first.status_code == 303, first.content.decode()[-1500:]
    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert (rows(form), Event.objects.count(), Step.objects.count()) == after_one
    assert client.get(second["Location"]).status_code == 200


@each_form
def test_going_back_and_changing_the_words_makes_another_record(
    town: District, furnish: Furnish
) -> None:
    form = furnish(town)
    client = client_of(form.by, town)
    words = form.words | {"form_key": opened(client, form)}
    before = rows(form)

    first = client.post(form.address, words)
    second = client.post(form.address, words | form.other)

    assert (first.status_code, second.status_code) == (303, 303)
    assert rows(form) == before + 2


@each_form
def test_a_program_without_a_key_does_not_double_it_either(
    town: District, furnish: Furnish
) -> None:
    form = furnish(town)
    client = client_of(form.by, town)
    before = rows(form)

    answers = [client.post(form.address, form.words) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert rows(form) == before + 1


def test_the_same_words_in_a_fresh_form_are_another_record(town: District) -> None:
    """Two findings may be told in one sentence; a fresh form says that both are meant."""
    form = a_finding(town)
    client = client_of(form.by, town)

    for _ in range(2):
        client.post(form.address, form.words | {"form_key": opened(client, form)})

    assert Loop.objects.count() == 2


def test_the_same_form_of_two_people_is_two_records(town: District) -> None:
    form = a_finding(town)

    for by in (town.inspector, town.officer):
        answer = client_of(by, town).post(form.address, form.words)
        assert answer.status_code == 303

    assert Loop.objects.count() == 2


def test_a_refused_form_can_be_put_right_and_sent_again(town: District) -> None:
    form = a_finding(town)
    client = client_of(form.by, town)
    words = form.words | {"form_key": opened(client, form)}
    tomorrow = timezone.localdate().replace(year=timezone.localdate().year + 1)

    refused = client.post(form.address, words | {"on": tomorrow.isoformat()})
    assert refused.status_code == 409
    assert Sending.objects.count() == 0
    again = client.post(form.address, words | {"on": tomorrow.isoformat()})
    assert again.status_code == 409  # a refusal is no first time
    assert client.post(form.address, words).status_code == 303
    assert Loop.objects.count() == 1


def test_a_second_round_with_the_words_of_the_first_is_done(town: District) -> None:
    """A program without a key: sent back on the same day, handed in again in the same words."""
    loop = cast.submitted(town)
    page = f"/loops/{loop.pk}/"
    inspector, secretary = client_of(town.inspector, town), client_of(town.east_secretary, town)
    back = {"verdict": "return_evidence", "note": "还差公示", "on": timezone.localdate()}
    result = {"text": "已经公示", "happened_on": "2026-09-24", "kind": "effect"}

    for turn in (1, 2):
        assert inspector.post(f"{page}verification/", back).status_code == 303
        assert secretary.post(f"{page}evidence/", result).status_code == 303
        loop.refresh_from_db()
        assert (loop.returned, loop.state) == (turn, "evidence_submitted")


def test_a_meeting_cancelled_twice_is_cancelled_once(town: District) -> None:
    form = a_meeting(town)
    client = client_of(form.by, town)
    client.post(form.address, form.words)
    meeting = Meeting.objects.get()
    words = {"version": meeting.version, "reason": "记错了日期", "form_key": "k"}

    answers = [client.post(f"/meetings/{meeting.pk}/cancel/", words) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Event.objects.filter(action="meeting.cancelled").count() == 1


def test_every_form_that_records_carries_a_key() -> None:
    """A new template with a POST form names its key here, or says why it needs none."""
    from pathlib import Path

    import wuju.web

    without = {
        "access/account.html": "a secret cannot be shown again; a second token is listed and revoked",
        "access/account_new.html": "a name is taken once",
        "access/account_of.html": "a grant is asked for once and turns once; a password is set anew",
        "access/capacity.html": "chooses a capacity, records nothing",
        "access/login.html": "signs in",
        "access/password.html": "sets what is set already",
        "components/top.html": "signs out",
        "desk/batch.html": "a batch lands, and is answered and undone, once by its state",
        "desk/headers.html": "remembers what is remembered already",
        "desk/upload.html": "stages a file; nothing is on record before it lands, and it lands once",
        "meetings/versions.html": "sends on the key that was typed",
        "suggestions/follow.html": "reads, records nothing",
        "suggestions/suggestion.html": "an answer is given once a version",
        "trail/trail.html": "verifies, records nothing",
    }
    home = Path(wuju.web.__file__).parent / "templates"
    forms = {
        str(path.relative_to(home)): path.read_text("utf-8")
        for path in home.rglob("*.html")
        if 'method="post"' in path.read_text("utf-8")
    }

    assert {name for name, text in forms.items() if "{% form_key %}" not in text} == set(without)
