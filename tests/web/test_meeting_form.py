"""Recording a meeting: five fields, the roll of its day, refusals beside their fields."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import District, add_members
from tests.web.conftest import SignIn
from wuju.guidance.meetings.models import AttendanceException, Meeting
from wuju.ledger.models import Event

DAY = dt.date(2026, 1, 15)  # before any day these tests run on


@pytest.fixture
def members(town: District) -> list[int]:
    return add_members(town.east_branch, 8, exempt=2)


@pytest.fixture
def secretary(town: District, members: list[int], signed_in: SignIn) -> Client:
    return signed_in("secretary", town.east_branch)


def typed(town: District, **more: object) -> dict[str, object]:
    """Return what a browser sends; name what matters to the test."""
    return {
        "organization": town.east_branch.pk,
        "kind": "theme_day",
        "held_on": DAY.isoformat(),
        "topic": "学习党支部工作条例",
        "chair": "东一戊",
        "save": "",
    } | more


def refusals(html: str) -> list[str]:
    return re.findall(r'<p class="refusal"[^>]*>.*?<span>(.*?)</span>', html, re.DOTALL)


# ------------------------------------------------------------------ the empty form


def test_a_secretary_starts_with_their_own_branch_today_and_themselves(
    secretary: Client, town: District
) -> None:
    html = secretary.get("/meetings/new/?kind=theme_day").content.decode()

    assert "<h1>记录主题党日</h1>" in html
    assert f'name="organization" value="{town.east_branch.pk}"' in html
    assert re.search(r'name="chair" value="党员\d+"', html)
    assert re.search(r'name="held_on" value="\d{4}-\d{2}-\d{2}"', html)


def test_at_most_five_fields_are_typed(secretary: Client) -> None:
    html = secretary.get("/meetings/new/?kind=theme_day").content.decode()
    form = html.partition('id="meeting-form"')[2].partition('<details class="more"')[0]

    shown = set(re.findall(r'name="(\w+)"', re.sub(r"<input[^>]*hidden[^>]*>", "", form)))
    always = {"kind", "held_on", "topic", "chair", "excused_ids", "absent_ids", "came_ids"}
    optional = {"hours", "note"}
    assert shown - {"reload"} == always | optional


def test_everybody_on_the_roll_can_be_marked_away(secretary: Client, members: list[int]) -> None:
    html = secretary.get("/meetings/new/?kind=theme_day").content.decode()

    assert "应到 6 人" in html
    excusable = {int(pk) for pk in re.findall(r'name="excused_ids" value="(\d+)"', html)}
    assert excusable == set(members[2:])
    came = {int(pk) for pk in re.findall(r'name="came_ids" value="(\d+)"', html)}
    assert came == set(members[:2])


@pytest.mark.parametrize("kind", ["committee_meeting", "group_meeting"])
def test_committees_and_groups_are_asked_for_numbers(secretary: Client, kind: str) -> None:
    html = secretary.get(f"/meetings/new/?kind={kind}").content.decode()

    assert 'name="due"' in html
    assert "excused_ids" not in html


def test_only_a_lecture_asks_who_taught(secretary: Client) -> None:
    assert 'name="lecturer"' in secretary.get("/meetings/new/?kind=party_lecture").content.decode()
    assert 'name="lecturer"' not in secretary.get("/meetings/new/?kind=theme_day").content.decode()


def test_an_officer_of_many_branches_chooses_first(signed_in: SignIn, town: District) -> None:
    client = signed_in("township_officer", town.east)

    html = client.get("/meetings/new/?kind=members_meeting").content.decode()

    assert "是哪个组织开的会" in html
    link = f"/meetings/new/?kind=members_meeting&amp;org={town.east_branch.pk}"
    assert link in html
    assert "西川一村" not in html
    assert "记录支部党员大会" in client.get(link.replace("&amp;", "&")).content.decode()


def test_a_chooser_finds_by_name_within_the_scope(signed_in: SignIn, town: District) -> None:
    client = signed_in("township_officer", town.east)

    assert "东川二村党支部" in client.get("/meetings/new/?q=二村").content.decode()
    assert "没有名称含“西川”的组织" in client.get("/meetings/new/?q=西川").content.decode()


# ------------------------------------------------------------------ saving


def test_a_saved_meeting_is_counted_by_exception(
    secretary: Client, town: District, members: list[int]
) -> None:
    answer = secretary.post(
        "/meetings/new/",
        typed(town, excused_ids=[members[3]], absent_ids=[members[4]], hours="1.5", note="修路"),
    )

    meeting = Meeting.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/meetings/{meeting.pk}/?saved=1")
    assert (meeting.due, meeting.present, meeting.excused) == (6, 4, 1)
    assert (meeting.hours_tenths, meeting.note, meeting.late) == (15, "修路", True)
    assert AttendanceException.objects.count() == 2


def test_an_exempt_member_who_came_is_counted(
    secretary: Client, town: District, members: list[int]
) -> None:
    secretary.post("/meetings/new/", typed(town, came_ids=[members[0]]))

    meeting = Meeting.objects.get()
    assert (meeting.due, meeting.present) == (7, 7)


def test_numbers_alone_name_nobody(secretary: Client, town: District) -> None:
    secretary.post(
        "/meetings/new/",
        typed(town, kind="group_meeting", due="9", present="7", excused="1"),
    )

    meeting = Meeting.objects.get()
    assert (meeting.attendance, meeting.due, meeting.present) == ("counts", 9, 7)
    assert meeting.roster is None


def test_a_meeting_to_come_is_kept_as_a_plan(secretary: Client, town: District) -> None:
    soon = timezone.localdate() + dt.timedelta(days=3)

    answer = secretary.post(
        "/meetings/new/",
        {k: v for k, v in typed(town, held_on=soon.isoformat()).items() if k != "save"}
        | {"plan": ""},
    )

    assert answer.status_code == 303
    assert Meeting.objects.get().status == "planned"


# ------------------------------------------------------------------ the list follows the day


def test_another_day_brings_its_own_list_and_keeps_what_was_typed(
    secretary: Client, town: District, members: list[int]
) -> None:
    later = add_members(town.east_branch, 1, from_on=dt.date(2026, 1, 10))

    html = secretary.post(
        "/meetings/new/",
        typed(town, held_on="2026-01-05", excused_ids=[members[3]], reload="list"),
    ).content.decode()

    assert f'value="{later[0]}"' not in html
    assert f'value="{members[3]}" checked' in html
    assert 'value="学习党支部工作条例"' in html
    assert "还没有保存" not in html
    assert not Meeting.objects.exists()


def test_who_only_knows_numbers_can_say_so(secretary: Client, town: District) -> None:
    html = secretary.post("/meetings/new/", typed(town, reload="counts")).content.decode()

    assert 'name="due"' in html
    assert 'name="attendance" value="counts"' in html


def test_a_day_without_a_roster_asks_for_numbers(signed_in: SignIn, town: District) -> None:
    client = signed_in("secretary", town.east_small)

    html = client.get("/meetings/new/?kind=theme_day").content.decode()

    assert 'name="due"' in html
    assert "没有登记党员名册" in html


# ------------------------------------------------------------------ refusals


def test_an_empty_form_says_what_is_missing(secretary: Client, town: District) -> None:
    answer = secretary.post("/meetings/new/", typed(town, topic="", held_on="明天"))

    html = answer.content.decode()
    assert answer.status_code == 422
    assert refusals(html) == ["请按 2026-10-15 这样的格式填写日期。", "请填写主题。"]
    assert 'value="东一戊"' in html


def test_a_day_to_come_is_refused_beside_the_date(secretary: Client, town: District) -> None:
    soon = (timezone.localdate() + dt.timedelta(days=3)).isoformat()

    answer = secretary.post("/meetings/new/", typed(town, held_on=soon))

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "会议日期在今天之后" in refusals(html)[0]
    assert f'value="{soon}"' in html
    assert not Meeting.objects.exists()
    assert not Event.objects.filter(action__startswith="meeting.").exists()


def test_the_same_meeting_twice_is_refused_with_a_link_to_it(
    secretary: Client, town: District
) -> None:
    secretary.post("/meetings/new/", typed(town))
    (first,) = Meeting.objects.all()

    answer = secretary.post("/meetings/new/", typed(town, topic="又一次"))

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "已经登记过" in refusals(html)[0]
    assert f'href="/meetings/{first.pk}/"' in html
    assert 'value="又一次"' in html
    assert Meeting.objects.count() == 1


def test_someone_of_another_day_is_refused_beside_the_list(
    secretary: Client, town: District
) -> None:
    (later,) = add_members(town.east_branch, 1, from_on=dt.date(2026, 2, 1))

    answer = secretary.post("/meetings/new/", typed(town, excused_ids=[later]))

    assert answer.status_code == 409
    assert "不在会议当日的党员名册中" in refusals(answer.content.decode())[0]


def test_hours_are_numbers(secretary: Client, town: District) -> None:
    answer = secretary.post("/meetings/new/", typed(town, hours="半天"))

    assert answer.status_code == 422
    assert "学时请填数字" in refusals(answer.content.decode())[0]


def test_another_branch_is_out_of_reach(secretary: Client, town: District) -> None:
    away = typed(town, organization=town.west_branch.pk)

    assert secretary.get(f"/meetings/new/?org={town.west_branch.pk}").status_code == 409
    assert secretary.post("/meetings/new/", away).status_code == 409
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("role", ["inspector", "auditor", "system_admin"])
def test_who_may_not_record_gets_no_form(signed_in: SignIn, town: District, role: str) -> None:
    client = signed_in(role, town.county)

    assert client.get(f"/meetings/new/?org={town.east_branch.pk}").status_code == 409
    assert client.post("/meetings/new/", typed(town)).status_code == 409
    assert not Meeting.objects.exists()


# ------------------------------------------------------------------ the page, corrections


@pytest.fixture
def saved(secretary: Client, town: District, members: list[int]) -> Meeting:
    secretary.post(
        "/meetings/new/", typed(town, excused_ids=[members[3]], topics=["oath_renewal"])
    )
    return Meeting.objects.get()


def corrected(saved: Meeting, town: District, **more: object) -> dict[str, object]:
    return typed(town, version=saved.version, attendance="named") | more


def test_the_page_names_who_was_away_to_those_who_keep_the_record(
    secretary: Client, saved: Meeting
) -> None:
    html = secretary.get(f"/meetings/{saved.pk}/").content.decode()

    assert "应到 6 人，实到 5 人，请假 1 人" in html
    assert re.search(r"请假：党员\d+", html)
    assert "补录" in html
    assert "重温入党誓词" in html


def test_an_inspector_sees_numbers_and_no_names(
    saved: Meeting, signed_in: SignIn, town: District
) -> None:
    html = signed_in("inspector", town.county).get(f"/meetings/{saved.pk}/").content.decode()

    assert "应到 6 人" in html
    assert "请假：" not in html
    assert "改正" not in html


@pytest.mark.parametrize("role", ["township_officer", "system_admin", "auditor"])
def test_a_meeting_outside_the_scope_cannot_be_seen(
    saved: Meeting, signed_in: SignIn, town: District, role: str
) -> None:
    client = signed_in(role, town.west)

    answer = client.get(f"/meetings/{saved.pk}/")

    assert answer.status_code == 409
    assert "学习党支部工作条例" not in answer.content.decode()


def test_a_correction_starts_from_what_is_on_record(
    secretary: Client, saved: Meeting, members: list[int]
) -> None:
    html = secretary.get(f"/meetings/{saved.pk}/edit/").content.decode()

    assert "<h1>改正主题党日</h1>" in html
    assert f'value="{members[3]}" checked' in html
    assert f'value="{DAY.isoformat()}"' in html
    assert re.search(r'value="oath_renewal"[^>]*checked', html)


def test_a_correction_is_saved(secretary: Client, saved: Meeting, town: District) -> None:
    answer = secretary.post(
        f"/meetings/{saved.pk}/edit/", corrected(saved, town, topic="改过的主题")
    )

    saved.refresh_from_db()
    assert answer.status_code == 303
    assert (saved.topic, saved.version, saved.present) == ("改过的主题", 2, 6)


def test_when_somebody_was_faster_the_person_chooses_field_by_field(
    secretary: Client, saved: Meeting, town: District
) -> None:
    mine = corrected(saved, town, topic="我的主题", chair="我的主持人")
    secretary.post(f"/meetings/{saved.pk}/edit/", corrected(saved, town, topic="先改的主题"))

    answer = secretary.post(f"/meetings/{saved.pk}/edit/", mine)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "我填的：我的主题" in html
    assert "现在的：先改的主题" in html
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert fields["version"] == "2"
    fields.pop("csrfmiddlewaretoken", None)

    chosen = fields | {"pick.topic": "theirs", "pick.chair": "yours"}
    assert secretary.post(f"/meetings/{saved.pk}/edit/", chosen).status_code == 303
    saved.refresh_from_db()
    assert (saved.topic, saved.chair, saved.version) == ("先改的主题", "我的主持人", 3)


def test_a_stale_choice_is_shown_again(secretary: Client, saved: Meeting, town: District) -> None:
    mine = corrected(saved, town, topic="我的主题")
    for topic in ("先改的主题", "再改的主题"):
        saved.refresh_from_db()
        secretary.post(f"/meetings/{saved.pk}/edit/", corrected(saved, town, topic=topic))

    answer = secretary.post(f"/meetings/{saved.pk}/edit/", mine | {"version": 2})

    assert answer.status_code == 409
    assert "再改的主题" in answer.content.decode()


def test_a_meeting_is_cancelled_with_a_reason(secretary: Client, saved: Meeting) -> None:
    address = f"/meetings/{saved.pk}/cancel/"

    assert secretary.post(address, {"version": 1, "reason": ""}).status_code == 409
    saved.refresh_from_db()
    assert saved.status == "held"

    assert secretary.post(address, {"version": 1, "reason": "重复登记"}).status_code == 303
    saved.refresh_from_db()
    assert saved.status == "cancelled"
    html = secretary.get(f"/meetings/{saved.pk}/").content.decode()
    assert "已取消" in html
    assert "取消这次会议" not in html


def test_an_inspector_cannot_cancel(saved: Meeting, signed_in: SignIn, town: District) -> None:
    client = signed_in("inspector", town.county)

    answer = client.post(f"/meetings/{saved.pk}/cancel/", {"version": 1, "reason": "不需要"})

    saved.refresh_from_db()
    assert (answer.status_code, saved.status) == (409, "held")
