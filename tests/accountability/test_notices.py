"""整改通知书 and 督办单: one document over some findings, in official form, under a number of its own."""

import io

import pytest
from docx import Document

from tests.conftest import NOW, TODAY, District
from tests.loops import cast
from wuju.accountability.bulletins import actions, queries
from wuju.accountability.bulletins.models import Bulletin
from wuju.kit.actors import NotGranted, OutsideScope
from wuju.kit.errors import DomainError
from wuju.kit.letters import TooLong
from wuju.ledger.actions import seal
from wuju.ledger.models import Event
from wuju.ledger.queries import verify_records
from wuju.loops import actions as loops
from wuju.loops.models import Loop


def notice(town: District, *found: Loop, **more: object) -> Bulletin:
    draft = actions.NoticeDraft(loop_ids=[loop.pk for loop in found], **more)  # type: ignore[arg-type]
    return actions.issue_notice(draft=draft, actor=town.officer, at=NOW)


def text_of(data: bytes) -> str:
    book = Document(io.BytesIO(data))
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in book.paragraphs), *cells])


def test_a_notice_notifies_every_finding_it_lists(town: District) -> None:
    first, second = cast.raised(town), cast.raised(town, category="disclosure")

    row = notice(town, first, second)

    assert row.number == "安组改〔2026〕1号"
    assert set(Loop.objects.values_list("state", "notified_on")) == {("notified", TODAY)}
    assert verify_records(scope=town.officer.scope) == []


def test_the_document_says_what_was_found_on_what_ground_and_by_when(town: District) -> None:
    loop = cast.raised(town)
    row = notice(town, loop)
    loop.refresh_from_db()
    assert loop.due_on is not None

    data = queries.document(scope=town.officer.scope, bulletin_id=row.pk)

    text = text_of(data)
    for wanted in (
        row.number,
        "关于限期整改有关问题的通知",
        loop.number,
        loop.fact.rstrip("。"),
        loop.basis,
        f"{loop.due_on.year}年{loop.due_on.month}月{loop.due_on.day}日",
        "东川一村党支部",
        "试点区委组织部",
        f"留痕第{row.ledger_sequence}号",
    ):
        assert wanted in text
    assert data == queries.document(scope=town.officer.scope, bulletin_id=row.pk)


def test_the_witness_is_the_ledger_as_it_stood(town: District) -> None:
    loop = cast.raised(town)
    seal()  # PostgreSQL seals after commit
    row = notice(town, loop)

    event = Event.objects.get(sequence=row.ledger_sequence)
    assert event.hash == row.ledger_hash
    assert event.action in {"finding.raised", "finding.notified"}  # the last one sealed by then


def test_a_finding_is_not_notified_twice(town: District) -> None:
    loop, fresh = cast.notified(town), cast.raised(town)
    before = (cast.trace(), Bulletin.objects.count())

    with pytest.raises(actions.NotForNotice, match=loop.number):
        notice(town, fresh, loop)
    assert (cast.trace(), Bulletin.objects.count()) == before
    assert notice(town, fresh).number == "安组改〔2026〕1号"


@pytest.mark.parametrize("how", ["nothing chosen", "unknown"])
def test_a_notice_needs_findings(town: District, how: str) -> None:
    keys = [] if how == "nothing chosen" else [999]
    with pytest.raises((actions.NothingToSay, OutsideScope)):
        actions.issue_notice(draft=actions.NoticeDraft(loop_ids=keys), actor=town.officer, at=NOW)
    assert not Bulletin.objects.exists()


def test_townships_issue_none(town: District) -> None:
    loop = cast.raised(town)
    with pytest.raises(NotGranted):
        actions.issue_notice(
            draft=actions.NoticeDraft(loop_ids=[loop.pk]), actor=town.east_officer, at=NOW
        )
    assert Loop.objects.get().state == "opened"


def test_numbers_run_by_series_and_a_refusal_uses_none(town: District) -> None:
    long = cast.raised(town, fact="会议记录缺页。" * 700)
    before = cast.trace()
    with pytest.raises(TooLong, match="超过专项文件 4000 字"):
        notice(town, long)
    assert cast.trace() == before

    assert notice(town, cast.raised(town)).number == "安组改〔2026〕1号"
    assert notice(town, cast.raised(town)).number == "安组改〔2026〕2号"
    assert notice(town, cast.raised(town), series="试组改").number == "试组改〔2026〕1号"


def test_a_notice_reaches_only_those_it_speaks_of(town: District) -> None:
    east = notice(town, cast.raised(town))
    both = notice(town, cast.raised(town), cast.raised(town, town.west_branch))

    def seen(scope: object) -> set[int]:
        return {row.id for row in queries.bulletins(scope=scope)}  # type: ignore[arg-type]

    assert seen(town.officer.scope) == {east.pk, both.pk}
    assert seen(town.east_officer.scope) == {east.pk}
    assert seen(town.west_officer.scope) == set()
    with pytest.raises(OutsideScope):
        queries.letter_of(scope=town.west_officer.scope, bulletin_id=east.pk)


def test_the_page_of_a_finding_knows_its_documents(town: District) -> None:
    loop = cast.raised(town)
    row = notice(town, loop)

    found = queries.of_loop(scope=town.east_officer.scope, loop_id=loop.pk)
    assert [(line.number, line.kind_label) for line in found] == [(row.number, "整改通知书")]
    assert queries.of_loop(scope=town.west_officer.scope, loop_id=loop.pk) == []


def test_a_person_presses_what_is_late_and_says_why(town: District) -> None:
    late = cast.planned(town)  # due 2026-10-08
    on_time = cast.planned(town)
    loops.defer(
        loop_id=on_time.pk,
        until=TODAY.replace(month=12),
        reason="秋收",
        actor=town.officer,
        at=NOW,
    )

    def press(loop: Loop, reason: str = "两次询问没有进展") -> Bulletin:
        return actions.issue_supervision(
            loop_ids=[loop.pk], reason=reason, actor=town.officer, at=NOW
        )

    with pytest.raises(DomainError, match="请写明督办原因"):
        press(late, reason="")
    with pytest.raises(actions.NotLate, match=on_time.number):
        press(on_time)
    assert not Bulletin.objects.exists()
    row = press(late)
    assert row.number == "安组督〔2026〕1号"
    text = text_of(queries.document(scope=town.officer.scope, bulletin_id=row.pk))
    assert "督办原因：两次询问没有进展" in text
    assert Loop.objects.get(pk=late.pk).state == "plan_accepted"
