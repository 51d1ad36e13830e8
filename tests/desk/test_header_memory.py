"""A header a person has explained once is understood the next time, for that person alone."""

import pytest

from tests.conftest import NOW, District
from tests.desk.makers import counts, stage, workbook
from wuju.desk import actions
from wuju.desk.kinds import kind_named
from wuju.desk.mapping import header_offers
from wuju.kit.errors import DomainError

SHEET = workbook(
    ("组织代码", "同志", "性别", "生日", "人员类别"), ("SD-E1", "赵甲", "男", "1980-03-05", "正式")
)


def test_an_explained_header_is_understood(town: District) -> None:
    with pytest.raises(DomainError, match="缺少必需的列：姓名"):
        stage(SHEET, town.east_officer)

    offer = header_offers(SHEET, "x.xlsx", kind_named("members"))[0]
    assert (offer.unknown, offer.missing) == (("同志", "生日"), ("姓名",))
    actions.remember_headers(
        kind="members",
        fingerprint=offer.fingerprint,
        meanings={"同志": "name", "生日": "born_on"},
        actor=town.east_officer,
        at=NOW,
    )

    assert counts(stage(SHEET, town.east_officer)) == {"new": 1}
    with pytest.raises(DomainError, match="缺少必需的列：姓名"):
        stage(SHEET, town.officer)


def test_a_meaning_must_be_a_column(town: District) -> None:
    with pytest.raises(DomainError, match="没有“points”这样的列"):
        actions.remember_headers(
            kind="members", fingerprint="f", meanings={"积分": "points"},
            actor=town.east_officer, at=NOW,
        )  # fmt: skip
