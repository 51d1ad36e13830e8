"""The four refusals, over what is built: tables, forms, addresses, templates, script, catalogue and packs.

No points, ranking, check-in or online time; no mandatory photo or track; no machine verdict on
a person; no closure verified by the one who did the work (国办函〔2026〕12号; 《关于防治“指尖上的形式主义”的若干意见》).
The last is held by the guards of the loop: tests/loops/test_guards.py.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.urls import get_resolver

import wuju.web
from tests.web.test_every_page_needs_a_login import patterns
from wuju.loops.lifecycle import ACTS
from wuju.rulepacks.catalog import catalog, pack_home
from wuju.rulepacks.loader import load_pack

WEB = Path(wuju.web.__file__).parent
WORDS = re.compile(
    r"积分|排名|排行|签到|打卡|点赞|在线时长|登录次数|勋章|等级榜|光荣榜|定位|轨迹|截图|拍照上传|红黑榜"
)
CODES = re.compile(
    r"\b(points|ranking|leaderboard|check_?in|clock_?in|online_time|badges?|gps|geo_?track|login_count)\b"
)
SENSORS = re.compile(
    r"geolocation|getUserMedia|mediaDevices|capture=|DeviceOrientation|sendBeacon|visibilitychange"
)
# Where the words stand to say that there is none of it.
SAYING_NO = {
    "projects/matrix.html": "按官方次序排列，不排名",
    "registers/trainings.html": "学习平台的积分表不收",
}
INSIDE = re.compile(r"(^|_)(login|session|page_views|viewed|device|clicks?)(_|$)")
VERDICTS = re.compile(r"(^|_)(score|grade|rating|level|rank|points|verdict|weight)(_|$)")


def written() -> Iterator[tuple[str, str]]:
    """Yield every template and script with its text, less what says that there is none of it."""
    for path in sorted([*WEB.rglob("*.html"), *WEB.rglob("*.js")]):
        name = str(path.relative_to(WEB)).removeprefix("templates/")
        yield name, path.read_text("utf-8").replace(SAYING_NO.get(name, "\0"), "")


def our_models() -> Iterable[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("wuju.")]


def all_forms(of: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[Any]]:
    for each in of.__subclasses__():
        yield each
        yield from all_forms(each)


def forms_of_ours() -> list[type[Any]]:
    get_resolver().url_patterns  # noqa: B018 - imports every view, and with it every form
    return [f for f in all_forms() if f.__module__.startswith("wuju.")]


def about_a_person(model: type[models.Model]) -> bool:
    """Say whether rows of a model speak of one person: a member, a cadre or an account."""
    people = {"people.member", "access.user"}
    return model._meta.label_lower in people or any(
        field.many_to_one and field.related_model._meta.label_lower in people
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model
    )


def test_the_walks_find_something() -> None:
    assert len(list(written())) > 60
    assert len(list(our_models())) > 30
    assert len(forms_of_ours()) > 15
    assert sum(map(about_a_person, our_models())) >= 5


def test_no_page_and_no_script_speaks_of_it() -> None:
    assert [(name, WORDS.findall(text)) for name, text in written() if WORDS.search(text)] == []
    assert [name for name, text in written() if CODES.search(text)] == []


def test_no_page_asks_where_somebody_is_or_what_they_see_or_whether_they_look() -> None:
    assert [name for name, text in written() if SENSORS.search(text)] == []


def test_no_label_of_a_table_speaks_of_it() -> None:
    labels = [
        f"{model._meta.label}.{field.name}: {field.verbose_name}"
        for model in our_models()
        for field in model._meta.concrete_fields
        if WORDS.search(str(field.verbose_name)) or CODES.search(field.name)
    ]
    assert labels == []


def test_no_address_speaks_of_it() -> None:
    assert [route for _, route in patterns(get_resolver()) if CODES.search(route)] == []


def test_no_form_demands_a_photo_a_file_or_a_place() -> None:
    """A file is asked for where a workbook is imported, and nowhere else."""
    with_files = {
        form.__name__
        for form in forms_of_ours()
        for field in form.base_fields.values()
        if isinstance(field, forms.FileField)
    }
    photos = [
        f"{form.__name__}.{name}"
        for form in forms_of_ours()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.ImageField) or WORDS.search(str(field.label or ""))
    ]
    assert with_files <= {"UploadForm"}
    assert photos == []


def test_no_row_about_a_person_holds_a_verdict() -> None:
    """Grades and scores belong to an organization's work; of a person there are facts."""
    verdicts = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        if about_a_person(model)
        for field in model._meta.concrete_fields
        if VERDICTS.search(field.name)
    ]
    assert verdicts == []


def test_no_fact_tells_what_somebody_did_inside_the_program() -> None:
    columns = [
        f"{name}.{column}"
        for name, fact in catalog().items()
        for column in fact.columns
        if CODES.search(column) or INSIDE.search(column)
    ]
    assert columns == []


@pytest.mark.parametrize("pack", ["national_2026", "anding_2026"])
def test_no_item_is_about_it(pack: str) -> None:
    rules = load_pack(pack_home() / pack).rules(catalog())

    assert [item.code for item in rules.items if WORDS.search(item.title)] == []
    assert [item.code for item in rules.items if CODES.search(item.code)] == []


@pytest.mark.parametrize(
    "act",
    [
        "verify", "close", "confirm_revisit", "reopen", "return_evidence", "uphold_objection",
        "reject_objection", "accept_plan", "defer",
    ],
)  # fmt: skip
def test_whoever_did_the_work_is_refused_wherever_it_is_judged(act: str) -> None:
    assert any(guard.endswith("_another") or "_another_" in guard for guard in ACTS[act].guards)


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (WORDS, "本月积分排行"),
        (WORDS, "请拍照上传现场照片"),
        (CODES, '<a href="/leaderboard">'),
        (SENSORS, "navigator.geolocation.getCurrentPosition(save)"),
        (SENSORS, '<input type="file" capture="environment">'),
        (VERDICTS, "personal_score"),
    ],
)
def test_each_pattern_sees_what_is_planted(pattern: re.Pattern[str], planted: str) -> None:
    assert pattern.search(planted)
