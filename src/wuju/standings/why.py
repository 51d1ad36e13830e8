"""Why a number is what it is: the rule with its article, the rows counted, missing and excluded, the way up."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from wuju.engine.explain import REASONS, Explanation, explain_sql
from wuju.engine.items import Item
from wuju.engine.program import Statement
from wuju.kit.actors import OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.facts import Described, describers
from wuju.kit.periods import (
    WORDS_OF_AN_ITEM,
    Period,
    period_from_number,
    read_day,
    read_period,
)
from wuju.org import queries as org_queries
from wuju.org.queries import OrganizationRow
from wuju.rulepacks.catalog import catalog
from wuju.rulepacks.queries import ActivePack, active_packs, program
from wuju.rulepacks.stored import SourceText

from .awaiting import refuse_awaited
from .evaluation import DIALECT
from .queries import (
    LineRow,
    StandingRow,
    freshness,
    item_and_source,
    lines_of,
    standings_of,
)
from .sources import execute, live_sources
from .words import number_words, target_words

SHOWN = 200


class UnknownItem(DomainError):
    def __init__(self, code: str) -> None:
        super().__init__(f"清单里没有“{code}”这一项，请从规则页或工程页选择。")


class NotJudgedThen(DomainError):
    def __init__(self, title: str, period: Period) -> None:
        super().__init__(f"“{title}”在{period.title}没有评判，请换一个期间。")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One row behind a number. `title` is empty where the row lies outside the scope.

    The rows of a composite are its parts: `fact` is the part's item, `period` its last
    judged period ("" for a record, and for a part that has no score).
    """

    fact: str
    key: int
    org_id: int
    on: dt.date | None
    title: str
    reason: str
    record: str = ""
    record_id: int | None = None
    period: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A set of rows: the first two hundred of them, and how many there are."""

    rows: tuple[EvidenceRow, ...] = ()
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class Why:
    """Everything a person may ask of one organization × item × period."""

    organization: OrganizationRow
    item: Item
    source: SourceText
    period: Period
    cell: StandingRow | None
    line: LineRow | None
    target: str
    numbers: tuple[str, ...]
    provisional: bool
    as_of: dt.date | None
    computing_since: dt.datetime | None
    counted: Evidence
    missing: Evidence
    excluded: Evidence
    children: tuple[tuple[OrganizationRow, LineRow], ...]
    path: tuple[tuple[OrganizationRow, LineRow | None], ...]
    pack: ActivePack

    @property
    def coverage(self) -> tuple[int, int]:
        """(organizations with data, organizations that owe) over the subtree."""
        if self.line is None:
            return (0, 0)
        return (self.line.n - self.line.unverified, self.line.n)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        cell = self.cell
        return {
            "org": self.organization.code,
            "item": self.item.code,
            "title": self.item.title,
            "period": self.period.label,
            "target": self.target,
            "source": {"citation": self.source.citation, "mark": self.source.mark},
            "numbers": list(self.numbers),
            "pack": {"code": self.pack.code, "version": self.pack.version, "digest": self.pack.digest},
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "numerator": cell.numerator if cell else None,
            "denominator": cell.denominator if cell else None,
            "status": cell.code if cell else None,
            "score": cell.score if cell else None,
            **{
                name: [
                    {"fact": r.fact, "key": r.key, "on": r.on.isoformat() if r.on else None, "title": r.title, "reason": r.reason}
                    for r in evidence.rows
                ]
                for name, evidence in (
                    ("counted", self.counted),
                    ("missing", self.missing),
                    ("excluded", self.excluded),
                )
            },
        }  # fmt: skip

    def lines(self) -> list[str]:
        """Return the explanation as lines of text."""
        found = [
            f"{self.organization.name}　{self.item.title}　{self.period.title}",
            f"要求：{self.target}。依据：{self.source.citation}（{self.source.mark}）。",
            *self.numbers,
        ]
        if self.cell:
            found.append(
                f"本级：{self.cell.word}，{self.cell.numerator}/{self.cell.denominator}。"
            )
        if self.line and self.line.n:
            found.append(f"含下级：应 {self.line.n}，已完成 {self.line.met}，未达到 {self.line.missed}，未核实 {self.line.unverified}。")  # fmt: skip
        for title, evidence in (
            ("计入", self.counted),
            ("未达到", self.missing),
            ("排除", self.excluded),
        ):
            found.append(f"{title} {evidence.total} 条")
            found += [
                f"  {row.on or ''} {row.title}{'：' + row.reason if row.reason else ''}"
                for row in evidence.rows
            ]
        return found


def period_of(*, item: str, text: str, today: dt.date) -> Period:
    """Read a period that is asked for an item: 本期 and 上期 count in the item's own grain.

    Raises:
        UnknownPeriod: neither a label nor a known word.
        UnknownItem: 本期 or 上期 of an item no pack has.
        FactsAwaited: of an item whose facts are still to come.
    """
    if text.strip() not in WORDS_OF_AN_ITEM:
        return read_period(text, today=today)
    known = item_and_source(scope=OrgScope(), code=item)
    if known is None:
        refuse_awaited(item)
        raise UnknownItem(item)
    return read_period(text, today=today, grain=known[0].per)


def why(*, scope: OrgScope, organization_id: int, item: str, period: Period) -> Why:
    """Explain one number down to its rows.

    Raises:
        OutsideScope: the organization lies outside the scope.
        UnknownItem: no pack has the item.
        FactsAwaited: its facts are still to come.
        NotJudgedThen: the item's periods are of another grain, or no pack judged it.
    """
    organization = org_queries.organization(scope=scope, organization_id=organization_id)
    pack, found = _item(item, period)
    state = freshness(scope=scope)
    day = state.evaluated_on or period.ends_on
    lines, children = _below(scope, organization, found, period)
    cell = next(
        (
            row
            for row in standings_of(
                scope=scope, organization_id=organization_id, periods=[period.number]
            )
            if row.item == item
        ),
        None,
    )
    counted, missing, excluded = _evidence(scope, pack, found, organization, period, day)
    return Why(
        organization=organization,
        item=found,
        source=pack.stored.source_of(found),
        period=period,
        cell=cell,
        line=lines.get((organization.id, item, period.number)),
        target=target_words(found, dict(pack.stored.rules.parameters)),
        numbers=tuple(filter(None, map(number_words, pack.stored.numbers_of(found)))),
        provisional=pack.stored.rules.provisional(found),
        as_of=state.evaluated_on,
        computing_since=state.computing_since,
        counted=counted,
        missing=missing,
        excluded=excluded,
        children=children,
        path=_way_up(scope, organization, found, period),
        pack=pack,
    )


def _item(code: str, period: Period) -> tuple[ActivePack, Item]:
    packs = active_packs(scope=OrgScope())
    known = [pack for pack in packs if code in pack.stored.rules.by_code]
    if not known:
        refuse_awaited(code)
        raise UnknownItem(code)
    for pack in known:
        item = pack.stored.rules.by_code[code]
        if pack.judges(period) and item.per == period.grain:
            return pack, item
    raise NotJudgedThen(known[-1].stored.rules.by_code[code].title, period)


def _below(
    scope: OrgScope, organization: OrganizationRow, item: Item, period: Period
) -> tuple[dict[tuple[int, str, int], LineRow], tuple[tuple[OrganizationRow, LineRow], ...]]:
    children = org_queries.children(scope=scope, organization_id=organization.id)
    lines = lines_of(
        scope=scope,
        organization_ids=[organization.id, *(child.id for child in children)],
        periods=[period.number],
        items=[item.code],
    )
    shown = tuple(
        (child, lines[child.id, item.code, period.number])
        for child in children
        if (child.id, item.code, period.number) in lines
    )
    return lines, shown


def _way_up(
    scope: OrgScope, organization: OrganizationRow, item: Item, period: Period
) -> tuple[tuple[OrganizationRow, LineRow | None], ...]:
    above = org_queries.ancestors(scope=scope, path=organization.path)
    lines = lines_of(
        scope=scope,
        organization_ids=[row.id for row in above],
        periods=[period.number],
        items=[item.code],
    )
    return tuple((row, lines.get((row.id, item.code, period.number))) for row in above)


def _evidence(
    scope: OrgScope,
    pack: ActivePack,
    item: Item,
    organization: OrganizationRow,
    period: Period,
    day: dt.date,
) -> tuple[Evidence, Evidence, Evidence]:
    compiled = program(scope=scope, pack=pack, dialect=DIALECT[connection.vendor])
    explanation = explain_sql(
        compiled,
        item.code,
        organization.id,
        period.number,
        as_of=day,
        sources=live_sources([organization.id]),
    )
    sets = (explanation.counted, explanation.missing, explanation.excluded)
    if explanation.parts:
        parts = {compiled.by_code[code].no: code for code in explanation.parts}
        items = {no: pack.stored.rules.by_code[code] for no, code in parts.items()}
        scores = _scores(scope, organization, period)
        counted, missing, excluded = (_parts(items, scores, statement) for statement in sets)
    else:
        counted, missing, excluded = (_rows(scope, explanation, each) for each in sets)
    return counted, missing, excluded


def _scores(
    scope: OrgScope, organization: OrganizationRow, period: Period
) -> dict[str, list[int]]:
    """Return the scores of an organization's cells inside a period, by item."""
    found = defaultdict(list)
    for row in standings_of(scope=scope, organization_id=organization.id):
        within = period_from_number(row.period)
        if row.score is not None and within.starts_on in period and within.ends_on in period:
            found[row.item].append(row.score)
    return found


