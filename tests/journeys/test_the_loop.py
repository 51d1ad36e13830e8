"""The main job, played through pages: what is missing is seen, recorded, inspected, put right and proved."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.db import connection
from docx import Document
from playwright.sync_api import Locator, expect
from typer.testing import CliRunner

from tests.conftest import District
from tests.journeys import books
from tests.journeys.conftest import Clock
from tests.journeys.visitor import House, Visitor
from tests.loops.cast import trace
from wuju.cli import app
from wuju.ledger.models import Event
from wuju.loops.models import Loop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MISSING = "三季度支部党员大会没有记录"
TITLE = "三季度支部党员大会没有按时召开"
FACT = "查阅记录本，三季度的支部党员大会十一月才补录。"


def test_the_loop_is_closed_and_proved(
    house: House, district: District, clock: Clock, tmp_path: Path
) -> None:
    """One day: import, see, record, inspect, notify, rectify, verify, close, tell, prove."""
    township = house.sign_in("dongchuanbing")
    imports_the_roster(house, township, books.roster(tmp_path))
    imports_the_meetings(house, township, books.meetings(tmp_path))
    sees_what_is_missing(house, township)

    secretary = house.sign_in("dongyiwu")
    records_the_meeting(house, secretary)
    sees_it_done(house, township)

    inspector = house.sign_in("duchayi")
    finding = raises_a_finding(house, inspector)

    county = house.sign_in("quweijia")
    sends_the_notice(house, county, finding)
    agrees_and_rectifies(house, township, county, finding)
    cannot_verify_own_work(house, township, county, finding)

    other = house.sign_in("quweigeng")
    verifies_and_closes(house, other, finding)
    issues_the_bulletin(house, county)
    nothing_is_due_yet(house, county)
    clock.turn_to(dt.date(2026, 12, 14))
    asks_why_down_to_the_record(house, county, finding)

    auditor = house.sign_in("shenjiji")
    finds_the_trail_whole(house, auditor)
    tampering_is_named(finding)


# ------------------------------------------------------------------ what is on record


def imports_the_roster(house: House, township: Visitor, book: Path) -> None:
    township.opens("/desk/")
    township.follows("党员名册")
    township.fills(名册截至日期="2026-06-30")
    township.main.get_by_label("文件").set_input_files(book)
    house.look(township, "desk")
    township.presses("上传并核对")

    township.sees("新增 5 行，变更 0 行，无变化 0 行；错误 2 行，待确认 0 行。")
    unknown, wrong = township.line("郑庚"), township.line("孙丙")
    township.sees("没有“不存在的党支部”这个党组织", unknown)
    township.sees("最后一位与前面不符", wrong)
    township.sees("9901**********", township.line("赵甲"))
    house.look(township, "batch")

    wrong.get_by_role("textbox").fill(books.GOOD)
    township.presses("改成", wrong)
    township.sees("错误 1 行")
    township.presses("落库 6 行")
    township.sees("已落库 6 行。")
    house.look(township, "batch-landed", axe=False)


def imports_the_meetings(house: House, township: Visitor, book: Path) -> None:
    township.opens("/desk/")
    township.follows("会议记录")
    township.main.get_by_label("文件").set_input_files(book)
    township.presses("上传并核对")

    township.sees("新增 29 行，变更 0 行，无变化 0 行；错误 0 行，待确认 0 行。")
    township.presses("落库 29 行")
    township.sees("已落库 29 行。")


def sees_what_is_missing(house: House, township: Visitor) -> None:
    township.opens("/")
    township.sees(f"东川一村党支部{MISSING}")
    township.does_not_see("西川")
    house.look(township, "today-township")

    township.follows("组织", township.page.get_by_role("navigation", name="功能"))
    house.look(township, "tree")
    township.follows("东川一村党支部")
    township.sees("未达到", row_of_the_meeting(township))
    house.look(township, "branch")
    township.follows("为什么", row_of_the_meeting(township))
    township.sees("未达到，已有 0。")
    house.look(township, "why-count")


def row_of_the_meeting(visitor: Visitor) -> Locator:
    item = visitor.main.get_by_role("row").filter(
        has=visitor.page.get_by_role("rowheader", name="支部党员大会", exact=True)
    )
    return item.filter(has_text="三季度")


def records_the_meeting(house: House, secretary: Visitor) -> None:
    house.look(secretary, "today-secretary")
    secretary.main.get_by_role("listitem").filter(has_text=MISSING).get_by_role(
        "link", name="去补录"
    ).click()
    expect(secretary.main.get_by_role("heading", level=1)).to_have_text("记录支部党员大会")

    with secretary.page.expect_response(lambda answer: answer.request.method == "POST"):
        secretary.fills(哪天开的="2026-08-16")
        secretary.main.get_by_label("主题", exact=True).focus()
    secretary.sees("应到 4 人。")
    secretary.fills(主题="讨论发展党员", 主持人="赵甲", 议定了什么="由李丁联系，九月底前谈话。")
    secretary.main.get_by_label("李丁请假").check()
    house.look(secretary, "meeting-form")
    secretary.presses("保存")

    secretary.sees("已保存。这次会议同时满足")
    secretary.sees("支部党员大会（2026年三季度）")
    secretary.sees("补录")
    house.look(secretary, "meeting")


def sees_it_done(house: House, township: Visitor) -> None:
    """The page that said 未达到 says 已完成 when it is read again, and nothing is asked any more."""
    township.page.reload()
    township.sees("已完成，已有 1。")
    township.sees("2026-08-16 支部党员大会，应到 4，实到 3")
    township.page.go_back()
    township.page.reload()
    expect(row_of_the_meeting(township)).to_have_count(0)
    township.opens("/")
    township.does_not_see(MISSING)


# ------------------------------------------------------------------ what was found


def raises_a_finding(house: House, inspector: Visitor) -> str:
    """Plan an inspection and raise a finding from it; return the address of the finding."""
    house.look(inspector, "today-inspector")
    inspector.follows("督查", inspector.page.get_by_role("navigation", name="功能"))
    inspector.follows("登记督查")
    inspector.fills(名称="四季度组织生活专项督查", 计划备案号="备2026-7", 督查组="督查一组")
    inspector.main.get_by_label("种类").select_option(label="专项督查")
    inspector.main.get_by_label("东川镇").check()
    house.look(inspector, "inspection-new")
    inspector.presses("登记")
    inspector.sees("督查已登记。")
    inspector.sees("备2026-7")
    house.look(inspector, "inspection")

    inspector.follows("提出问题")
    inspector.fills(**{"名称、拼音首字母或编码": "东川一村"})
    inspector.presses("查找")
    inspector.main.get_by_label("问题类别").select_option(label="组织生活不规范")
    inspector.fills(
        标题=TITLE,
        事实=FACT,
        依据条款="《中国共产党支部工作条例（试行）》第十一条",
    )
    house.look(inspector, "finding-new")
    inspector.presses("立项")
    inspector.sees("问题 2026-0001")
    house.look(inspector, "finding-raised", axe=False)
    return inspector.page.url.partition("?")[0]


def sends_the_notice(house: House, county: Visitor, finding: str) -> None:
    county.sees(f"东川一村党支部：{TITLE}")
    house.look(county, "today-county")
    county.follows("下发")
    house.look(county, "finding")
    county.follows("印发整改通知书")
    county.fills(整改期限="2026-12-10")
    house.look(county, "notice-new")
    county.presses("印发")
    county.sees("已印发。")
    house.look(county, "notice")

    with county.page.expect_download() as download:
        county.follows("下载公文")
    assert download.value.suggested_filename.endswith(".docx")
    letter = Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    text = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    text += "\n".join(cell.text for table in letter.tables for cell in table._cells)
    for said in ("安组改〔2026〕1号", "关于限期整改有关问题的通知", FACT, "2026年12月10日"):
        assert said in text, f"{said} is not in the notice:\n{text}"


# ------------------------------------------------------------------ how it was put right


def agrees_and_rectifies(house: House, township: Visitor, county: Visitor, finding: str) -> None:
    township.opens("/")
    township.follows("报措施")
    house.look(township, "register")
    township.follows(TITLE)
    township.sees("整改期限")
    measures = township.desk("报送整改措施")
    township.fills(measures, 整改措施="九月起每季度首月定好开会日期", 责任人="赵甲")
    house.look(township, "finding-measures", axe=False)
    township.presses("报送", measures)
    township.sees("整改措施已报送。")

    county.opens(finding)
    verdict = county.desk("审整改方案")
    verdict.get_by_label("认可，按这个方案整改").check()
    county.presses("提交结论", verdict)
    county.sees("方案结论已登记。")

    township.opens(finding)
    completion = township.desk("登记措施完成")
    township.fills(completion, 完成人="赵甲")
    township.presses("登记完成", completion)
    township.sees("措施完成情况已登记。")
    evidence = township.desk("报送整改结果")
    township.fills(evidence, 结果说明="四季度大会已按时召开，决议已公示。", 发生日期="2026-11-24")
    evidence.get_by_label("看得出成效").check()
    township.presses("报送", evidence)
    township.sees("整改结果已报送，等待核实。")
    expect(township.desk("核实")).to_have_count(0)  # folded: only to take the report back
    house.look(township, "finding-reported", axe=False)


def cannot_verify_own_work(house: House, township: Visitor, county: Visitor, finding: str) -> None:
    """Neither is offered; who sends the form all the same is refused, and nothing is written."""
    before = trace()
    expect(township.main.get_by_label("问题已经解决，核实通过")).to_have_count(0)
    township.sees("请换一名没有参与整改的同志核实")
    with township.refused():
        sends_by_hand(township, finding, "verification", verdict="verify", on="2026-11-24")
    township.sees("没有保存。")
    township.sees("核实人东川丙参与了这条问题的整改，请换一名没有参与整改的同志核实")
    house.look(township, "finding-refused")

    county.opens(finding)
    expect(county.main.get_by_role("button", name="销号")).to_have_count(0)
    with county.refused():
        sends_by_hand(county, finding, "closure", on="2026-11-24")
    county.sees("未经核实不得销号，请先由没有参与整改的同志核实")
    assert trace() == before


def sends_by_hand(visitor: Visitor, finding: str, slug: str, **said: str) -> None:
    """Send a form the page does not offer, as somebody with a stale page or a tool would."""
    visitor.page.evaluate(
        """([address, said]) => {
          const form = document.createElement("form");
          form.method = "post";
          form.action = address;
          const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
          for (const [name, value] of Object.entries({csrfmiddlewaretoken: token, ...said})) {
            const field = document.createElement("input");
            [field.name, field.value] = [name, value];
            form.append(field);
          }
          document.body.append(form);
          form.submit();
        }""",
        [f"{finding}{slug}/", said],
    )


def verifies_and_closes(house: House, other: Visitor, finding: str) -> None:
    other.sees(f"东川一村党支部：{TITLE}")
    other.follows("核实")
    verification = other.desk("核实")
    verification.get_by_label("问题已经解决，核实通过").check()
    house.look(other, "finding-verification", axe=False)
    other.presses("提交核实", verification)
    other.sees("核实意见已登记。")
    other.presses("销号", other.desk("销号"))
    other.sees("问题已销号。")
    other.sees("已销号")
    house.look(other, "finding-closed")


# ------------------------------------------------------------------ what is told and proved


def issues_the_bulletin(house: House, county: Visitor) -> None:
    county.opens("/bulletins/")
    house.look(county, "bulletins")
    county.follows("写通报")
    county.fills(做得好的方面="接到通知当天就定下措施，整改不拖。")
    county.presses("预览")
    county.sees("组织生活不规范")
    house.look(county, "bulletin-preview")
    county.presses("印发")
    county.sees("已印发。")
    county.sees("安组通〔2026〕1号")
    county.does_not_see("东川一村", county.page.get_by_role("article"))
    county.sees(TITLE, county.desk("涉及的问题1 个"))
    county.sees("已销号 回访还剩 30 天", county.desk("涉及的问题1 个"))
    house.look(county, "bulletin")


def nothing_is_due_yet(house: House, county: Visitor) -> None:
    """What is closed before its last day counts from that day on; until then nobody is judged."""
    county.follows("五大工程", county.page.get_by_role("navigation", name="功能"))
    house.look(county, "projects")
    county.follows("责任聚焦")
    house.look(county, "project-early", axe=False)
    county.does_not_see("问题按期整改销号")


def asks_why_down_to_the_record(house: House, county: Visitor, finding: str) -> None:
    county.page.reload()
    column = county.main.get_by_role("columnheader", name="问题按期整改销号")
    expect(column).to_have_count(1)
    house.look(county, "project")
    county.follows("1/1", county.line("合计"))
    county.sees("含下级，应做到 1 个组织，已做到 1 个")
    house.look(county, "why")
    county.follows("中共东川镇委员会", county.main.get_by_role("region", name="下级情况"))
    county.follows("东川一村党支部", county.main.get_by_role("region", name="下级情况"))
    county.sees("得 100.00，由 1/1 算出")
    house.look(county, "why-branch", axe=False)
    county.main.get_by_role("region", name="算进来的记录").get_by_role("link").click()
    expect(county.page).to_have_url(finding)


def finds_the_trail_whole(house: House, auditor: Visitor) -> None:
    auditor.follows("留痕")
    auditor.sees("问题 · 立项")
    auditor.does_not_see(TITLE)
    house.look(auditor, "trail")
    auditor.presses("验链")
    auditor.sees("链和记录都对得上。")
    house.look(auditor, "trail-verified", axe=False)


def tampering_is_named(finding: str) -> None:
    """Whoever changes the database behind the program's back is named to the row and field."""
    loop = Loop.objects.get()
    event = Event.objects.filter(target=f"loop:{loop.pk}").earliest("id")
    whole = CliRunner().invoke(app, ["ledger", "verify", "--records"])
    assert whole.exit_code == 0, whole.output

    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_event SET actor_name = '别人' WHERE id = %s", [event.pk])
        cursor.execute("UPDATE loops_loop SET due_on = '2027-01-31' WHERE id = %s", [loop.pk])
    found = CliRunner().invoke(app, ["ledger", "verify", "--records"])

    assert found.exit_code == 1
    assert f"第 {event.pk} 条操作记录（finding.raised loop:{loop.pk}）的内容被改动" in found.output
    assert f"第 {loop.pk} 行的“整改期限”被改动" in found.output
    assert len(found.output.splitlines()) == 2


# ------------------------------------------------------------------ on a telephone, without scripts


def test_a_secretary_records_a_theme_day_by_telephone_without_scripts(
    house: House, district: District
) -> None:
    secretary = house.sign_in("dongyiwu", phone=True, script=False)
    secretary.sees("东川一村党支部：还有")
    house.look(secretary, "phone-today", axe=False)
    secretary.follows("记录主题党日")
    secretary.fills(主题="学习党章", 主持人="赵甲", 应到人数="4", 实到人数="4")
    house.look(secretary, "phone-theme-day", axe=False)
    secretary.presses("保存")

    secretary.sees("已保存。这次会议同时满足")
    secretary.sees("主题党日（2026年11月）")
    house.look(secretary, "phone-saved", axe=False)
