"""Only the level above exempts or grades, never who applied; what stands above the county is on paper."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import NOW, TODAY, District
from tests.standings.test_live_standings import status
from wuju.engine.items import Status
from wuju.kit.actors import Actor, NotGranted, OutsideScope
from wuju.kit.errors import DomainError
from wuju.ledger.models import Event
from wuju.ledger.queries import verify_records
from wuju.org.models import Organization
from wuju.standings import actions
from wuju.standings.models import Attestation, Waiver
from wuju.standings.sources import WHOLE

ITEM = "meetings.members_meeting"


def asked(
    organization: Organization, *, by: str = "李辰", unit: Organization | None = None, **more: Any
) -> actions.WaiverDraft:
    values: dict[str, Any] = {
        "item": ITEM,
        "from_on": dt.date(2026, 7, 1),
        "until_on": dt.date(2026, 10, 1),
        "reason": "防汛抢险",
        "document": "试组发〔2026〕9号",
    }
    return actions.WaiverDraft(
        organization=organization,
        applicant=by,
        applicant_unit=unit or organization,
        **(values | more),
    )


def waive(organization: Organization, actor: Actor, **more: Any) -> Waiver:
    return actions.waive(draft=asked(organization, **more), actor=actor, at=NOW)


def attest(organization: Organization, actor: Actor, **more: object) -> Attestation:
    values: dict[str, object] = {
        "organization": organization,
        "item": "branches.result_attested",
        "grade": 3,
        "graded_on": TODAY,
        "panel": ["赵甲", "钱乙"],
        "document": "试组发〔2026〕12号",
        "actor": actor,
        "at": NOW,
    }
    return actions.attest(**(values | more))  # type: ignore[arg-type]


def of(actor: Actor, unit: Organization, name: str = "区委甲") -> Actor:
    """The county's officer as somebody of another unit: the grant is the same, the place is not."""
    return replace(actor, unit_path=unit.path, name=name)


def nothing_is_left() -> bool:
    events = Event.objects.filter(action__in=["waiver.approved", "work.attested"])
    return not (Waiver.objects.exists() or Attestation.objects.exists() or events.exists())


def test_the_record_names_who_applied_who_approved_and_on_what(judged: District) -> None:
    made = waive(judged.east_branch, judged.officer, unit=judged.east)

    assert (made.applicant, made.applicant_unit) == ("李辰", judged.east)
    assert (made.approver, made.recorded_by, made.authority) == ("区委甲", "区委甲", "")
    assert Event.objects.get(action="waiver.approved").details["applicant_unit"] == "SD-E"
    assert verify_records(scope=WHOLE) == []


@pytest.mark.parametrize("unit", ["east", "east_branch", "west"])
def test_a_unit_below_or_beside_or_itself_approves_nothing_for_a_township(
    unit: str, judged: District
) -> None:
    actor = of(judged.officer, getattr(judged, unit))

    for decide in (waive, attest):
        with pytest.raises(actions.NotAbove, match=r"请由.*的同志办理"):
            decide(judged.east, actor)
    assert nothing_is_left()

    waive(judged.east, judged.officer)  # a department of the county speaks for the county
    attest(judged.east, of(judged.officer, judged.county))


def test_a_township_stands_above_its_branches(judged: District) -> None:
    made = waive(judged.east_branch, of(judged.officer, judged.east), authority=" ")

    assert (made.approver, made.authority) == ("区委甲", "")


def test_a_department_does_not_exempt_itself(judged: District) -> None:
    for decide in (waive, attest):
        with pytest.raises(actions.NotAbove):
            decide(judged.office, judged.officer)

    assert waive(judged.office, of(judged.officer, judged.county)).pk


@pytest.mark.parametrize("name", ["区委甲", "区委　甲（组织部）", "李辰、区委甲"])
def test_who_applied_does_not_approve(name: str, judged: District) -> None:
    with pytest.raises(actions.ApplicantCannotApprove):
        waive(judged.east_branch, judged.officer, by=name, unit=judged.east)

    assert nothing_is_left()


def test_nor_through_a_clerk(judged: District) -> None:
    clerk = replace(judged.officer, name="代录庚", on_behalf_of="李辰")

    with pytest.raises(actions.ApplicantCannotApprove):
        waive(judged.east_branch, clerk)


