"""Every worked case of every pack, recomputed by the oracle: an expected answer cannot be a wish."""

import pytest

from wuju.engine import oracle
from wuju.rulepacks.cases import WorkedCase, build_world, read_cases, run_case
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.loader import Pack, load_pack, load_packs

PACKS = load_packs(pack_home())
CASES = [(pack, worked) for pack in PACKS.values() for worked in read_cases(pack)[0]]


@pytest.mark.parametrize(
    ("pack", "worked"), CASES, ids=[f"{pack.code} {worked.title}" for pack, worked in CASES]
)
def test_a_worked_case_answers_as_its_author_expects(pack: Pack, worked: WorkedCase) -> None:
    assert run_case(worked, pack, catalog(), oracle.evaluate) == []


def test_a_wrong_expectation_is_told() -> None:
    pack = load_pack(pack_home() / "national_2026")
    worked = read_cases(pack)[0][0]
    first = worked.case.expect[0].model_copy(update={"status": "missed", "numerator": 7})
    wrong = WorkedCase(
        worked.item,
        worked.case.model_copy(update={"expect": (first,)}),
        worked.profiles,
        worked.spot,
    )

    said = run_case(wrong, pack, catalog(), oracle.evaluate)

    assert len(said) == 2
    assert "numerator 应为 7，算得 1。" in said[0]
    assert "status 应为 missed，算得 met。" in said[1]


def test_members_of_a_profile_become_rows_by_date() -> None:
    pack = load_pack(pack_home() / "national_2026")
    growing = next(w for w in read_cases(pack)[0] if "增到七人" in w.case.name)

    members = build_world(growing, catalog()).facts["member"]

    assert len(members) == 6 + 7
    assert {row["category"] for row in members} == {"full"}
    assert len({row["member_id"] for row in members}) == 7
