"""A procedure, rules of voting, a classification and a plan that lint clean, and one spoiled line for each complaint."""

from typing import NamedTuple

PROCEDURE = """\
code: demo_loop
title: 示例办理
kind: lifecycle
source: rule.1
subject: matter
classification: demo_situations
actors: {owner: 主办, verifier: 核实人}
states:
  opened: {title: 已立项, next: [verified]}
  verified: {title: 已核实, next: []}
always:
  - {kind: not_before_previous, severity: block, says: 按次序办理, source: rule.1}
steps:
  - {number: 1, code: opened, title: 立项, actor: owner, documents: [事实], state: opened, source: rule.1}
  - {number: 2, code: voted, title: 会议审议, actor: owner, source: rule.1,
     limit: {after: opened, days: $review_days, source: rule.2},
     guards: [{kind: vote, rule: demo_vote, severity: block, says: 到会和赞成过半数, source: rule.1},
              {kind: min_interval, after: opened, months: $wait_months, severity: warn, says: 先送达再审议, source: rule.2}]}
  - {number: 3, code: verified, title: 核实, actor: verifier, state: verified, photos: never_required, source: rule.1,
     guards: [{kind: different_person, other_than: opened, severity: block, says: 核实人不得是立项人, source: rule.1}]}
  - {number: 4, code: closed, title: 销号, actor: owner, mark: U, tags: [依据待核], source: rule.2}
public_notice: {at: [closed], working_days: $review_days, source: rule.2, shows: [步骤], unpublish: at_end}
"""
VOTES = """\
code: demo_votes
title: 示例表决规则
kind: votes
names: {due: 应到, present: 实到, ayes: 赞成}
rules:
  - {code: demo_vote, title: 一般表决, base: due, quorum: 2 * present >= due, majority: 2 * ayes > due, source: rule.1, says: 过半数}
  - {code: demo_list, title: 不计入人员, by_hand: true, source: rule.1, says: 逐人写明理由}
"""
CLASSIFICATION = """\
code: demo_situations
title: 示例情形
kind: situations
computed_verdict: false
quota: none
source: rule.1
situations:
  - {code: D1, title: 长期没有开展活动, facts: [meeting], items: [demo.meeting], shows: 会议次数}
  - {code: D2, title: 群众意见大, mark: U, tags: [依据待核], parameter: $review_days, shows: 由会议写明}
templates:
  village: {title: 村, fields: [village], rows: [{item: 1, title: 重要事项经大会讨论, source: rule.1}]}
"""
PLAN = """\
code: demo_plan
title: 示例三年计划
project: guidance
source: local.1
start_year: null
years: 3
document: null
tags: [依据待核]
unit: 个
targets:
  - {measure: demo.meeting, item: demo.meeting, title: 会议, per_year: [null, null, null], mark: U}
  - {measure: demo.later, awaits: plans, title: 以后再数, per_year: [null, null, null], mark: U}
milestones:
  - {code: approval, title: 立项, evidence: 批复文号}
"""
PHRASES = """\
phrases:
- {project: guidance, phrase: 开好会议, carried_by: [demo.meeting, 'plan:demo_plan']}
- {project: guidance, phrase: 学够学时, carried_by: [demo.hours, demo.meeting]}
"""
PARTS = {
    "base_pack/procedures/loop.yaml": PROCEDURE,
    "base_pack/procedures/votes.yaml": VOTES,
    "base_pack/classifications/situations.yaml": CLASSIFICATION,
    "district_pack/plans/plan.yaml": PLAN,
    "district_pack/phrases.yaml": PHRASES,
}
LOOP, RULES, SITUATIONS, PLANS, SAID = PARTS


class Spoil(NamedTuple):
    code: str
    what: str
    file: str
    old: str
    bad: str
    good: str


