"""The tile map of a project draws the item that lacks most, township by township, and ranks nobody."""

from tests.conftest import TODAY, District
from wuju.kit.actors import OrgScope
from wuju.kit.periods import read_period
from wuju.org import queries as org_queries
from wuju.org.places import tiles, townships
from wuju.standings.queries import LineRow, Matrix, MatrixCell, MatrixRow
from wuju.web.matrices import Column, Grid
from wuju.web.tiles import tile_chart

ITEM, OTHER = "meetings.members_meeting", "meetings.theme_day"
QUARTER = read_period("2026Q3", today=TODAY).number
COLUMNS = (
    Column(ITEM, "支部党员大会", "三季度", "2026Q3", 3),
    Column(OTHER, "主题党日", "9月", "2026-09", 1),
)


def line(org: int, n: int, missed: int = 0, unverified: int = 0) -> LineRow:
    return LineRow(
        org, ITEM, QUARTER, n, n - missed - unverified, 0, 0, 0, missed, 0, unverified, 0, 0, None
    )


def matrix(*lines: LineRow | None) -> Matrix:
    rows = [
        MatrixRow(org, f"镇{org}", (MatrixCell(ITEM, QUARTER, each),))
        for org, each in enumerate(lines, 1)
    ]
    return Matrix(0, (), tuple(rows), None)


GRID = Grid(COLUMNS, None, (), ())
FOUR = {1: (0, 0), 2: (1, 0), 3: None, 4: None}


def test_it_draws_the_item_that_lacks_most_with_what_each_township_lacks() -> None:
    found = matrix(line(1, 5, missed=2), line(2, 4, missed=1), line(3, 2, unverified=2), None)

    chart = tile_chart(found, GRID, FOUR)

    assert chart is not None
    assert chart.title == "“支部党员大会”2 个乡镇街道有待补，共 3 个组织"
    assert chart.twin.rows == (
        ("镇1", 3, 5, 2),
        ("镇2", 3, 4, 1),
        ("镇3", "未核实", "未核实", "未核实"),
        ("镇4", 0, 0, 0),
    )
    assert "/why/1/meetings.members_meeting/2026Q3/" in chart.svg


def test_those_without_a_place_stand_in_a_row_below_in_official_order() -> None:
    chart = tile_chart(matrix(*(line(n, 1) for n in range(1, 5))), GRID, FOUR)

    assert chart is not None
    assert [row[0] for row in chart.twin.rows] == ["镇1", "镇2", "镇3", "镇4"]
    assert chart.svg.index("镇3") < chart.svg.index("镇4")
    assert 'y="68"' in chart.svg


def test_nothing_is_drawn_where_nothing_lacks_or_too_few_townships_lie() -> None:
    well = Grid((Column(ITEM, "支部党员大会", "三季度", "2026Q3", 0),), None, (), ())
    four = matrix(*(line(n, 1) for n in range(1, 5)))

    assert tile_chart(four, well, FOUR) is None
    assert tile_chart(four, GRID, {1: (0, 0)}) is None
    assert tile_chart(four, Grid((), None, (), ()), FOUR) is None


def test_every_real_township_has_its_own_tile() -> None:
    assert set(tiles()) == {place.nbs_code for place in townships()}
    assert len(set(tiles().values())) == 22


def test_only_organizations_that_lead_a_township_have_a_tile(town: District) -> None:
    everywhere = OrgScope.whole(because="a test looks at all")
    found = org_queries.tiles_of(
        scope=everywhere, organization_ids=[town.county.pk, town.east.pk, town.east_branch.pk]
    )

    assert set(found) <= {town.east.pk}
