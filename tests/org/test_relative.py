"""本级 and 下一级 are seen from where a person stands; a code means itself, inside the scope only."""

import pytest

from tests.conftest import District
from wuju.kit.actors import Actor, OrgScope
from wuju.org.relative import NoHome, NothingBelow, UnknownOrganization, read_organizations


def codes(actor: Actor, text: str) -> list[str]:
    found = read_organizations(scope=actor.scope, text=text, home_path=actor.scope.home)
    return [row.code for row in found]


def test_words_mean_another_thing_to_another_person(town: District) -> None:
    assert codes(town.officer, "本级") == ["SD"]
    assert codes(town.officer, "下一级") == ["SD-Z", "SD-E", "SD-W"]
    assert codes(town.east_officer, " 本级 ") == ["SD-E"]
    assert codes(town.east_officer, "下一级") == ["SD-E1", "SD-E2"]


def test_a_code_is_found_inside_the_scope_only(town: District) -> None:
    assert codes(town.east_officer, "SD-E1") == ["SD-E1"]
    with pytest.raises(UnknownOrganization, match="没有组织代码“SD-W1”"):
        codes(town.east_officer, "SD-W1")


def test_a_branch_has_nothing_below(town: District) -> None:
    with pytest.raises(NothingBelow, match="东川一村党支部没有下一级组织"):
        codes(town.east_secretary, "下一级")


def test_a_grant_of_one_organization_alone_does_not_open_what_lies_below(town: District) -> None:
    alone = OrgScope(orgs=frozenset({town.east.path}))

    [own] = read_organizations(scope=alone, text="本级", home_path=alone.home)
    assert own.code == "SD-E"
    with pytest.raises(NothingBelow):
        read_organizations(scope=alone, text="下一级", home_path=alone.home)
    assert not alone.below(town.east.path).covers(town.east_branch.path)
    assert town.officer.scope.below(town.east.path).covers(town.east_branch.path)


def test_without_a_scope_there_is_no_own_organization(town: District) -> None:
    with pytest.raises(NoHome):
        read_organizations(scope=OrgScope(), text="本级", home_path="")
    with pytest.raises(NoHome):
        read_organizations(scope=town.east_officer.scope, text="本级", home_path=town.west.path)
