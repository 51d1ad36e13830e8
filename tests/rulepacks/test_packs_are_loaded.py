"""Loading: a district pack stands on the national one, faults are named, and the digest says what decides."""

import time
from pathlib import Path

import pytest

from wuju.kit.facts import Catalog
from wuju.rulepacks import loader, reading, stored
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.complaints import PackNotReadable

from .conftest import WritePacks
from .parts import LOOP, PLANS, RULES, SITUATIONS

ITEMS = "base_pack/items/items.yaml"


def test_a_district_pack_holds_the_national_items_with_its_own_changes(
    write_packs: WritePacks,
) -> None:
    packs = write_packs()

    national = loader.load_pack(packs / "base_pack")
    district = loader.load_pack(packs / "district_pack")

    assert set(district.items) == set(national.items)
    assert (national.items["demo.meeting"].per, district.items["demo.meeting"].per) == (
        "quarter",
        "month",
    )
    assert (national.items["demo.hours"].weight, district.items["demo.hours"].weight) == (None, 3)
    assert "local.1" in district.items["demo.meeting"].also
    assert district.items["demo.hours"].target == national.items["demo.hours"].target


def test_a_district_pack_holds_the_national_procedures_beside_its_own_plans(
    write_packs: WritePacks,
) -> None:
    packs = write_packs()

    national = loader.load_pack(packs / "base_pack").parts
    district = loader.load_pack(packs / "district_pack").parts

    assert district.procedures == national.procedures
    assert list(district.procedures["demo_loop"].by_code) == [
        "opened",
        "voted",
        "verified",
        "closed",
    ]
    assert (set(district.rules), set(district.classifications)) == (
        {"demo_vote", "demo_list"},
        {"demo_situations"},
    )
    assert (set(national.plans), set(district.plans)) == (set(), {"demo_plan"})


def test_a_procedure_of_the_national_pack_is_not_written_again(write_packs: WritePacks) -> None:
    packs = write_packs()
    again = packs / "district_pack" / "procedures"
    again.mkdir()
    (again / "loop.yaml").write_text((packs / LOOP).read_text("utf-8"), "utf-8")

    with pytest.raises(PackNotReadable, match="demo_loop"):
        loader.load_pack(packs / "district_pack")


def test_a_fault_in_a_procedure_is_named_with_its_place(write_packs: WritePacks) -> None:
    packs = write_packs(LOOP, "kind: min_interval", "kind: interval")

    with pytest.raises(PackNotReadable) as refusal:
        loader.load_pack(packs / "base_pack")

    (fault,) = refusal.value.complaints
    assert (fault.file, fault.line, fault.code) == (LOOP, 18, "E103")


def test_an_adopted_version_keeps_its_procedures(write_packs: WritePacks) -> None:
    pack = loader.load_pack(write_packs() / "district_pack")

    kept = stored.load(stored.dump(pack, catalog()))

    assert kept.parts == pack.parts.content
    assert kept.procedure("demo_loop") == pack.parts.procedures["demo_loop"]


def test_rules_carry_values_exemptions_and_the_first_day_in_force(write_packs: WritePacks) -> None:
    pack = loader.load_pack(write_packs() / "district_pack")

    rules = pack.rules(catalog())

    assert rules.by_code["demo.lecture"].parameters == ("lectures",)
    assert rules.parameters["lectures"] == 4
    assert rules.exempt == {"member": "NOT exempt"}
    assert (rules.pack, rules.digest) == ("district_pack@1", pack.digest)
    assert rules.effective_from.isoformat() == "2026-01-01"


def test_a_catalogue_without_the_facts_of_a_pack_is_refused(write_packs: WritePacks) -> None:
    pack = loader.load_pack(write_packs() / "base_pack")
    poorer: Catalog = {name: spec for name, spec in catalog().items() if name != "meeting"}

    with pytest.raises(PackNotReadable, match="meeting"):
        pack.rules(poorer)


def test_every_fault_of_shape_is_named_at_once(write_packs: WritePacks) -> None:
    packs = write_packs(ITEMS, "strength: should", "strenght: should")

    with pytest.raises(PackNotReadable) as refusal:
        loader.load_pack(packs / "base_pack")

    assert [fault.code for fault in refusal.value.complaints] == ["E102", "E101"]
    assert "（共 2 处）" in str(refusal.value)
    assert str(refusal.value).endswith(("。", "？"))


def test_a_folder_that_is_no_pack_says_so(tmp_path: Path) -> None:
    with pytest.raises(PackNotReadable, match=r"没有 pack\.yaml"):
        loader.load_pack(tmp_path)


def test_the_digest_stays_when_only_the_layout_changes(write_packs: WritePacks) -> None:
    before = loader.load_pack(write_packs() / "district_pack").digest

    laid_out = write_packs(ITEMS, "  title: 会议\n", "\n  # a remark\n  title: '会议'\n")

    assert loader.load_pack(laid_out / "district_pack").digest == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (ITEMS, "{at_least: 1}", "{at_least: 2}"),
        ("base_pack/parameters.yaml", "value: 4", "value: 5"),
        ("base_pack/pack.yaml", "mark: V2", "mark: V"),
        ("district_pack/items/items.yaml", "weight: 3", "weight: 4"),
        ("district_pack/projects.yaml", "weight: 20", "weight: 30"),
        (LOOP, "other_than: opened", "other_than: voted"),
        (RULES, "2 * present >= due", "2 * present > due"),
        (SITUATIONS, "title: 群众意见大", "title: 群众意见集中"),
        (PLANS, "unit: 个", "unit: 处"),
    ],
)
def test_the_digest_changes_with_anything_that_decides(
    write_packs: WritePacks, file: str, old: str, new: str
) -> None:
    before = loader.load_pack(write_packs() / "district_pack").digest

    assert loader.load_pack(write_packs(file, old, new) / "district_pack").digest != before


def test_a_pinned_digest_that_still_fits_is_accepted(write_packs: WritePacks) -> None:
    digest = loader.load_pack(write_packs() / "base_pack").digest

    pinned = write_packs(
        "district_pack/pack.yaml", "status: draft", f"extends_version: 1\nextends_digest: {digest}"
    )

    assert loader.load_pack(pinned / "district_pack").file.extends_digest == digest


def test_the_packs_of_the_house_load_quickly() -> None:
    reading._parsed.cache_clear()
    started = time.process_time()

    packs = loader.load_packs(pack_home())

    spent = time.process_time() - started
    assert list(packs) == ["anding_2026", "national_2026"]
    assert spent < 1.0  # 0.25 s on a quiet machine; the bound only catches a change of kind
