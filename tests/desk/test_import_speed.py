"""Ten thousand rows are previewed and landed in seconds of processor time. Generous bounds: shared cores are slow."""

import datetime as dt
import time

from tests.conftest import NOW, District
from tests.desk.makers import ROSTER, counts, id_number, stage, workbook
from wuju.desk import actions, queries
from wuju.people.models import Member

ROWS = 10_000


def generated(phone: int = 13_800_000_000) -> bytes:
    first = dt.date(1950, 1, 1)
    rows = []
    for n in range(ROWS):
        born = first + dt.timedelta(days=n)
        number = id_number(f"{born:%Y%m%d}", 101)
        org = "SD-E1" if n % 2 else "SD-E2"
        rows.append((org, f"党员{n}", number, "男", born, "正式党员", str(phone + n)))
    return workbook(ROSTER, *rows)


def test_ten_thousand_rows(town: District) -> None:
    content, actor = generated(), town.east_officer

    started = time.process_time()
    batch = stage(content, actor)
    previewed = time.process_time() - started
    assert counts(batch) == {"new": ROWS}

    started = time.process_time()
    actions.land_batch(batch_id=batch.pk, actor=actor, at=NOW)
    landed = time.process_time() - started
    assert Member.objects.count() == ROWS

    started = time.process_time()
    page = queries.preview(scope=actor.scope, batch_id=batch.pk, page=100, states=("new",))
    paged = time.process_time() - started
    assert len(page.rows) == 50

    print(f"preview {previewed:.1f} s, landing {landed:.1f} s, one page {paged * 1000:.0f} ms")
    assert previewed < 20
    assert landed < 25
    assert paged < 1
