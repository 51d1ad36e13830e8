"""The desk: a sheet is looked at cell by cell, answered, landed in one go, and taken back."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.budgets import query_budget
from tests.conftest import District
from tests.desk.makers import id_number, roster, workbook
from tests.web.conftest import SignIn
from wuju.desk.models import Batch
from wuju.kit.sheets.reader import MAX_BYTES, read_book
from wuju.people.models import Member

HEADER = ("组织代码", "姓名", "公民身份号码", "性别", "人员类别", "手机号码")


@pytest.fixture
def officer_of_east(town: District, signed_in: SignIn) -> Client:
    return signed_in("township_officer", town.east)


def line(town: District, name: str, serial: int, **more: object) -> tuple[object, ...]:
    values = {
        "org": town.east_branch.code,
        "name": name,
        "id": id_number("19700101", serial),
        "sex": "男",
        "born": "1970-01-01",
        "category": "正式党员",
        "phone": "13800001234",
    } | more
    return tuple(values.values())


def upload(
    client: Client, content: bytes, *, name: str = "花名册.xlsx", **more: object
) -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    said = {"file": file, "option-as_of": "2026-10-31"} | more
    return client.post("/desk/?kind=members", said)  # type: ignore[return-value]


def uploaded(client: Client, content: bytes) -> Batch:
    answer = upload(client, content)
    batch = Batch.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/{batch.pk}/")
    return batch


def page(client: Client, batch: Batch, query: str = "") -> str:
    return client.get(f"/desk/{batch.pk}/{query}").content.decode()


# ------------------------------------------------------------------ the upload page


def test_the_upload_page_says_what_must_never_be_uploaded(officer_of_east: Client) -> None:
    main = officer_of_east.get("/desk/").content.decode().partition("<main")[2].partition("</main")

    assert "本系统为非涉密系统，严禁处理、传输、存储国家秘密。" in main[0]


def test_each_kind_asks_its_own_questions(officer_of_east: Client) -> None:
    html = officer_of_east.get("/desk/?kind=members").content.decode()

    assert "名册截至日期" in html
    assert 'type="date"' in html


def test_an_unanswered_question_is_refused_beside_its_field(officer_of_east: Client) -> None:
    answer = upload(officer_of_east, roster(), **{"option-as_of": ""})

    assert answer.status_code == 422
    assert "请选择名册截至日期。" in answer.content.decode()
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"%PDF-1.7 not a table", "a.pdf", "。"),
        (b"<html><table></table></html>", "a.xls", "。"),
        (workbook(("甲", "乙"), (1, 2)), "a.xlsx", "找不到表头"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(
    officer_of_east: Client, content: bytes, name: str, sentence: str
) -> None:
    answer = upload(officer_of_east, content, name=name)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "没有导入。" in html
    assert sentence in html
    assert not Batch.objects.exists()


def test_a_secret_marking_is_refused(officer_of_east: Client, town: District) -> None:
    content = workbook(("机密★1年",), HEADER, line(town, "周甲", 1))

    answer = upload(officer_of_east, content)

    assert answer.status_code == 409
    assert not Batch.objects.exists()


class Unread(io.BytesIO):
    """A body nobody may touch."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read")


def test_a_file_over_the_cap_is_refused_before_it_is_read(officer_of_east: Client) -> None:
    answer = officer_of_east.generic(
        "POST",
        "/desk/?kind=members",
        b"",
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(MAX_BYTES * 2), "wsgi.input": Unread()},  # type: ignore[arg-type]
    )

    assert answer.status_code == 409
    assert "文件超过 20 兆，没有接收" in answer.content.decode()


def test_the_upload_still_needs_its_token(officer_of_east: Client, town: District) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = officer_of_east.cookies

    answer = upload(strict, roster(line(town, "周甲", 1)))

    assert answer.status_code == 403
    assert not Batch.objects.exists()


