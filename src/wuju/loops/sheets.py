"""The register of findings (整改台账) as a sheet: how its rows are checked, land, are undone and exported."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from wuju.kit.actors import Actor, OrgScope
from wuju.kit.sheets.registry import (
    ExportRow,
    Json,
    LandingResult,
    OptionSpec,
    RowChange,
    SheetKind,
    StagedRow,
    register,
)
from wuju.kit.strict import chunks

from . import actions
from .columns import COLUMNS
from .lifecycle import STATES
from .matching import (
    BY_ACT,
    Known,
    category_of,
    due_of,
    existing_values,
    find_loop,
    load_loops,
    resolve_organizations,
    standing_of,
    stop_twins,
)
from .models import Loop, Measure
from .words import CATEGORIES, NATURES, ORIGINS

MODEL = Loop._meta.label
UNVERIFIED = "未经本系统核验"


def prepare(
    rows: Sequence[StagedRow], *, scope: OrgScope, today: dt.date, options: Mapping[str, str]
) -> None:
    """Recognise, check and compare the rows; options may give 问题反馈日期 and 问题来源."""
    known = Known()
    for row in rows:
        _settle_words(row)
    resolve_organizations(rows, scope, known)
    load_loops(rows, known)
    for row in rows:
        row.key = f"{row.values.get('org', row.values.get('responsible', '？'))} {_words(row)}"
        _compare(row, known, _day(options), today)
    stop_twins(rows)


def _settle_words(row: StagedRow) -> None:
    """Read 反馈问题 as the class beside 具体问题, and as the finding itself where it stands alone."""
    heading = row.values.pop("heading", None)
    row.cell_states.pop("heading", None)
    if heading:
        row.values.setdefault("kind" if "text" in row.values else "text", heading)
    if "text" not in row.values:
        row.fail("text", "请填写问题描述。")


def _words(row: StagedRow) -> str:
    return str(row.values.get("ref") or str(row.values.get("text", "？"))[:20])


def _day(options: Mapping[str, str]) -> dt.date | None:
    return dt.date.fromisoformat(options["opened_on"]) if options.get("opened_on") else None


def _compare(row: StagedRow, known: Known, given: dt.date | None, today: dt.date) -> None:
    loop = find_loop(row, known, given)
    if loop is None:
        if row.state not in {"error", "ask"}:
            _check_new(row, given, today)
        row.compare(None)
        return
    if row.row_version and row.row_version != str(loop.version) and not row.untouched:
        row.ask("", f"问题{loop.number}在导出之后又有变动，请重新导出后再改。")
    row.row_version = str(loop.version)
    existing = existing_values(row, loop, known)
    org = row.values.pop("org_id", None)
    row.compare({**existing, "progress": row.values.get("progress")}, target=loop.pk)
    row.values["org_id"] = org
    if row.untouched:
        # Nothing was edited in the file: what differs was changed in the system since the export.
        row.state = "same"
        row.cell_states = dict.fromkeys(row.cell_states, "same")
    for name, sentence in BY_ACT.items():
        if row.cell_states.get(name) == "change":
            row.ask(name, sentence)


def _check_new(row: StagedRow, given: dt.date | None, today: dt.date) -> None:
    values = row.values
    due, nature, problem = due_of(str(values.get("due_on", "")))
    if problem:
        row.fail("due_on", problem)
        return
    closed = values.get("closed_on")
    opened = values.get("opened_on") or given
    if not opened and not closed and (due is None or due >= today):
        opened = today
    if not isinstance(opened, dt.date):
        row.ask("opened_on", "看不出问题是哪天提出的，请在导入时填写“问题反馈日期”。")
        return
    _check_dates(row, opened, due, today)
    if standing_of(str(values.get("state", ""))) == "closed" and not closed:
        row.ask("closed_on", "写明已完成的，请补上销号日期；还没有销号的，请写“整改中”。")
    values["opened_on"] = opened
    values["nature"] = nature


def _check_dates(row: StagedRow, opened: dt.date, due: dt.date | None, today: dt.date) -> None:
    closed = row.values.get("closed_on")
    if opened > today:
        row.fail("opened_on", "提出日期不能晚于今天，请核对。")
    if due and due < opened:
        row.fail("due_on", "整改时限早于提出日期，请核对。")
    if isinstance(closed, dt.date) and not opened <= closed <= today:
        row.fail("closed_on", "销号日期应在提出日期以后、今天以前，请核对。")
    if isinstance(closed, dt.date):
        row.notes.append(f"导入的已销号问题标记为“{UNVERIFIED}”，不进入销号比例。")


# --------------------------------------------------------------------------------------- land


def land(
    rows: Sequence[StagedRow],
    *,
    actor: Actor,
    at: dt.datetime,
    batch: str,
    options: Mapping[str, str],
) -> LandingResult:
    """Take in new findings and new words for known ones, in one action."""
    new = [row for row in rows if row.target is None]
    known = [row for row in rows if row.target is not None]
    before = _loops([row.target for row in known if row.target])
    made, changed = actions.land_loops(
        findings=[_landed(row, options) for row in new],
        changes=[_change(row, before[row.target]) for row in known if row.target],
        batch=batch,
        actor=actor,
        at=at,
    )
    numbers = {row.target: row.number for row in known}
    undo = [
        RowChange(row.number, MODEL, loop.pk, None, {"number": loop.number})
        for row, loop in zip(new, made, strict=True)
    ]
    undo += [
        RowChange(numbers[loop.pk], MODEL, loop.pk, _image(before[loop.pk]), _image(loop))
        for loop in changed
    ]
    imported = sum(loop.imported for loop in made)
    notes = (f"{imported}个已销号问题标记为“{UNVERIFIED}”。",) if imported else ()
    return LandingResult(created=len(made), updated=len(changed), undo=tuple(undo), notes=notes)


def _loops(keys: Sequence[int]) -> dict[int, Loop]:
    found: dict[int, Loop] = {}
    for part in chunks(sorted(keys)):
        found |= {row.pk: row for row in Loop.objects.filter(pk__in=part)}
    return found


def _landed(row: StagedRow, options: Mapping[str, str]) -> actions.LandedFinding:
    values = row.values
    due = due_of(str(values.get("due_on", "")))[0]
    code, words = category_of(str(values.get("kind", "")))
    opened, closed = values["opened_on"], values.get("closed_on")
    assert isinstance(opened, dt.date)  # noqa: S101 - `prepare` saw to it
    person = str(values.get("responsible_person", ""))
    return actions.LandedFinding(
        draft=actions.FindingDraft(
            organization_id=int(str(values["org_id"])),
            origin=str(values.get("origin") or options.get("origin") or "inspection"),
            category=code,
            category_text=words,
            title="",
            fact=str(values["text"]),
            basis=str(values.get("basis", "")),
            nature=str(values.get("nature", "by_date")),
            lead_unit=str(values.get("lead_unit", "")),
            ref=str(values.get("ref", "")),
        ),
        opened_on=opened,
        due_on=due,
        closed_on=closed if isinstance(closed, dt.date) else None,
        measures=[actions.MeasureDraft(text, person) for text in _measures(values)],
        responsible_person=person,
        rectifying=standing_of(str(values.get("state", ""))) == "rectifying",
        note=str(values.get("progress", "")),
    )


def _measures(values: Mapping[str, object]) -> list[str]:
    parts = re.split(r"[；;\n]+", str(values.get("measures", "")))
    return [part.strip() for part in parts if part.strip()]


def _change(row: StagedRow, loop: Loop) -> actions.FindingChange:
    names = {
        "text": "fact",
        "origin": "origin",
        "basis": "basis",
        "lead_unit": "lead_unit",
        "ref": "ref",
    }
    changed = {name for name, state in row.cell_states.items() if state == "change"}
    values = {column: str(row.values[name]) for name, column in names.items() if name in changed}
    if "kind" in changed:
        values["category"], values["category_text"] = category_of(str(row.values["kind"]))
    return actions.FindingChange(loop.pk, int(row.row_version), values)


_IMAGE = ("fact", "origin", "basis", "lead_unit", "ref", "category", "category_text")


def _image(loop: Loop) -> dict[str, Json]:
    return {name: getattr(loop, name) for name in (*_IMAGE, "version")}


def undo(changes: Sequence[RowChange], *, actor: Actor, at: dt.datetime, batch: str) -> int:
    """Take a landed batch back; refused where somebody worked on a finding since."""
    return actions.undo_loops(
        created=[change.pk for change in changes if change.before is None],
        restored=[
            actions.FindingChange(
                change.pk,
                int(str(change.after["version"])),
                {name: str(change.before[name]) for name in _IMAGE},
            )
            for change in changes
            if change.before is not None
        ],
        batch=batch,
        actor=actor,
        at=at,
    )


# ------------------------------------------------------------------------------------- export


def export(*, scope: OrgScope, today: dt.date) -> Iterator[ExportRow]:
    """Yield the findings of the scope in official order of their organizations."""
    del today
    found = Loop.objects.visible_to(scope).exclude(state="withdrawn")
    loops = found.select_related("organization").order_by("organization__path", "id")
    measures: dict[int, list[str]] = {}
    texts = Measure.objects.filter(loop__in=found).order_by("id")
    for pk, text in texts.values_list("loop_id", "text"):
        measures.setdefault(pk, []).append(text)
    for loop in loops.iterator(chunk_size=2000):
        yield ExportRow(
            values={
                "org": loop.organization.code,
                "origin": loop.origin,
                "kind": loop.category_text or CATEGORIES[loop.category],
                "text": loop.fact,
                "basis": loop.basis,
                "opened_on": loop.opened_on,
                "due_on": loop.due_on.isoformat() if loop.due_on else NATURES[loop.nature],
                "responsible": loop.organization.name,
                "responsible_person": loop.responsible_person,
                "lead_unit": loop.lead_unit,
                "measures": "；".join(measures.get(loop.pk, [])),
                "progress": UNVERIFIED if loop.imported else "",
                "state": STATES[loop.state],
                "closed_on": loop.closed_on,
                "ref": loop.ref or loop.number,
            },
            key=str(loop.pk),
            version=str(loop.version),
        )


register(
    SheetKind(
        code="findings",
        title="整改台账",
        columns=COLUMNS,
        natural_key="编号；没有编号的，组织＋问题描述＋日期",
        prepare=prepare,
        land=land,
        undo=undo,
        export=export,
        options=(
            OptionSpec(
                name="opened_on",
                label="问题反馈日期",
                type="date",
                required=False,
                help="台账没有“提出日期”一列时填写。",
            ),
            OptionSpec(
                name="origin",
                label="问题来源",
                type="choice",
                choices=ORIGINS,
                required=False,
                help="台账没有“问题来源”一列时填写，不填按督查。",
            ),
        ),
        order=60,
        help="导入的已销号问题标记为“未经本系统核验”，不进入销号比例。",
    )
)