def _parts(
    items: Mapping[int, Item], scores: Mapping[str, Sequence[int]], statement: Statement
) -> Evidence:
    """List the parts of a composite with the mean of their scores, as the composite weighs them."""
    rows = []
    for no, org, day, reason in execute(statement.sql, statement.params):
        item, on = items[no], day and read_day(day)
        known = scores.get(item.code)
        mean = sum(known) // len(known) if known else 0
        said = f"，{len(known)} 期，平均得分 {mean // 100}.{mean % 100:02}" if known else ""
        rows.append(
            EvidenceRow(
                fact=item.code,
                key=no,
                org_id=org,
                on=on,
                title=f"{item.title}{said}",
                reason=REASONS.get(reason, ""),
                period=Period.containing(on, item.per).label if on else "",
            )
        )
    return Evidence(tuple(rows), len(rows))


def _rows(scope: OrgScope, explanation: Explanation, statement: Statement) -> Evidence:
    found = execute(statement.sql, statement.params)
    shown = found[:SHOWN]
    visible = {
        row.id for row in org_queries.organizations_by_id(scope=scope, ids=[r[1] for r in shown])
    }
    describer = describers.get(explanation.fact)
    keys = [key for key, org, *_ in shown if org in visible]
    words = describer(keys) if describer and keys else {}
    # A fact without words of its own goes by its title; a row outside the scope by none.
    plain = Described(catalog()[explanation.fact].title) if len(words) < len(keys) else None
    return Evidence(
        tuple(
            _row(explanation.fact, row, words.get(row[0], plain) if row[1] in visible else None)
            for row in shown
        ),
        len(found),
    )


def _row(fact: str, row: tuple[Any, ...], words: Described | None) -> EvidenceRow:
    key, org, on, reason = row
    return EvidenceRow(
        fact=fact,
        key=key,
        org_id=org,
        on=on and read_day(on),
        title=words.title if words else "",
        reason=REASONS.get(reason, reason or ""),
        record=words.record if words else "",
        record_id=words.record_id if words else None,
    )