@pytest.mark.parametrize("role", ["secretary", "inspector", "auditor", "system_admin"])
def test_who_may_not_import_sees_no_desk(town: District, signed_in: SignIn, role: str) -> None:
    client = signed_in(role, town.east)

    assert client.get("/desk/").status_code == 409
    assert upload(client, roster(line(town, "周甲", 1))).status_code == 409
    assert not Batch.objects.exists()


def test_a_kind_beyond_ones_role_is_refused(officer_of_east: Client) -> None:
    assert officer_of_east.get("/desk/?kind=orgs").status_code == 409
    assert officer_of_east.get("/desk/?kind=nothing").status_code == 409


# ------------------------------------------------------------------ headers


def test_unknown_headers_are_asked_about_once(officer_of_east: Client, town: District) -> None:
    content = workbook(
        ("组织代码", "党员同志", "性别", "人员类别"),
        (town.east_branch.code, "周甲", "男", "正式党员"),
    )

    answer = upload(officer_of_east, content)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "“党员同志”是" in html
    fingerprint = re.search(r'name="fingerprint"[^>]*value="(\w+)"', html)
    assert fingerprint

    said = {"fingerprint": fingerprint.group(1), "header-党员同志": "name"}
    remembered = officer_of_east.post("/desk/headers/members/", said)
    assert remembered.status_code == 303
    assert "表头已经记住" in officer_of_east.get(remembered["Location"]).content.decode()

    assert "周甲" in page(officer_of_east, uploaded(officer_of_east, content))


# ------------------------------------------------------------------ the preview


def test_every_cell_says_what_will_happen_to_it(officer_of_east: Client, town: District) -> None:
    uploaded(officer_of_east, roster(line(town, "周甲", 1), line(town, "周乙", 3)))
    officer_of_east.post(f"/desk/{Batch.objects.get().pk}/land/")
    again = roster(
        line(town, "周甲", 1, phone="13900005678"),
        line(town, "周丙", 5),
        line(town, "周丁", 7, sex="未知"),
        line(town, "周乙", 3, phone="138****1234"),
    )
    upload(officer_of_east, again)
    batch = Batch.objects.order_by("-id")[0]

    html = page(officer_of_east, batch)
    body = html.partition("<tbody>")[2]
    rows = body.split("<tr>")[1:]
    for row, words in zip(
        rows, (["变更"], ["新增"], ["错误"], ["无变化", "遮盖，不改"]), strict=True
    ):
        for word in words:
            assert word in row
    assert "13900005678" not in html
    assert "有问题的（1）" in html


def test_only_the_problems_can_be_shown(officer_of_east: Client, town: District) -> None:
    batch = uploaded(
        officer_of_east, roster(line(town, "周甲", 1), line(town, "周乙", 3, sex="未知"))
    )

    body = page(officer_of_east, batch, "?problems=1").partition("<tbody>")[2]

    assert "周乙" in body
    assert "周甲" not in body


def test_a_wrong_cell_is_corrected_in_place(officer_of_east: Client, town: District) -> None:
    batch = uploaded(officer_of_east, roster(line(town, "周乙", 3, sex="未知")))
    assert "disabled" in page(officer_of_east, batch)

    said = {"number": 2, "column": "sex", "text": "男", "back": "problems=1"}
    answer = officer_of_east.post(f"/desk/{batch.pk}/correct/", said)

    assert answer["Location"] == f"/desk/{batch.pk}/?problems=1"
    assert "落库 1 行" in page(officer_of_east, batch)


def test_a_partial_match_asks_and_the_answer_stands(
    officer_of_east: Client, town: District
) -> None:
    uploaded(officer_of_east, roster(line(town, "周甲", 1)))
    officer_of_east.post(f"/desk/{Batch.objects.get().pk}/land/")
    twin = roster(line(town, "周甲", 1, id=None, born="1971-02-02"))
    upload(officer_of_east, twin)
    batch = Batch.objects.order_by("-id")[0]
    html = page(officer_of_east, batch)
    assert "待确认" in html
    choices = re.findall(r'name="choice" value="(\w+)"', html)
    assert "skip" in choices

    officer_of_east.post(f"/desk/{batch.pk}/answer/", {"number": 2, "choice": choices[0]})

    assert 'aria-pressed="true"' in page(officer_of_east, batch) or "落库 1 行" in page(
        officer_of_east, batch
    )


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_preview_costs_the_same_for_one_row_and_twenty(
    officer_of_east: Client, town: District, how_many: int
) -> None:
    rows = [line(town, f"周甲{n}", 2 * n + 1) for n in range(how_many)]
    batch = uploaded(officer_of_east, roster(*rows))
    officer_of_east.get("/password")

    with query_budget("desk.batch"):
        assert page(officer_of_east, batch).count('class="batch-row"') == how_many


