"""Names are ordered, searched and invented the way offices expect."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuju.kit import names
from wuju.kit.names import (
    bigrams,
    by_strokes,
    fictitious_name,
    initials,
    is_fictitious,
    name_initials,
    name_pinyin,
    official_order,
    pinyin,
    sort_by_strokes,
    stroke_count,
    surname,
)


def test_surnames_are_ordered_by_strokes_then_first_strokes() -> None:
    shuffled = ["戴甲", "张甲", "王甲", "李甲", "丁甲", "马甲", "刘甲", "赵甲", "陈甲", "杨甲"]

    assert "".join(name[0] for name in sort_by_strokes(shuffled)) == "丁马王刘李杨张陈赵戴"


def test_unknown_surnames_come_after_by_code_point() -> None:
    assert sort_by_strokes(["𠮷甲", "甲甲", "魏甲", "王甲"]) == ["王甲", "魏甲", "甲甲", "𠮷甲"]


def test_within_a_surname_short_names_come_first() -> None:
    assert sort_by_strokes(["王乙丙", "王丁"]) == ["王丁", "王乙丙"]


def test_compound_surnames_are_ordered_by_their_first_character() -> None:
    assert surname("欧阳甲乙") == "欧阳"
    assert surname("欧阳") == "欧"
    assert sort_by_strokes(["欧阳甲乙", "司马甲", "赵甲"]) == ["司马甲", "欧阳甲乙", "赵甲"]


@given(st.lists(st.text(max_size=4).map(str.strip)))
def test_the_order_is_total_whatever_is_in_the_list(things: list[str]) -> None:
    assert sort_by_strokes(things) == sort_by_strokes(reversed(things))


def test_each_surname_stands_once_and_has_its_strokes() -> None:
    every = "".join(names._BY_STROKES.values())

    assert len(every) == len(set(every)) >= 350
    assert [stroke_count(c) for c in "丁王李赵魏瞿𠮷"] == [2, 4, 7, 9, 17, 18, None]


def test_things_keep_their_official_order() -> None:
    listed = ["永定路街道", "中华路街道", "凤翔镇"]

    assert sorted(["凤翔镇", "其他乡", "永定路街道"], key=official_order(listed)) == [
        "永定路街道",
        "凤翔镇",
        "其他乡",
    ]


@pytest.mark.parametrize(
    ("name", "spelled"),
    [("单甲", "shanjia"), ("解乙", "xieyi"), ("仇丙", "qiubing"), ("查丁", "zhading"), ("区戊", "ouwu"), ("曾己", "zengji"),
     ("尉迟甲", "yuchijia"), ("尉甲", "weijia"), ("赵甲乙", "zhaojiayi"), ("单", "dan")],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name: str, spelled: str) -> None:
    assert name_pinyin(name) == spelled


def test_a_reading_given_by_the_person_wins() -> None:
    assert name_pinyin("单甲", reading="Dan jia") == "danjia"
    assert name_initials("曾甲", reading="ceng jia") == "cj"


def test_texts_are_spelled_for_search() -> None:
    assert pinyin("第３支部 (村)") == "di3zhibucun"
    assert initials("第12支部A") == "d12zba"
    assert pinyin("") == initials("") == ""


def test_two_character_terms_find_two_character_words() -> None:
    terms = bigrams("缴纳党费、开展主题党日").split()

    assert {"党费", "党日"} <= set(terms)
    assert "费开" not in terms
    assert bigrams("党") == ""
    assert bigrams("ABC-12 号") == "abc 12"


@given(st.text("党日活动费abc12、 "), st.integers(0, 20))
def test_every_pair_of_neighbours_is_a_term(text: str, place: int) -> None:
    pair = text[place : place + 2]
    if re.fullmatch(r"[党日活动费]{2}", pair):
        assert pair in bigrams(text).split()


def test_invented_names_are_plainly_invented_and_repeatable() -> None:
    first, second = random.Random(7), random.Random(7)
    made = [fictitious_name(first) for _ in range(2000)]

    assert made == [fictitious_name(second) for _ in range(2000)]
    assert all(map(is_fictitious, made))
    assert len(set(made)) > 1700
    assert not is_fictitious("王小明")


def test_the_key_is_comparable_for_blank_names() -> None:
    assert by_strokes(" ") == (99, 0, "0")
