"""E227, E228, E307: classifications stay with people, plans stay honest about what is decided. Pure.

Source: 《整治形式主义为基层减负若干规定》; no ratio, no quota, nothing spread evenly over townships.
"""

import re

from wuju.rulepacks.bench import Bench, Complaints
from wuju.rulepacks.checks_formalism import asks_for_proof
from wuju.rulepacks.complaints import suggestion
from wuju.rulepacks.loader import Spot
from wuju.rulepacks.procedures import Classification, Plan

_VERDICT = re.compile("比例|名额|指标|倒排|末位|得分|总分|分值|自动认定")


def check(bench: Bench) -> Complaints:
    for spot, classification in bench.own(Classification):
        yield from verdict(spot, classification)
        yield from looks_at(bench, spot, classification)
        yield from fields(bench, spot, classification)
    for spot, plan in bench.own(Plan):
        yield from years(spot, plan)
        yield from measures(bench, spot, plan)
        yield from evidence(spot, plan)


def verdict(spot: Spot, classification: Classification) -> Complaints:
    """E307: facts are laid beside a situation; a meeting decides, and no number is set beforehand."""
    if classification.computed_verdict:
        why = f"“{classification.title}”不得由软件得出结论，请写 computed_verdict: false。"
        yield spot.complain("E307", why, "computed_verdict")
    if classification.quota != "none":
        why = f"“{classification.title}”不得定比例、下指标，请写 quota: none。"
        yield spot.complain("E307", why, "quota")
    for i, situation in enumerate(classification.situations):
        if _VERDICT.search(situation.title):
            why = f"情形“{situation.title}”定了比例、名额或得分，请改为要看的事实。"
            yield spot.complain("E307", why, "situations", i, "title")


def looks_at(bench: Bench, spot: Spot, classification: Classification) -> Complaints:
    """E106, E227: the facts and items laid beside a situation exist."""
    for i, situation in enumerate(classification.situations):
        for fact in situation.facts:
            if fact not in bench.catalog:
                why = f"事实目录里没有“{fact}”{suggestion(fact, list(bench.catalog))}"
                yield spot.complain("E106", why, "situations", i, "facts")
        for item in situation.items:
            if item not in bench.pack.items:
                why = f"没有清单项“{item}”{suggestion(item, list(bench.pack.items))}"
                yield spot.complain("E227", why, "situations", i, "items")


def fields(bench: Bench, spot: Spot, classification: Classification) -> Complaints:
    """E208: a checklist is for fields that organizations have."""
    known = bench.catalog["org"].columns["field"].values
    for name, template in classification.templates.items():
        for field in template.fields:
            if field not in known:
                why = f"“fields”没有代码“{field}”{suggestion(field, known)}"
                yield spot.complain("E208", why, "templates", name, "fields")


def years(spot: Spot, plan: Plan) -> Complaints:
    """E228: a target has a value, or null, for each year; a value rests on a document."""
    for i, target in enumerate(plan.targets):
        if plan.years is not None and len(target.per_year) != plan.years:
            why = f"“{target.title}”写了 {len(target.per_year)} 年的目标，计划是 {plan.years} 年。"
            yield spot.complain("E228", why, "targets", i, "per_year")
        if plan.document is None and any(value is not None for value in target.per_year):
            why = f"“{target.title}”写了数字而没有文号，请填写 document，或改为 null。"
            yield spot.complain("E228", why, "targets", i, "per_year")


def measures(bench: Bench, spot: Spot, plan: Plan) -> Complaints:
    """E227, E228: a target is measured by an item that exists, or says what it awaits."""
    for i, target in enumerate(plan.targets):
        if target.item is not None and target.item not in bench.pack.items:
            why = f"没有清单项“{target.item}”{suggestion(target.item, list(bench.pack.items))}"
            yield spot.complain("E227", why, "targets", i, "item")
        if bool(target.item) == bool(target.awaits):
            why = f"“{target.title}”要写 item 或 awaits 之一。"
            yield spot.complain("E228", why, "targets", i)


def evidence(spot: Spot, plan: Plan) -> Complaints:
    """E304: a milestone is reached by a document or a date, never by a photograph."""
    for i, milestone in enumerate(plan.milestones):
        if asks_for_proof(milestone.evidence):
            why = f"“{milestone.title}”以“{milestone.evidence}”为凭，照片、附件不得作为条件，请改写。"
            yield spot.complain("E304", why, "milestones", i, "evidence")