# ------------------------------------------------------------------ landing and undoing


def test_what_is_right_lands_and_what_is_wrong_comes_back(
    officer_of_east: Client, town: District
) -> None:
    batch = uploaded(
        officer_of_east, roster(line(town, "周甲", 1), line(town, "周乙", 3, sex="未知"))
    )

    assert officer_of_east.post(f"/desk/{batch.pk}/land/").status_code == 303

    assert list(Member.objects.values_list("name", flat=True)) == ["周甲"]
    assert "已落库 1 行" in page(officer_of_east, batch)
    answer = officer_of_east.get(f"/desk/{batch.pk}/errors/")
    book = read_book(answer.content, "e.xlsx")
    text = repr(book.sheets[0].rows)
    assert "周乙" in text
    assert "周甲" not in text
    assert id_number("19700101", 3) not in text
    assert answer["Cache-Control"] == "no-store"
    assert "%E9%97%AE%E9%A2%98.xlsx" in answer["Content-Disposition"]


def test_a_landed_batch_is_taken_back(officer_of_east: Client, town: District) -> None:
    batch = uploaded(officer_of_east, roster(line(town, "周甲", 1)))
    assert "撤回这一批" not in page(officer_of_east, batch)
    officer_of_east.post(f"/desk/{batch.pk}/land/")
    assert "撤回这一批" in page(officer_of_east, batch)

    assert officer_of_east.post(f"/desk/{batch.pk}/undo/").status_code == 303

    assert not Member.objects.exists()
    assert "已撤回" in page(officer_of_east, batch)
    assert officer_of_east.post(f"/desk/{batch.pk}/undo/").status_code == 409


def test_a_batch_does_not_land_twice(officer_of_east: Client, town: District) -> None:
    batch = uploaded(officer_of_east, roster(line(town, "周甲", 1)))
    officer_of_east.post(f"/desk/{batch.pk}/land/")

    answer = officer_of_east.post(f"/desk/{batch.pk}/land/")

    assert answer.status_code == 409
    assert "已经落库" in answer.content.decode()


def test_a_batch_of_another_township_does_not_exist(
    officer_of_east: Client, town: District, signed_in: SignIn
) -> None:
    batch = uploaded(officer_of_east, roster(line(town, "周甲", 1)))
    stranger = Client()
    from tests.web.conftest import open_account

    stranger.force_login(
        open_account("township_officer", town.west, username="west"),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    for address in ("", "errors/"):
        assert stranger.get(f"/desk/{batch.pk}/{address}").status_code == 409
    for address in ("land/", "undo/", "answer/", "correct/"):
        assert stranger.post(f"/desk/{batch.pk}/{address}").status_code == 409
    assert "花名册" not in stranger.get("/desk/").content.decode()
    assert not Member.objects.exists()


def test_an_expired_batch_says_so(officer_of_east: Client, town: District) -> None:
    import datetime as dt

    from tests.conftest import NOW, SYSTEM
    from wuju.desk import actions

    batch = uploaded(officer_of_east, roster(line(town, "周甲", 1)))
    assert batch.expires_on.isoformat() in page(officer_of_east, batch)
    actions.expire_batches(today=batch.expires_on + dt.timedelta(days=1), actor=SYSTEM, at=NOW)

    html = page(officer_of_east, batch)

    assert "超过保存期限并清除" in html
    assert "周甲" not in html
    assert officer_of_east.get(f"/desk/{batch.pk}/errors/").status_code == 409
