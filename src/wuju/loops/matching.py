"""Which organization and which known finding a row of the register means, and what it would change."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wuju.kit.actors import OrgScope
from wuju.kit.numbers import whole
from wuju.kit.sheets.cells import DatePart, read_date
from wuju.kit.sheets.registry import StagedRow
from wuju.kit.strict import chunks
from wuju.org.models import Organization

from .lifecycle import CLOSED, STATES
from .models import Loop, Measure
from .words import CATEGORIES, NATURES

NATURE_WORDS = {
    "立行立改": "at_once", "即知即改": "at_once", "限期": "by_date", "限期整改": "by_date",
    "长期": "long_term", "长期坚持": "long_term", "持续整改": "long_term",
}  # fmt: skip
_CATEGORY_OF = {label: code for code, label in CATEGORIES.items()} | {
    code: code for code in CATEGORIES
}
_NOT_YET = re.compile(r"未销号|未完成|未整改|没有|尚未|未启动")
_OVER = re.compile(r"销号|完成|办结|整改到位|已整改|已解决")
_GOING = re.compile(r"整改中|正在|推进|进行|基本|部分|长期|持续")
# cells that only an act may change, and what the act is called
BY_ACT = {
    "due_on": "整改时限有变化的，请在问题页办理延期，不能用导入修改。",
    "closed_on": "销号须先经核实，请在问题页办理，不能用导入修改。",
    "state": "状态有变化的，请在问题页办理，不能用导入修改。",
    "measures": "整改措施请在问题页报送，不能用导入修改。",
    "opened_on": "提出日期不能用导入修改，请核对。",
    "responsible_person": "责任人请在报送整改措施时填写，不能用导入修改。",
    "org": "责任组织不能用导入修改，请撤回后重新提出。",
}


@dataclass(slots=True)
class Known:
    """What is there already: organizations by code and name, findings by key, number, and words."""

    by_code: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)
    loops: dict[int, Loop] = field(default_factory=dict)
    by_ref: dict[tuple[int, str], int] = field(default_factory=dict)
    by_text: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    measures: dict[int, str] = field(default_factory=dict)


def category_of(text: str) -> tuple[str, str]:
    """Return (code, words kept) of a problem class as people write it."""
    code = _CATEGORY_OF.get(text.strip())
    if code:
        return code, ""
    return "other", text.strip()


def due_of(text: str) -> tuple[dt.date | None, str, str]:
    """Return (date, nature, problem) of 整改时限, which is a date or one of three words."""
    words = text.strip().rstrip("。")
    if not words:
        return None, "by_date", ""
    if words in NATURE_WORDS or words in NATURES.values():
        code = NATURE_WORDS.get(words) or next(k for k, v in NATURES.items() if v == words)
        return None, code, ""
    part = read_date(re.sub(r"[前底止]$|以前$|之前$", "", words))
    if isinstance(part, DatePart) and part.precision == "day":
        return part.date, "by_date", ""
    return None, "", f"看不懂整改时限“{words}”，请写明几月几日，或写立行立改、限期、长期。"


def standing_of(text: str) -> str:
    """Return closed, rectifying, opened, or "" where the words say nothing of it.

    >>> [standing_of(words) for words in ("已销号", "未完成", "基本完成", "")]
    ['closed', 'rectifying', 'rectifying', '']
    """
    words = text.strip()
    for code, label in STATES.items():
        if words in {code, label}:
            return "closed" if code in CLOSED else ("opened" if code == "opened" else "rectifying")
    if not words:
        return ""
    if _NOT_YET.search(words) or _GOING.search(words):
        return "rectifying"
    return "closed" if _OVER.search(words) else "rectifying"


def resolve_organizations(rows: Sequence[StagedRow], scope: OrgScope, known: Known) -> None:
    """Put the id of the organization into `values["org_id"]`: by code, else by exact name."""
    for pk, code, name, short in (
        Organization.objects.visible_to(scope)
        .living()
        .order_by("path")
        .values_list("id", "code", "name", "short_name")
    ):
        known.by_code[code] = pk
        for words in {name, short}:
            known.by_name.setdefault(words, []).append(pk)
    for row in rows:
        _resolve(row, known)


def _resolve(row: StagedRow, known: Known) -> None:
    column = "org" if row.values.get("org") else "responsible"
    words = str(row.values.get(column, "")).strip()
    if not words:
        row.fail("org", "请填写组织代码，或在“责任单位”里写组织全称。")
        return
    found = known.by_name.get(words, [])
    pk = known.by_code.get(words) or (found[0] if len(found) == 1 else None)
    if pk:
        row.values["org_id"] = pk
    elif found:
        row.ask(column, f"“{words}”有{len(found)}个同名组织，请改填组织代码。")
    else:
        row.fail(column, f"您的管理范围内没有“{words}”这个组织，请核对组织代码或全称。")


def load_loops(rows: Sequence[StagedRow], known: Known) -> None:
    """Read the findings of the organizations the rows name, in a fixed number of queries a 500."""
    orgs = sorted({int(str(row.values["org_id"])) for row in rows if "org_id" in row.values})
    for part in chunks(orgs):
        for loop in Loop.objects.filter(organization_id__in=part).order_by("id"):
            known.loops[loop.pk] = loop
            known.by_ref[loop.organization_id, loop.number] = loop.pk
            if loop.ref:
                known.by_ref[loop.organization_id, loop.ref] = loop.pk
            known.by_text.setdefault((loop.organization_id, loop.fact), []).append(loop.pk)
    if any("measures" in row.values for row in rows):
        _load_measures(known)


def _load_measures(known: Known) -> None:
    for part in chunks(sorted(known.loops)):
        for pk, text in (
            Measure.objects.filter(loop_id__in=part).order_by("id").values_list("loop_id", "text")
        ):
            known.measures[pk] = f"{known.measures[pk]}；{text}" if pk in known.measures else text


def find_loop(row: StagedRow, known: Known, opened_on: dt.date | None) -> Loop | None:
    """Return the known finding: by our own key, by its number, or by its words and a date.

    `opened_on` is the day all findings of the sheet were raised, where it has no such column.
    The same words with another date ask: a finding that came back is a new one.
    """
    org = row.values.get("org_id")
    key = whole(row.row_key)
    if key in known.loops:
        return known.loops[key]
    if not isinstance(org, int):
        return None
    ref = str(row.values.get("ref", ""))
    if ref:
        pk = known.by_ref.get((org, ref))
        return known.loops[pk] if pk else None
    same = [known.loops[pk] for pk in known.by_text.get((org, str(row.values.get("text"))), ())]
    due = due_of(str(row.values.get("due_on", "")))[0]
    for loop in same:
        if row.values.get("opened_on", opened_on) == loop.opened_on or (
            due and due == loop.due_on
        ):
            return loop
    if same:
        row.ask(
            "text",
            f"这个组织已有相同描述的问题{same[-1].number}，日期不同。是同一问题的请填写编号，是新问题的请把描述写清。",
        )
    return None


def stop_twins(rows: Sequence[StagedRow]) -> None:
    """Fail the second of two rows that mean the same finding."""
    seen: dict[object, int] = {}
    for row in rows:
        if row.state == "error":
            continue
        mark = (row.values.get("org_id"), row.values.get("ref") or row.values.get("text"))
        if mark in seen:
            row.fail("", f"与第{seen[mark]}行重复，请删去一行。")
        seen.setdefault(mark, row.number)


def existing_values(row: StagedRow, loop: Loop, known: Known) -> Mapping[str, object]:
    """Return the finding in the words of the sheet; where both mean the same, in the row's own words."""
    category = loop.category_text or CATEGORIES[loop.category]
    values: dict[str, object] = {
        "origin": loop.origin,
        "kind": category,
        "text": loop.fact,
        "basis": loop.basis,
        "opened_on": loop.opened_on,
        "lead_unit": loop.lead_unit,
        "responsible_person": loop.responsible_person,
        "measures": known.measures.get(loop.pk, ""),
        "closed_on": loop.closed_on,
        "ref": loop.ref,
    }
    given = row.values
    if "ref" in given and given["ref"] in {loop.ref, loop.number}:
        values["ref"] = given["ref"]
    if category_of(str(given.get("kind", ""))) == (loop.category, loop.category_text):
        values["kind"] = given.get("kind")
    due, nature, _ = due_of(str(given.get("due_on", "")))
    same_due = due == loop.due_on if due else nature == loop.nature
    values["due_on"] = given.get("due_on") if same_due else str(loop.due_on or "")
    closed = standing_of(str(given.get("state", ""))) == "closed"
    same_state = closed == (loop.state in CLOSED)
    values["state"] = given.get("state") if same_state else STATES[loop.state]
    if given.get("org_id") != loop.organization_id:
        values["org"] = ""
    return values