SPOILS_OF_PARTS = [
    Spoil("E101", "步骤写错的键", LOOP, "limit: {after:", "limit: {afer:", "limit: {after: "),
    Spoil("E103", "没有的种类", LOOP, "kind: lifecycle", "kind: life", "kind: 'lifecycle'"),
    Spoil("E106", "情形用没有的事实", SITUATIONS, "[meeting]", "[meetings]", "[course]"),
    Spoil("E108", "步骤没有的来源", LOOP, "opened, source: rule.1}", "opened, source: rule.9}", "opened, source: rule.2}"),
    Spoil("E108", "期限没有的来源", LOOP, "$review_days, source: rule.2}", "$review_days, source: rule.8}", "$review_days, source: rule.1}"),
    Spoil("E109", "程序代码重复", RULES, "code: demo_list", "code: demo_vote", "code: demo_lists"),
    Spoil("E110", "期限没有的参数", LOOP, "days: $review_days", "days: $review_day", "days: $days"),
    Spoil("E208", "对照标准没有的领域", SITUATIONS, "fields: [village]", "fields: [hamlet]", "fields: [community]"),
    Spoil("E211", "举措指向没有的程序", "district_pack/projects.yaml", "[demo.meeting]", "['procedure:demo_lop']", "['procedure:demo_loop']"),
    Spoil("E211", "有清单项又等待", "district_pack/projects.yaml", "[demo.meeting]}", "[demo.meeting], awaits: loops}", "['plan:demo_plan'], awaits: loops}"),
    Spoil("E220", "没有的后一状态", LOOP, "next: [verified]", "next: [verifed]", "next: [verified, opened]"),
    Spoil("E220", "步骤进入没有的状态", LOOP, "state: verified,", "state: verify,", "state: opened,"),
    Spoil("E220", "到不了的状态", LOOP, "next: [verified]", "next: []", "next: [opened, verified]"),
    Spoil("E221", "不得同一人指向没有的步骤", LOOP, "other_than: opened", "other_than: open", "other_than: voted"),
    Spoil("E221", "间隔指向后面的步骤", LOOP, "min_interval, after: opened", "min_interval, after: verified", "max_interval, after: opened"),
    Spoil("E221", "公示指向没有的步骤", LOOP, "at: [closed]", "at: [close]", "at: [verified]"),
    Spoil("E222", "间隔没有写时长", LOOP, ", months: $wait_months, severity", ", severity", ", days: $wait_months, severity"),
    Spoil("E222", "表决写了别的键", LOOP, "rule: demo_vote,", "rule: demo_vote, days: $days,", "rule: demo_vote, note: 说明,"),
    Spoil("E222", "表决没有写规则", LOOP, "kind: vote, rule: demo_vote,", "kind: vote,", "kind: vote_any, rules: [demo_vote],"),
    Spoil("E223", "没有的办理人", LOOP, "title: 立项, actor: owner", "title: 立项, actor: onwer", "title: 立项, actor: verifier"),
    Spoil("E224", "步骤跳号", LOOP, "number: 4", "number: 5", "number: 4, optional: true"),
    Spoil("E224", "步骤代码重复", LOOP, "code: closed", "code: voted", "code: closed, note: 说明"),
    Spoil("E225", "没有的表决规则", LOOP, "rule: demo_vote", "rule: demo_votes", "rule: demo_list"),
    Spoil("E225", "算式用没有的人数", RULES, "2 * present >= due", "2 * came >= due", "3 * present >= 2 * due"),
    Spoil("E225", "基数写错", RULES, "base: due", "base: present", "base: ayes"),
    Spoil("E225", "由人办理又写算式", RULES, "by_hand: true", "by_hand: true, quorum: present > 0", "by_hand: true, note: 说明"),
    Spoil("E226", "自己核实自己", LOOP, "kind: different_person, other_than: opened", "kind: done, step: opened", "kind: different_person, other_than: voted"),
    Spoil("E227", "没有的分类", LOOP, "classification: demo_situations", "classification: demo_situation", "classification: 'demo_situations'"),
    Spoil("E227", "情形用没有的清单项", SITUATIONS, "items: [demo.meeting]", "items: [demo.meating]", "items: [demo.quorum]"),
    Spoil("E227", "目标用没有的清单项", PLANS, "item: demo.meeting", "item: demo.meating", "item: demo.quorum"),
    Spoil("E228", "年数与目标不符", PLANS, "years: 3", "years: 2", "years: null"),
    Spoil("E228", "没有文号的数字", PLANS, "[null, null, null]", "[2, 3, 4]", "[null,null,null]"),
    Spoil("E228", "目标没有着落", PLANS, ", awaits: plans", "", ", awaits: loops"),
    Spoil("E102", "语句没有着落", SAID, ", carried_by: [demo.hours, demo.meeting]", "", ", carried_by: [demo.meeting]"),
    Spoil("E229", "语句由没有的清单项承担", SAID, "[demo.hours, demo.meeting]", "[demo.hour, demo.meeting]", "[demo.term, demo.meeting]"),
    Spoil("E229", "语句没有依据文件的清单项", SAID, "[demo.hours, demo.meeting]", "[demo.hours]", "['plan:demo_plan']"),
    Spoil("E229", "语句写了两次", SAID, "phrase: 学够学时", "phrase: 开好会议", "phrase: 学好"),
    Spoil("E303", "步骤是打卡", LOOP, "title: 立项,", "title: 打卡签到,", "title: 受理,"),
    Spoil("E303", "节点是登录", PLANS, "title: 立项,", "title: 平台登录,", "title: 批复,"),
    Spoil("E304", "步骤要求照片", LOOP, "documents: [事实]", "documents: [现场照片]", "documents: [情况说明]"),
    Spoil("E304", "节点要求照片", PLANS, "evidence: 批复文号", "evidence: 开工照片", "evidence: 开工日期"),
    Spoil("E306", "目标是排名", PLANS, "title: 会议,", "title: 党员排名,", "title: 会议次数,"),
    Spoil("E306", "情形是末位", SITUATIONS, "title: 群众意见大", "title: 考核末位", "title: 群众意见较大"),
    Spoil("E307", "软件得出结论", SITUATIONS, "computed_verdict: false", "computed_verdict: true", "computed_verdict: False"),
    Spoil("E307", "软弱涣散定比例", SITUATIONS, "quota: none", "quota: 5%", "quota: 'none'"),
    Spoil("E307", "情形定名额", SITUATIONS, "title: 群众意见大", "title: 按名额列入", "title: 群众意见集中"),
    Spoil("E308", "核实要照片", LOOP, "photos: never_required", "photos: required", "photos: 'never_required'"),
    Spoil("E309", "步骤要已有的名册", LOOP, "documents: [事实]", "documents: [党员名册]", "documents: [事实说明]"),
    Spoil("E309", "节点要统计表", PLANS, "evidence: 批复文号", "evidence: 阵地统计表", "evidence: 批复日期"),
    Spoil("E310", "步骤要求报表", LOOP, "documents: [事实]", "documents: [进展周报]", "documents: [进展说明]"),
    Spoil("E310", "节点要求填报", PLANS, "evidence: 批复文号", "evidence: 填报完成", "evidence: 建设完成"),
    Spoil("E402", "步骤未经核实没有标明", LOOP, "mark: U, tags: [依据待核]", "mark: U", "mark: V2"),
    Spoil("E402", "情形未经核实没有标明", SITUATIONS, "mark: U, tags: [依据待核]", "mark: U", "mark: V2"),
    Spoil("E402", "目标未经核实没有标明", PLANS, "tags: [依据待核]", "tags: []", "tags: [依据待核, 试行]"),
    Spoil("W401", "二手来源写死期限", LOOP, "months: $wait_months", "months: 12", "months: $days"),
    Spoil("W401", "二手来源写死时限", LOOP, "after: opened, days: $review_days", "after: opened, days: 7", "after: opened, months: $review_days"),
]  # fmt: skip
