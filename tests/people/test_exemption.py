"""An exemption is yes or no with the number of its approval; which illness it is never enters."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError

from tests.conftest import NOW, SYSTEM, TODAY, District
from tests.desk.makers import id_number, stage, workbook
from wuju.desk import actions as desk
from wuju.desk import queries
from wuju.kit.sheets.reader import read_book
from wuju.ledger.images import unpack
from wuju.ledger.models import ImageChunk
from wuju.ledger.queries import verify_records
from wuju.people import actions
from wuju.people.models import Membership

HEADER = ("组织代码", "姓名", "公民身份号码", "人员类别", "不作硬性要求", "不作硬性要求批准文号")
PAPER = "东一支〔2026〕2号"


def landed(town: District, said: str, paper: str = "") -> Membership:
    row = ("SD-E1", "周壬", id_number("19400101", 1), "正式党员", said, paper)
    batch = stage(workbook(HEADER, row), town.east_officer)
    desk.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)
    return Membership.objects.get()


@pytest.mark.parametrize("said", ["是", "年老", "体弱", "残疾", "ill", "aged", "disabled", "yes"])
def test_old_words_are_read_as_yes_and_not_kept(town: District, said: str) -> None:
    row = landed(town, said, PAPER)

    assert (row.exempt, row.exempt_document) == (True, PAPER)
    kept = [
        unpack(payload)
        for payload in ImageChunk.objects.filter(table="people.Membership").values_list(
            "payload", flat=True
        )
    ]
    assert said not in {str(value) for part in kept for row in part["rows"] for value in row[2]}


@pytest.mark.parametrize("said", ["否", "无", "none", "no"])
def test_no_and_its_old_words_are_no(town: District, said: str) -> None:
    assert landed(town, said).exempt is False


def test_a_document_without_an_exemption_is_refused(town: District) -> None:
    row = ("SD-E1", "周壬", id_number("19400101", 1), "正式党员", "否", PAPER)
    batch = stage(workbook(HEADER, row), town.east_officer)

    [line] = queries.preview(scope=town.east_officer.scope, batch_id=batch.pk).rows
    assert line.state == "error"
    assert "请在“是否不作硬性要求”一列填“是”。" in "".join(cell.problem for cell in line.cells)


def test_an_exemption_without_its_number_is_reminded_of_it(town: District) -> None:
    row = ("SD-E1", "周壬", id_number("19400101", 1), "正式党员", "年老", None)
    batch = stage(workbook(HEADER, row), town.east_officer)

    [line] = queries.preview(scope=town.east_officer.scope, batch_id=batch.pk).rows
    assert line.state == "new"
    assert "不作硬性要求的没有写批准文号，请补上。" in line.notes


def test_an_exemption_ends_by_the_next_roster_and_the_past_stays(town: District) -> None:
    landed(town, "是", PAPER)
    row = ("SD-E1", "周壬", id_number("19400101", 1), "正式党员", "否", None)
    batch = stage(workbook(HEADER, row), town.east_officer, as_of="2026-11-20")
    desk.land_batch(batch_id=batch.pk, actor=town.east_officer, at=NOW)

    before, after = Membership.objects.order_by("from_on")
    assert (before.exempt, before.exempt_document, before.until_on) == (
        True, PAPER, dt.date(2026, 11, 20),
    )  # fmt: skip
    assert (after.exempt, after.exempt_document) == (False, "")


def test_an_exported_exemption_comes_back_unchanged(town: District) -> None:
    landed(town, "年老", PAPER)
    scope = town.east_officer.scope
    book = queries.export_book(scope=scope, kind="members", today=TODAY).content

    cells = repr([row for sheet in read_book(book, "x.xlsx").sheets for row in sheet.rows])
    assert PAPER in cells
    assert "年老" not in cells
    batch = stage(book, town.east_officer, as_of=TODAY.isoformat())
    assert (batch.rows_same, batch.rows_update, batch.rows_new) == (1, 0, 0)


def test_the_database_keeps_no_document_without_an_exemption(town: District) -> None:
    draft = actions.MemberDraft(
        row_key="x", organization_id=town.east_branch.pk, name="周壬", sex="male",
        category="full", from_on=dt.date(2024, 1, 1), exempt_document=PAPER,
    )  # fmt: skip

    with pytest.raises(IntegrityError, match="membership"):
        actions.land_members(drafts=[draft], as_of=TODAY, actor=SYSTEM, at=NOW)


def test_images_from_before_the_columns_changed_still_account_for_their_rows(
    town: District,
) -> None:
    """An old image has a column that is gone and lacks two; what both have is held equal."""
    import json
    import zlib

    landed(town, "是", PAPER)
    chunk = ImageChunk.objects.get(table="people.Membership")
    image = unpack(chunk.payload)
    place = image["columns"].index("exempt")
    image["columns"][place : place + 2] = ["exempt_reason"]
    for _, _, after in image["rows"]:
        after[place : place + 2] = ["aged"]
    chunk.payload = zlib.compress(json.dumps(image).encode())
    chunk.save(update_fields=["payload"])
    actions.land_members(
        drafts=[actions.MemberDraft("y", town.east_branch.pk, "吴癸", "male", "full", TODAY)],
        as_of=TODAY,
        actor=SYSTEM,
        at=NOW,
    )

    assert verify_records(scope=town.officer.scope) == []
    Membership.objects.filter(exempt=True).update(post="secretary")
    [fault] = verify_records(scope=town.officer.scope)
    assert fault.field == "post"


MIGRATE = """
import datetime as dt, django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

before, after = [("people", "0001_initial")], [("people", "0004_remove_exempt_reason")]
executor = MigrationExecutor(connection)
executor.migrate(before)
apps = executor.loader.project_state(before).apps
day = dt.date(2024, 1, 1)
home = apps.get_model("org", "Organization").objects.create(
    code="A", name="甲", short_name="甲", path="0001", established_on=day)
Member, Membership = (apps.get_model("people", name) for name in ("Member", "Membership"))
for reason in ("none", "aged", "ill", "disabled"):
    one = Member.objects.create(row_key=reason, name="某", sex="male")
    Membership.objects.create(member=one, organization=home, from_on=day, category="full", exempt_reason=reason)
executor = MigrationExecutor(connection)
executor.migrate(after)
apps = executor.loader.project_state(after).apps
rows = apps.get_model("people", "Membership").objects.order_by("id")
print(list(rows.values_list("exempt", flat=True)))
"""


def test_reasons_on_record_become_yes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MIGRATE],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "WUJU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "wuju.config.settings"},
    )  # fmt: skip

    assert done.stdout.strip().endswith("[False, True, True, True]"), done.stderr[-2000:]