def test_nor_does_the_unit_that_applied(judged: District) -> None:
    with pytest.raises(actions.ApplicantCannotApprove):
        waive(judged.east_branch, of(judged.officer, judged.east), unit=judged.east)


def test_somebody_of_the_unit_or_above_applies(judged: District) -> None:
    with pytest.raises(actions.ApplicantNeeded):
        waive(judged.east_branch, judged.officer, by="　")
    for unit in (judged.west, judged.east_small):
        with pytest.raises(actions.ApplicantOfAnotherUnit, match="东川一村"):
            waive(judged.east_branch, judged.officer, unit=unit)
    with pytest.raises(actions.ApplicantOfAnotherUnit):
        waive(judged.east, judged.officer, unit=judged.east_branch)
    assert nothing_is_left()


def test_the_countys_own_waiver_is_the_level_aboves_on_paper(judged: District) -> None:
    with pytest.raises(actions.AuthorityNeeded, match="上一级党委"):
        waive(judged.county, judged.officer, unit=judged.office)
    assert nothing_is_left()

    made = waive(judged.county, judged.officer, unit=judged.office, authority="中共试点市委组织部")

    assert (made.authority, made.approver) == ("中共试点市委组织部", "")
    assert (made.recorded_by, made.applicant) == ("区委甲", "李辰")
    assert made.document == "试组发〔2026〕9号"


def test_its_recorder_is_not_the_applicant(judged: District) -> None:
    with pytest.raises(actions.ApplicantCannotApprove):
        waive(judged.county, judged.officer, by="区委甲", unit=judged.office, authority="市委")

    assert nothing_is_left()


def test_the_countys_grade_too_is_the_level_aboves(judged: District) -> None:
    with pytest.raises(actions.AuthorityNeeded):
        attest(judged.county, judged.officer)

    made = attest(judged.county, judged.officer, authority="中共试点市委")
    assert (made.authority, made.recorded_by) == ("中共试点市委", "区委甲")


def test_no_paper_replaces_a_level_that_is_here(judged: District) -> None:
    for decide in (waive, attest):
        with pytest.raises(actions.AuthorityIsHere, match="就在本系统"):
            decide(judged.east, judged.officer, authority="中共试点市委")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"until_on": dt.date(2026, 7, 1)}, actions.WaiverMustLast),
        ({"document": " "}, actions.DocumentNeeded),
        ({"item": "meetings.none"}, actions.UnknownItem),
    ],
)
def test_days_document_and_item_are_right(
    wrong: dict[str, Any], refusal: type[DomainError], judged: District
) -> None:
    with pytest.raises(refusal):
        waive(judged.east_branch, judged.officer, **wrong)

    assert nothing_is_left()


@pytest.mark.parametrize("panel", [[], [""], ["赵甲", "赵甲 "]])
def test_named_people_grade(panel: list[str], judged: District) -> None:
    with pytest.raises(actions.NobodyGraded):
        attest(judged.east_branch, judged.officer, panel=panel)
    with pytest.raises(actions.DocumentNeeded):
        attest(judged.east_branch, judged.officer, document="")
    assert nothing_is_left()


def test_a_role_and_a_scope_are_needed(judged: District) -> None:
    for decide in (waive, attest):
        with pytest.raises(NotGranted):
            decide(judged.east_branch, judged.east_officer)
        with pytest.raises(OutsideScope):
            decide(judged.west_branch, replace(judged.officer, scope=judged.east_officer.scope))


def test_a_batch_is_checked_cell_by_cell_and_lands_whole_or_not_at_all(judged: District) -> None:
    good = [asked(branch, unit=judged.east) for branch in (judged.east_branch, judged.east_small)]
    bad = [
        asked(judged.west_branch, unit=judged.east),
        asked(judged.county),
        asked(judged.east_small, item="x.y"),
    ]
    for one in bad:
        named = f"{one.organization.short_name}“{one.item}”没有通过"
        with pytest.raises(actions.CellRefused, match=re.escape(named)):
            actions.waive_each(drafts=[*good, one], actor=judged.officer, at=NOW)
        assert nothing_is_left()

    made = actions.waive_each(drafts=good, actor=judged.officer, at=NOW)

    assert [one.organization for one in made] == [judged.east_branch, judged.east_small]
    assert all(status(one.organization, ITEM, "2026Q3") is Status.EXEMPT for one in made)
