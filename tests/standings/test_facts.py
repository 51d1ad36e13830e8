"""Facts: the catalogue and the sources agree, no personal value is a fact, every writer touches."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.apps import apps

from tests.conftest import NOW, SYSTEM, TODAY, District, add_members
from wuju.kit import action as kit_action
from wuju.kit.action import Touched
from wuju.kit.facts import fact_sources
from wuju.org import actions as org
from wuju.org.models import Seat, Term, TermReminder
from wuju.people import actions as people
from wuju.rulepacks.catalog import catalog
from wuju.standings import actions as standings

START = dt.date(2026, 1, 5)


def test_every_fact_of_the_catalogue_has_a_source_or_is_said_to_be_awaited() -> None:
    """A capability that publishes a fact deletes `awaited: true` in packs/catalog.yaml."""
    awaited = {name for name, spec in catalog().items() if spec.awaited}

    assert set(fact_sources) | awaited == set(catalog())
    assert set(fact_sources) & awaited == set()


@pytest.mark.parametrize("fact", sorted(fact_sources))
def test_a_source_yields_columns_of_the_catalogue_in_their_order(fact: str, db: None) -> None:
    spec, source = catalog()[fact], fact_sources[fact]

    assert set(source.columns) <= set(spec.all_columns)
    assert source.columns[:2] == (spec.key, spec.org)
    assert source.columns[2] in {spec.date, *(spec.valid or ())}
    list(source.rows()[:1])  # the columns exist


@pytest.mark.parametrize("fact", sorted(fact_sources))
def test_no_personal_value_is_a_fact(fact: str, db: None) -> None:
    """Names, numbers and encrypted identifiers never leave the tables they are in."""
    personal = {
        name
        for label in fact_sources[fact].models
        for name in getattr(apps.get_model(label), "PERSONAL", ())
    } | {"name", "id_cipher", "id_index", "phone_cipher", "holder"}
    selected = str(fact_sources[fact].rows().query)

    assert [
        name for name in personal if f'"{name}"' in selected.split("FROM", maxsplit=1)[0]
    ] == []


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> list[Touched]:
    seen: list[Touched] = []
    monkeypatch.setattr(kit_action, "refreshers", [lambda what, _: seen.append(what)])
    return seen


def term(town: District) -> Term:
    rows = [
        Term(
            organization=town.east_branch,
            started_on=START,
            expires_on=START.replace(year=2029),
            years=3,
        )
    ]
    org.land_terms(terms=rows, actor=SYSTEM, at=NOW)
    return rows[0]


def seat(town: District) -> None:
    org.land_seats(
        seats=[
            Seat(
                organization=town.east_branch,
                body="party_committee",
                post="secretary",
                holder="赵甲",
                from_on=START,
            )
        ],
        actor=SYSTEM,
        at=NOW,
    )


def test_terms_and_seats_touch(town: District, touched: list[Touched]) -> None:
    made = term(town)
    assert touched[-1].orgs == {"term": {town.east_branch.pk}, "term_reminder": {town.east.pk}}
    org.record_election(term_id=made.pk, elected_on=TODAY, reported_on=None, actor=SYSTEM, at=NOW)
    assert touched[-1].orgs == {"term": {town.east_branch.pk}}
    org.send_reminders(
        reminder_ids=[TermReminder.objects.get().pk], sent_on=TODAY, actor=SYSTEM, at=NOW
    )
    assert touched[-1].orgs == {"term_reminder": {town.east.pk}}
    seat(town)
    assert touched[-1].orgs == {"seat": {town.east_branch.pk}}
    both = {"seat": {town.east_branch.pk}, "seat_vacancy": {town.east_branch.pk}}
    org.open_vacancy(
        organization_id=town.east_branch.pk,
        post="secretary",
        vacant_from=dt.date(2026, 6, 1),
        actor=SYSTEM,
        at=NOW,
    )
    assert touched[-1].orgs == both
    org.fill_vacancy(
        organization_id=town.east_branch.pk,
        post="secretary",
        holder="钱乙",
        on=TODAY,
        actor=SYSTEM,
        at=NOW,
    )
    assert touched[-1].orgs == both


def test_members_touch_their_old_and_new_organization(
    town: District, touched: list[Touched]
) -> None:
    [member] = add_members(town.east_branch, 1)
    assert touched[-1].orgs == {"member": {town.east_branch.pk}}
    people.change_members(
        changes=[people.MemberChange(member, {"full_on": TODAY}, {})],
        as_of=TODAY,
        actor=SYSTEM,
        at=NOW,
    )
    assert touched[-1].orgs == {"member": {town.east_branch.pk}}
    both = {"member": {town.east_branch.pk, town.west_branch.pk}}
    people.transfer_member(
        member_id=member, to_organization_id=town.west_branch.pk, on=TODAY, actor=SYSTEM, at=NOW
    )
    assert touched[-1].orgs == both
    people.move_everybody(
        from_id=town.west_branch.pk,
        to_id=town.east_branch.pk,
        on=TODAY + dt.timedelta(days=1),
        actor=SYSTEM,
        at=NOW,
    )
    assert touched[-1].orgs == both
    people.undo_members(batch="b", member_ids=[member], actor=SYSTEM, at=NOW)
    assert touched[-1].orgs == both


def test_the_tree_touches_everything(town: District, touched: list[Touched]) -> None:
    changes: list[Callable[[], object]] = [
        lambda: org.move_organization(
            organization_id=town.east_small.pk,
            parent_id=town.west.pk,
            on=TODAY,
            actor=SYSTEM,
            at=NOW,
        ),
        lambda: org.merge_organization(
            predecessor_id=town.east_small.pk,
            successor_id=town.east_branch.pk,
            on=TODAY,
            actor=SYSTEM,
            at=NOW,
        ),
        lambda: org.dissolve_organization(
            organization_id=town.west_branch.pk, on=TODAY, actor=SYSTEM, at=NOW
        ),
    ]
    for change in changes:
        change()
        assert touched[-1].whole


def test_grades_touch(judged: District, touched: list[Touched]) -> None:
    standings.attest(
        organization=judged.east_branch,
        item="branches.result_attested",
        grade=3,
        graded_on=TODAY,
        panel=["赵甲", "钱乙", "孙丙"],
        document="试组发〔2026〕12号",
        actor=judged.officer,
        at=NOW,
    )
    assert touched[-1].orgs == {"attestation": {judged.east_branch.pk}}
    with pytest.raises(Exception, match="尺度"):
        standings.attest(
            organization=judged.east_branch,
            item="branches.result_attested",
            grade=9,
            graded_on=TODAY,
            panel=["赵甲"],
            document="试组发〔2026〕13号",
            actor=judged.officer,
            at=NOW,
        )
