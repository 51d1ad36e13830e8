"""Letters keep GB/T 9704-2012, stay short, and never carry a secrecy level."""

import dataclasses
import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from wuju.kit.letters import (
    Attachment,
    Heading,
    Letter,
    MarkedSecret,
    Numbered,
    Paragraph,
    Table,
    TooLong,
    check_length,
    count_characters,
    write_letter,
)

NOTICE = Letter(
    kind="通报",
    issuer="中共示例区委组织部",
    number="示组通〔2026〕3号",
    title="关于2026年三季度基层党组织\n组织生活情况的通报",
    to="各乡镇（街道）党（工）委",
    paragraphs=(
        Paragraph("现将有关情况通报如下。"),
        Heading("总体情况"),
        Heading("三会一课", 2),
        Paragraph("按期召开。"),
        Heading("主题党日", 2),
        Heading("下一步要求"),
        Numbered(("抓实整改", "按期销号")),
        Table(
            ("组织", "应办", "已办"),
            (("示例镇", "12", "12"), ("试验镇", "9", "8")),
            caption="办理情况",
        ),
    ),
    signature="中共示例区委组织部",
    date_text="2026年11月24日",
    attachments=(Attachment("问题清单", (Paragraph("无。"),)), Attachment("时限表")),
    copies_to=("示例区纪委监委", "示例区委办公室"),
    printed_by="中共示例区委组织部办公室",
    remark="联系人：赵甲乙",
)


def opened(letter: Letter) -> Any:
    return Document(io.BytesIO(write_letter(letter)))


def texts(letter: Letter) -> list[str]:
    return [paragraph.text for paragraph in opened(letter).paragraphs]


def line(document: Any, start: str) -> Any:
    return next(paragraph for paragraph in document.paragraphs if paragraph.text.startswith(start))


def east_asian(paragraph: Any) -> str:
    return str(paragraph.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")))


def indent_of(paragraph: Any, name: str) -> str | None:
    indent = paragraph._p.pPr.find(qn("w:ind"))
    value = indent.get(qn(f"w:{name}")) if indent is not None else None
    return str(value) if value is not None else None


def test_the_page_is_a4_with_the_margins_of_2012_and_22_lines_of_28_characters() -> None:
    section = opened(NOTICE).sections[0]
    grid = section._sectPr.find(qn("w:docGrid"))
    near = Mm(0.1)

    for value, wanted in [
        (section.page_width, 210), (section.page_height, 297), (section.top_margin, 37),
        (section.bottom_margin, 35), (section.left_margin, 28), (section.right_margin, 26),
    ]:  # fmt: skip
        assert abs(value - Mm(wanted)) < near
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch, space = int(grid.get(qn("w:linePitch"))), int(grid.get(qn("w:charSpace")))
    assert 22 * pitch / 20 <= Mm(225).pt < 23 * pitch / 20
    assert round(Mm(156).pt / (16 + space / 4096), 2) == 28.0


def test_text_is_16_point_fangsong_on_exact_lines_two_characters_in() -> None:
    text = line(opened(NOTICE), "现将")

    assert east_asian(text) == "仿宋_GB2312"
    assert text.runs[0].font.size == Pt(16)
    assert abs(text.paragraph_format.line_spacing - Pt(28.95)) < Pt(0.1)
    assert indent_of(text, "firstLineChars") == "200"


def test_the_mark_is_red_and_the_number_stands_over_a_red_line() -> None:
    document = opened(NOTICE)
    mark, number = document.paragraphs[0], line(document, "示组通")
    rule = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))

    assert mark.text == "中共示例区委组织部文件"
    assert str(mark.runs[0].font.color.rgb) == "FF0000"
    assert abs(mark.paragraph_format.space_before - Mm(35)) < Mm(0.1)
    assert (rule.get(qn("w:color")), rule.get(qn("w:sz"))) == ("FF0000", "8")


def test_the_title_is_22_point_and_keeps_its_lines() -> None:
    title = line(opened(NOTICE), "关于2026年")

    assert title.runs[0].font.size == Pt(22)
    assert east_asian(title) == "方正小标宋简体"
    assert "组织生活情况的通报" in texts(NOTICE)


def test_headings_count_themselves_in_four_ways() -> None:
    letter = dataclasses.replace(
        NOTICE, paragraphs=(Heading("甲"), Heading("乙", 2), Heading("丙", 3), Heading("丁", 4), Heading("戊", 2), Heading("己"), Heading("庚", 2))
    )  # fmt: skip
    document = opened(letter)

    found = [p.text for p in document.paragraphs if p.text and p.text[-1] in "甲乙丙丁戊己庚"]
    assert found == ["一、甲", "（一）乙", "1.丙", "（1）丁", "（二）戊", "二、己", "（一）庚"]
    assert [east_asian(line(document, start)) for start in ("一、", "（一）", "1.", "（1）")] == [
        "黑体", "楷体_GB2312", "仿宋_GB2312", "仿宋_GB2312",
    ]  # fmt: skip


