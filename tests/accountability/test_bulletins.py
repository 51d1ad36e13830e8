"""通报: problems by class, what was done well beside them, nobody named without approval, never too long."""

import datetime as dt
import io
from dataclasses import replace

import pytest
from docx import Document

from tests.conftest import NOW, TODAY, District
from tests.loops import cast
from wuju.accountability.bulletins import actions, composing, queries
from wuju.accountability.bulletins.composing import BulletinDraft
from wuju.accountability.bulletins.models import Bulletin
from wuju.kit.actors import NotGranted, OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.letters import Block, Heading, Numbered, Paragraph, Table, TooLong
from wuju.ledger.models import Event
from wuju.ledger.queries import verify_records

DRAFT = BulletinDraft(
    kind="inform",
    title="关于2026年三季度基层党建督查情况的通报",
    first=dt.date(2026, 7, 1),
    last=dt.date(2026, 9, 30),
    good_practices=("有的乡镇把问题清单讲到支部，现场教会怎么改。",),
)


def issue(town: District, **more: object) -> Bulletin:
    return actions.issue_bulletin(draft=replace(DRAFT, **more), actor=town.officer, at=NOW)  # type: ignore[arg-type]


def text_of(town: District, row: Bulletin) -> str:
    book = Document(io.BytesIO(queries.document(scope=town.officer.scope, bulletin_id=row.pk)))
    return "\n".join(paragraph.text for paragraph in book.paragraphs)


def findings(town: District) -> None:
    cast.closed(town)
    cast.raised(town, title="东川一村党支部二季度党员大会少开一次，书记责任甲没有说明")
    cast.raised(town, town.west_branch, category="disclosure", title="西川一村三务公开栏没有更新")


def test_problems_stand_by_class_with_good_practice_beside_them(town: District) -> None:
    findings(town)

    text = text_of(town, issue(town))

    assert text.index("做得好的方面") < text.index("有的乡镇把问题清单讲到支部")
    assert text.index("有的乡镇把问题清单") < text.index("存在的问题")
    assert text.index("组织生活不规范") < text.index("党务村务公开不到位")
    assert "共立项问题3个，经核实销号1个" in text
    assert "同类问题再次出现1个" in text


def test_nobody_is_named(town: District) -> None:
    findings(town)

    text = text_of(town, issue(town))

    assert "有的村二季度党员大会少开一次" in text
    assert "有的村三务公开栏没有更新" in text
    for name in ("东川一村", "西川一村", "东川镇", "责任甲", "督查乙"):
        assert name not in text


def test_naming_needs_an_approval(town: District) -> None:
    findings(town)
    before = Event.objects.count()

    with pytest.raises(actions.NamingNotApproved):
        issue(town, names_organizations=True)
    assert (Bulletin.objects.count(), Event.objects.count()) == (0, before)

    row = issue(town, names_organizations=True, naming_approved="试办批〔2026〕9号")
    assert "西川一村党支部：西川一村三务公开栏没有更新" in text_of(town, row)


def test_what_is_typed_names_nobody_either(town: District) -> None:
    findings(town)
    before = Event.objects.count()

    with pytest.raises(actions.NamesSomebody, match="东川镇"):
        issue(town, good_practices=("东川镇把问题清单讲到支部。",))

    assert (Bulletin.objects.count(), Event.objects.count()) == (0, before)
    issue(
        town,
        good_practices=("东川镇把问题清单讲到支部。",),
        names_organizations=True,
        naming_approved="试批〔2026〕1号",
    )


def test_a_bulletin_is_not_longer_than_the_rules_allow(town: District) -> None:
    findings(town)
    long = ("把问题清单讲到支部。" * 420,)  # 4,200 characters

    with pytest.raises(TooLong, match="4000 字的上限"):
        issue(town, good_practices=long)
    assert not Bulletin.objects.exists()
    row = issue(town, good_practices=long, comprehensive=True)
    assert row.number == "安组通〔2026〕1号"
    assert row.characters > 4200


def test_the_preview_is_what_will_be_issued(town: District) -> None:
    findings(town)
    preview = queries.preview(
        scope=town.officer.scope, draft=DRAFT, issuer=town.office.name, today=TODAY
    )
    row = issue(town)

    issued = queries.letter_of(scope=town.officer.scope, bulletin_id=row.pk)
    assert issued.paragraphs == preview.letter.paragraphs
    assert preview.warnings == ()


def test_a_commendation_speaks_of_no_problem(town: District) -> None:
    findings(town)

    assert "存在的问题" not in text_of(town, issue(town, kind="commend"))


def test_it_carries_number_date_issuer_and_witness(town: District) -> None:
    findings(town)
    row = issue(town)

    text = text_of(town, row)

    for wanted in (
        "安组通〔2026〕1号", DRAFT.title.replace("\n", ""), "2026年11月24日", "试点区委组织部",
        f"印发时留痕第{row.ledger_sequence}号", row.ledger_hash[:16],
    ):  # fmt: skip
        assert wanted in text.replace("\n", "") or wanted in text
    assert verify_records(scope=town.officer.scope) == []


def test_it_goes_to_everyone_with_a_scope_but_findings_stay_where_they_belong(
    town: District,
) -> None:
    findings(town)
    row = issue(town)

    page = queries.bulletin(scope=town.east_officer.scope, bulletin_id=row.pk, today=TODAY)
    assert {found.path for found in page.findings} == {town.east_branch.path}
    assert queries.bulletins(scope=OrgScope()) == []


def test_only_the_county_issues_bulletins(town: District) -> None:
    with pytest.raises(NotGranted):
        actions.issue_bulletin(draft=DRAFT, actor=town.east_officer, at=NOW)
    assert issue(town).number == "安组通〔2026〕1号"


def test_text_with_a_secrecy_marking_is_not_issued(town: District) -> None:
    with pytest.raises(DomainError, match="非涉密系统"):
        issue(town, good_practices=("机密★10年",))
    assert not Bulletin.objects.exists()


def test_a_body_is_stored_in_pieces_and_comes_back_whole() -> None:
    blocks: list[Block] = [
        Paragraph("现将情况通报如下。"),
        Heading("做得好的方面"),
        Numbered(("一条", "又一条")),
        Numbered(("另起一列",)),
        Heading("期限", 2),
        Table(("编号", "期限"), (("1", "12月1日"), ("2", "")), caption="期限表", widths=(2, 3)),
        Table(("编号",), ()),
        Paragraph("以上。"),
    ]

    assert composing.as_blocks(composing.as_lines(blocks)) == blocks
