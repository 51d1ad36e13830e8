"""What a district changes is told in a sentence, and whether it tightens or loosens."""

import pytest

from wuju.rulepacks import loader
from wuju.rulepacks.diff import Change, Direction, diff, lines

from .conftest import WritePacks

REFINED = "district_pack/items/items.yaml"
MEETING = "{refine: demo.meeting, per: month, target: {at_least: 1}, because: 本地要求每月召开, source: local.1}"


def changes(write_packs: WritePacks, new: str = MEETING) -> list[Change]:
    packs = write_packs(REFINED, MEETING, new)
    return diff(loader.load_pack(packs / "base_pack"), loader.load_pack(packs / "district_pack"))


def test_a_tightened_item_is_told_with_both_numbers_its_reason_and_its_document(
    write_packs: WritePacks,
) -> None:
    meeting, hours = changes(write_packs)

    assert meeting == Change(
        item="demo.meeting",
        title="会议",
        direction=Direction.TIGHTENED,
        sentence="国家 ≥1次/季 → 本区 ≥1次/月",
        because="本地要求每月召开",
        source="local.1",
    )
    assert str(meeting).startswith("收紧 demo.meeting 会议：国家 ≥1次/季 → 本区 ≥1次/月")
    assert (hours.direction, hours.sentence) == (Direction.CHANGED, "权重：国家 不计 → 本区 3")


@pytest.mark.parametrize(
    ("change", "direction", "sentence"),
    [
        ("target: {at_least: 2}", Direction.TIGHTENED, "国家 ≥1次/季 → 本区 ≥2次/季"),
        ("per: half", Direction.LOOSENED, "国家 ≥1次/季 → 本区 ≥1次/半年"),
        # Twelve in a year instead of four is more, though the year is longer.
        ("per: year, target: {at_least: 12}", Direction.TIGHTENED, "国家 ≥1次/季 → 本区 ≥12次/年"),
        # Four in a year may all fall in one quarter: the same number over a longer period is looser.
        ("per: year, target: {at_least: 4}", Direction.LOOSENED, "国家 ≥1次/季 → 本区 ≥4次/年"),
        ("target: {between: [1, 2]}", Direction.CHANGED, "国家 ≥1次/季 → 本区 1—2次/季"),
        ("strength: must", Direction.TIGHTENED, "国家 一般 → 本区 应当"),
        ("grace_days: 20", Direction.LOOSENED, "录入宽限：国家 14 天 → 本区 20 天"),
    ],
)
def test_every_kind_of_change_has_its_direction(
    write_packs: WritePacks, change: str, direction: Direction, sentence: str
) -> None:
    first, _ = changes(write_packs, f"{{refine: demo.meeting, {change}, because: 本地要求}}")

    assert (first.direction, first.sentence) == (direction, sentence)


def test_a_lower_ceiling_is_tighter(write_packs: WritePacks) -> None:
    base = ("base_pack/items/items.yaml", "target: {at_least: 1}", "target: {at_most: 9}")
    packs = write_packs(*base)
    (packs / REFINED).write_text(
        "- {refine: demo.meeting, target: {at_most: 5}, because: 本地要求}\n", "utf-8"
    )

    (change,) = diff(
        loader.load_pack(packs / "base_pack"), loader.load_pack(packs / "district_pack")
    )

    assert (change.direction, change.sentence) == (
        Direction.TIGHTENED,
        "国家 ≤9次/季 → 本区 ≤5次/季",
    )


def test_a_changed_parameter_is_told_through_the_item_that_reads_it(
    write_packs: WritePacks,
) -> None:
    packs = write_packs()
    (packs / "district_pack/parameters.yaml").write_text(
        "lectures: {value: 6, unit: 次/年, mark: V, source: local.1, because: 本地办法}\n", "utf-8"
    )

    found = diff(loader.load_pack(packs / "base_pack"), loader.load_pack(packs / "district_pack"))
    lecture = next(change for change in found if change.item == "demo.lecture")

    assert (lecture.direction, lecture.because) == (Direction.TIGHTENED, "本地办法")
    assert lecture.sentence == "国家 ≥4次/年 → 本区 ≥6次/年"


def test_an_added_item_is_told(write_packs: WritePacks) -> None:
    packs = write_packs()
    items = (packs / "base_pack/items/items.yaml").read_text("utf-8")
    own = items.partition("- code: demo.lecture")[0].replace("demo.meeting", "local.meeting")
    (packs / "district_pack/items/own.yaml").write_text(own, "utf-8")

    found = diff(loader.load_pack(packs / "base_pack"), loader.load_pack(packs / "district_pack"))
    added = next(change for change in found if change.item == "local.meeting")

    assert (added.direction, added.sentence) == (Direction.ADDED, "≥1次/季，程序项")


def test_a_document_named_beside_the_source_is_told_as_that_and_no_more(
    write_packs: WritePacks,
) -> None:
    (change, _) = changes(write_packs, "{refine: demo.meeting, source: local.1}")

    assert (change.direction, change.sentence) == (Direction.CITED, "第一条")


def test_an_undecided_target_is_told_as_undecided(write_packs: WritePacks) -> None:
    text = "lectures: {value: null, unit: 次/年, mark: U, source: local.1, because: 本地待定}\n"
    packs = write_packs()
    (packs / "district_pack/parameters.yaml").write_text(text, "utf-8")

    found = diff(loader.load_pack(packs / "base_pack"), loader.load_pack(packs / "district_pack"))

    said = {change.item: change.sentence for change in found}
    assert said["demo.lecture"] == "国家 ≥4次/年 → 本区 待定/年"


def test_the_whole_comparison_counts_groups_by_project_and_shares_a_line(
    write_packs: WritePacks,
) -> None:
    packs = write_packs(
        "district_pack/items/items.yaml", "weight: 3}", "weight: 3, source: local.1}"
    )
    (packs / "district_pack/items/more.yaml").write_text(
        "- {refine: demo.lecture, source: local.1}\n- {refine: demo.term, source: local.1}\n",
        "utf-8",
    )

    told = list(
        lines(*(loader.load_pack(packs / f"{name}_pack") for name in ("base", "district")))
    )

    assert told == [
        "《示例本地规则包》第 1 版比《示例规则包》第 1 版：",
        "收紧 1 项、放宽 0 项、取消 0 项、新增 0 项、调整 1 项、增引 3 项。",
        "一 示例工程",
        "  收紧 demo.meeting 会议：国家 ≥1次/季 → 本区 ≥1次/月（本地要求每月召开）",
        "  调整 demo.hours 学时覆盖：权重：国家 不计 → 本区 3",
        "  增引第一条（2 项）：党课、学时覆盖",
        "branches",
        "  增引第一条（1 项）：按期换届",
        "新增计划 1 个：示例三年计划。",
    ]


def test_a_pack_compared_with_itself_has_no_changes(write_packs: WritePacks) -> None:
    pack = loader.load_pack(write_packs() / "base_pack")

    assert diff(pack, pack) == []