def test_recipient_attachments_signature_and_remark_stand_where_they_belong() -> None:
    document = opened(NOTICE)
    written = [paragraph.text for paragraph in document.paragraphs]

    assert "各乡镇（街道）党（工）委：" in written
    assert written.index("附件：1.问题清单") + 1 == written.index("2.时限表")
    assert indent_of(line(document, "2026年11月24日"), "rightChars") == "400"
    assert indent_of(line(document, "附件：1"), "leftChars") == "200"
    signature = [p for p in document.paragraphs if p.text == NOTICE.signature][-1]
    # Nine characters centred over seven, whose right edge is four from the margin.
    assert indent_of(signature, "rightChars") == "300"
    assert "（联系人：赵甲乙）" in written
    assert "附件1" in written
    assert "附件2" not in written  # the second has no content of its own


def test_a_single_attachment_has_no_number() -> None:
    written = texts(
        dataclasses.replace(NOTICE, attachments=(Attachment("问题清单", (Paragraph("无。"),)),))
    )

    assert "附件：问题清单" in written
    assert "附件" in written


def test_a_long_signature_never_leaves_the_page() -> None:
    letter = dataclasses.replace(
        NOTICE, signature="中共示例区委组织部示例区人力资源和社会保障局", remark=""
    )
    signature = [p for p in opened(letter).paragraphs if p.text == letter.signature][-1]

    assert indent_of(signature, "rightChars") is None


def test_an_upward_letter_names_who_signed_it_off() -> None:
    upward = line(opened(dataclasses.replace(NOTICE, kind="报告", signer="钱丙丁")), "示组通")

    assert upward.text == "示组通〔2026〕3号\t签发人：钱丙丁"
    assert upward.runs[-1]._r.rPr.rFonts.get(qn("w:eastAsia")) == "楷体_GB2312"


def test_page_numbers_stand_outside_on_both_sides() -> None:
    document = opened(NOTICE)
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]

    assert document.settings.odd_and_even_pages_header_footer
    assert (indent_of(odd, "rightChars"), indent_of(even, "leftChars")) == ("100", "100")
    for footer in (odd, even):
        assert "PAGE" in footer._p.xml
        assert footer.text.startswith("—")
        assert footer.runs[0].font.size == Pt(14)


def test_the_imprint_stands_at_the_foot_between_its_lines() -> None:
    table = opened(NOTICE).tables[-1]

    assert [cell.text for row in table.rows for cell in row.cells] == [
        "抄送：示例区纪委监委，示例区委办公室。",
        "中共示例区委组织部办公室\t2026年11月24日印发",
    ]
    assert table._tbl.tblPr.find(qn("w:tblpPr")).get(qn("w:tblpYSpec")) == "bottom"
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    assert [
        borders.find(qn(f"w:{side}")).get(qn("w:sz")) for side in ("top", "insideH", "bottom")
    ] == ["8", "6", "8"]


def test_tables_repeat_their_header_on_each_page() -> None:
    table = opened(NOTICE).tables[0]

    assert [cell.text for cell in table.rows[2].cells] == ["试验镇", "9", "8"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_equal_letters_give_equal_bytes() -> None:
    first = write_letter(NOTICE)

    assert first == write_letter(dataclasses.replace(NOTICE))
    assert first != write_letter(dataclasses.replace(NOTICE, to="各单位"))
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_characters_are_counted_without_blanks_and_attachments() -> None:
    letter = dataclasses.replace(
        NOTICE,
        paragraphs=(
            Heading("甲 乙"),
            Paragraph("一二\n三"),
            Numbered(("四",)),
            Table(("五",), (("六",),)),
        ),
    )

    assert count_characters(letter) == 8


def test_a_long_body_is_refused_and_a_shorter_one_is_not() -> None:
    long = dataclasses.replace(NOTICE, paragraphs=(Paragraph("字" * 4001),))

    with pytest.raises(TooLong, match="4000 字"):
        write_letter(long)
    assert check_length(long) == ["正文 4001 字，超过专项文件 4000 字的上限，请精简 1 字以上。"]
    assert write_letter(dataclasses.replace(long, extent="composite"))
    assert check_length(dataclasses.replace(long, extent="composite")) == []
    assert (
        "接近"
        in check_length(dataclasses.replace(NOTICE, paragraphs=(Paragraph("字" * 3900),)))[0]
    )
    assert check_length(long, "composite") == []
    assert check_length(NOTICE) == []


@pytest.mark.parametrize(
    "field",
    [
        {"paragraphs": (Paragraph("机密★10年"),)},
        {"attachments": (Attachment("清单", (Paragraph("秘密"),)),)},
    ],
)
def test_a_marked_text_is_refused(field: dict[str, Any]) -> None:
    with pytest.raises(MarkedSecret, match="非涉密系统"):
        write_letter(dataclasses.replace(NOTICE, **field))


def test_no_field_and_no_word_of_a_letter_is_a_secrecy_level() -> None:
    assert not {"secrecy", "classification", "level"} & {
        field.name for field in dataclasses.fields(Letter)
    }
    assert not any("密" in text for text in texts(NOTICE))


def test_control_characters_and_markup_do_no_harm() -> None:
    assert "甲<b>&乙" in texts(
        dataclasses.replace(NOTICE, paragraphs=(Paragraph("甲\x07<b>&乙"),))
    )


def test_what_cannot_be_a_letter_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="kind"):
        dataclasses.replace(NOTICE, kind="喜报")
    with pytest.raises(ValueError, match="cells"):
        Table(("甲", "乙"), (("丙",),))
    with pytest.raises(ValueError, match="width"):
        Table(("甲", "乙"), (), widths=(1,))
