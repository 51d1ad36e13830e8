"""Small pieces of WordprocessingML that python-docx has no words for: fonts, characters, rules, frames."""

import re
from typing import Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

SONG, HEI, KAI, FANG, TITLE = "宋体", "黑体", "楷体_GB2312", "仿宋_GB2312", "方正小标宋简体"
DIGITS: Final = "Times New Roman"
BODY, SMALL, LARGE, CELL = Pt(16), Pt(14), Pt(22), Pt(12)  # 3号, 4号, 2号, 小四
LINE: Final = Pt(28.95)  # 225 mm in 22 lines
TYPE_AREA: Final = Mm(156)
CHAR: Final = Emu(round(Mm(156) / 28))
RED: Final = RGBColor(0xFF, 0, 0)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # not allowed in XML
THICK, THIN = 8, 6  # eighths of a point: 0.35 mm and 0.25 mm


def shape_line(line: Any) -> None:
    shape = line.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = LINE


def write(
    line: Any, text: str, *, font: str = FANG, size: Any = BODY, digits: str = DIGITS
) -> Any:
    run = line.add_run(_FORBIDDEN.sub("", text))
    style_run(run, font, size, digits=digits)
    return run


def style_run(run: Any, font: str, size: Any, *, digits: str = DIGITS) -> None:
    run.font.size = size
    set_fonts(run._r.get_or_add_rPr(), font, digits)  # noqa: SLF001 - python-docx sets no East Asian font


def set_fonts(properties: Any, font: str, digits: str = DIGITS) -> None:
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for name, value in (("ascii", digits), ("hAnsi", digits), ("cs", digits), ("eastAsia", font)):
        fonts.set(qn(f"w:{name}"), value)


def indent(line: Any, *, left: int = 0, right: int = 0) -> None:
    """Indent by hundredths of a character."""
    element = line._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001 - python-docx counts no characters
    for name, chars in (("left", left), ("right", right)):
        if chars:
            element.set(qn(f"w:{name}Chars"), str(chars))
            element.set(qn(f"w:{name}"), str(chars * 320 // 100))


def rule_below(line: Any, *, color: str, size: int, space: int) -> None:
    """Draw a line under a paragraph, `space` points below it."""
    properties = line._p.get_or_add_pPr()  # noqa: SLF001 - python-docx knows no paragraph borders
    borders = OxmlElement("w:pBdr")
    borders.append(_edge("bottom", color, size, space))
    properties.insert_element_before(
        borders,
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:snapToGrid",
        "w:spacing",
        "w:ind",
        "w:jc",
        "w:rPr",
    )


def _edge(side: str, color: str, size: int, space: int = 0) -> Any:
    edge = OxmlElement(f"w:{side}")
    for name, value in (
        ("val", "single"),
        ("sz", str(size)),
        ("space", str(space)),
        ("color", color),
    ):
        edge.set(qn(f"w:{name}"), value)
    return edge


def rule_table(table: Any, sizes: dict[str, int]) -> None:
    """Draw the named edges (top, insideH …); sizes are eighths of a point."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in sizes:
            borders.append(_edge(side, "000000", sizes[side]))
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx knows no table borders
    layout = properties.find(qn("w:tblLayout"))
    look = layout if layout is not None else properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(borders)
    else:
        look.addprevious(borders)


def float_to_bottom(table: Any) -> None:
    """Let a table stand at the foot of its page."""
    position = OxmlElement("w:tblpPr")
    for name, value in (
        ("vertAnchor", "margin"), ("horzAnchor", "margin"), ("tblpXSpec", "center"), ("tblpYSpec", "bottom"),
    ):  # fmt: skip
        position.set(qn(f"w:{name}"), value)
    style = table._tbl.tblPr.find(qn("w:tblStyle"))  # noqa: SLF001 - python-docx floats no tables
    if style is None:
        table._tbl.tblPr.insert(0, position)  # noqa: SLF001 - as above
    else:
        style.addnext(position)


def mark(properties: Any, name: str) -> None:
    properties.append(OxmlElement(f"w:{name}"))


def fill_cell(cell: Any, text: str, *, bold: bool) -> None:
    for number, part in enumerate(text.splitlines() or [""]):
        line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
        line.alignment = ALIGN.CENTER if bold else ALIGN.LEFT
        write(line, part, size=CELL, font=HEI if bold else FANG)
