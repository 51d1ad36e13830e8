"""A small pack that lints clean, and a district pack over it, to be spoiled one line at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .parts import PARTS

PACK = """\
code: base_pack
title: 示例规则包
version: 1
effective_from: 2026-01-01
exempt:
  member: {where: NOT exempt, source: rule.1}
sources:
  rule.1: {title: 示例条例, article: 第一条, in_force_from: 2020-01-01, verified_on: 2026-03-31, mark: V}
  rule.2: {title: 示例做法, article: 全文, in_force_from: 2020-01-01, verified_on: 2026-03-31, mark: V2}
"""
PARAMETERS = """\
lectures: {value: 4, unit: 次/年, mark: V2, source: rule.2}
sessions: {value: 2, unit: 次/年, mark: U, source: rule.2}
review_days: {value: 7, unit: 日, mark: V2, source: rule.2}
wait_months: {value: 1, unit: 月, mark: V2, source: rule.2}
days: {value: 30, unit: 日, mark: V2, source: rule.2, used_by: org}
"""
ITEMS = """\
- code: demo.meeting
  title: 会议
  project: guidance
  applies_to: {kind: [branch]}
  kind: count
  of: meeting
  where: kind = 'members_meeting' AND status = 'held'
  per: quarter
  target: {at_least: 1}
  use: procedure
  source: rule.1
  strength: should
- code: demo.lecture
  title: 党课
  project: guidance
  applies_to: {kind: [branch]}
  kind: count
  of: meeting
  where: kind = 'party_lecture' AND status = 'held'
  per: year
  target: {at_least: $lectures}
  use: procedure
  source: rule.2
  strength: should
- code: demo.session
  title: 专题学习
  project: guidance
  applies_to: {kind: [committee]}
  kind: count
  of: meeting
  where: kind = 'study_group'
  per: year
  target: {at_least: $sessions}
  use: procedure
  source: rule.2
  tags: [依据待核]
  strength: should
- code: demo.quorum
  title: 到会人数
  project: guidance
  applies_to: {kind: [branch]}
  kind: ratio
  of: meeting
  numerator: 2 * present >= due
  denominator: 'TRUE'
  per: quarter
  target: {at_least: 90%}
  use: procedure
  source: rule.1
  strength: must
- code: demo.hours
  title: 学时覆盖
  project: guidance
  applies_to: {kind: [branch]}
  kind: coverage
  population: member
  each: {of: course_hours, sum: hours_tenths, at_least: 320}
  per: year
  target: {at_least: 100%}
  use: result
  score: proportional
  source: rule.1
  strength: should
- code: demo.term
  title: 按期换届
  project: branches
  applies_to: {kind: [branch]}
  kind: deadline
  of: term
  due: expires_on
  done: elected_on
  per: year
  target: {at_least: 95%}
  use: result
  score: pass
  source: rule.1
  strength: must
- code: demo.seats
  title: 支委会人数
  project: branches
  applies_to: {kind: [branch]}
  only_if: org.full_members >= 7
  kind: stock
  of: seat
  where: first_post
  per: half
  target: {between: [3, 7]}
  use: procedure
  source: rule.1
  strength: must
- code: demo.posts
  title: 支委会职务
  project: branches
  applies_to: {kind: [branch]}
  kind: set
  of: seat
  member: post
  all_of: [secretary, organization]
  per: year
  target: {at_least: 60%}
  use: procedure
  source: rule.1
  strength: must
- code: demo.grade
  title: 成效评价
  project: branches
  applies_to: {kind: [branch]}
  kind: attested
  item: demo.grade
  panel: {at_least: 3, who: [org_dept]}
  scale: {2: 好, 1: 一般}
  per: year
  target: {at_least: 2}
  use: result
  source: rule.1
  strength: should
- code: demo.total
  title: 构成
  project: branches
  applies_to: {kind: [branch]}
  kind: composite
  parts: {demo.hours: 1, demo.term: 1}
  per: year
  target: {at_least: 70%}
  use: result
  source: rule.1
  strength: should
"""
DISTRICT = """\
code: district_pack
title: 示例本地规则包
version: 1
effective_from: 2026-01-01
extends: base_pack
status: draft
sources:
  local.1: {title: 示例本地办法, article: 第一条, in_force_from: 2020-01-01, verified_on: 2026-03-31, mark: V}
"""
REFINED = """\
- {refine: demo.meeting, per: month, target: {at_least: 1}, because: 本地要求每月召开, source: local.1}
- {refine: demo.hours, weight: 3}
"""
PROJECTS = """\
projects:
- code: guidance
  number: 一
  title: 示例工程
  full_title: 示例工程
  capability: 示例
  package: guidance
  weight: 20
  source: local.1
  initiatives:
    - {code: meetings, phrase: 开好会议, covered_by: [demo.meeting]}
    - {code: later, phrase: 以后再做, awaits: plans}
"""
CODES = (
    "meeting",
    "lecture",
    "session",
    "quorum",
    "hours",
    "term",
    "seats",
    "posts",
    "grade",
    "total",
)


def _cases() -> str:
    return "".join(
        f"""\
- item: demo.{code}
  org: {{kind: branch}}
  cases:
    - name: 平常情形{code}
      as_of: 2026-04-20
      facts: {{meeting: {{columns: [kind, status, held_on], rows: [[members_meeting, held, 2026-02-10]]}}}}
      expect: [{{period: 2026Q1, status: met}}]
    - name: 边界情形{code}
      edge: true
      as_of: 2026-04-20
      expect: [{{period: 2026Q1, status: met}}]
"""
        for code in CODES
    )


RULE_MAP = """\
R-01: {mark: V, says: 开会和学习, by: [demo.meeting, demo.session, demo.hours, demo.quorum, vote:demo_vote, exempt:member]}
R-02: {mark: V2, says: 党课, by: [demo.lecture, $lectures, fact:meeting.lecturer, guard:wuju.votes.quorum.judge]}
R-03: {mark: V, says: 班子和换届, by: [demo.term, demo.seats, demo.posts, demo.grade, demo.total, procedure:demo_loop]}
R-04: {mark: U, says: 未见原文的, because: 核实以后再写}
"""


type WritePacks = Callable[..., Path]


@pytest.fixture
def write_packs(tmp_path: Path) -> WritePacks:
    """Write both packs, replacing text in one file, and return the folder that holds them."""

    def write(file: str = "", old: str = "", new: str = "") -> Path:
        texts = {
            "base_pack/pack.yaml": PACK,
            "base_pack/parameters.yaml": PARAMETERS,
            "base_pack/items/items.yaml": ITEMS,
            "base_pack/cases/cases.yaml": _cases(),
            "base_pack/rule_map.yaml": RULE_MAP,
            "district_pack/pack.yaml": DISTRICT,
            "district_pack/items/items.yaml": REFINED,
            "district_pack/projects.yaml": PROJECTS,
            **PARTS,
        }
        if file:
            assert old in texts[file], f"{old!r} is not in {file}"
            texts[file] = texts[file].replace(old, new, 1)
        for name, text in texts.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path

    return write
