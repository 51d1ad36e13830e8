"""Lays a letter out on pages after GB/T 9704-2012 with python-docx. Knows sizes, not contents."""

import datetime as dt
import io
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_BREAK, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from wuju.kit.letters.content import Attachment, Block, Heading, Letter, Numbered, Paragraph, Table
from wuju.kit.letters.ooxml import (
    BODY,
    CHAR,
    FANG,
    HEI,
    KAI,
    LARGE,
    RED,
    SMALL,
    SONG,
    THICK,
    THIN,
    TITLE,
    TYPE_AREA,
    fill_cell,
    float_to_bottom,
    indent,
    mark,
    rule_below,
    rule_table,
    set_fonts,
    shape_line,
    style_run,
    write,
)

CHINESE: Final = "零一二三四五六七八九十"


def draw(letter: Letter) -> bytes:
    """Return the letter as a .docx package."""
    page = _Page(letter)
    page.head()
    page.body(letter.paragraphs)
    page.attachment_list()
    page.close()
    for number, attachment in enumerate(letter.attachments, start=1):
        if attachment.blocks:
            page.attachment(number, attachment)
    page.imprint()
    target = io.BytesIO()
    page.document.save(target)
    return target.getvalue()


class _Page:
    """A document being written, from top to bottom."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.document: Any = Document()
        self._counts = [0, 0, 0, 0]
        _set_page(self.document)
        _set_properties(self.document, letter)

    # -------------------------------------------------------------------------------- 版头

    def head(self) -> None:
        letter = self.letter
        mark = self._line(
            f"{letter.issuer}文件", font=TITLE, size=_mark_size(letter.issuer), align=ALIGN.CENTER
        )
        mark.paragraph_format.space_before = Mm(35)
        mark.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        mark.runs[0].font.color.rgb = RED
        self._blank(2)
        self._number()
        self._blank(2)
        for line in letter.title.splitlines():
            self._line(line, font=TITLE, size=LARGE, align=ALIGN.CENTER)
        if letter.to:
            self._blank()
            self._line(letter.to.rstrip("：:") + "：")

    def _number(self) -> None:
        letter = self.letter
        if letter.is_upward:
            line = self._line("")
            line.paragraph_format.first_line_indent = CHAR
            line.paragraph_format.tab_stops.add_tab_stop(
                Emu(TYPE_AREA - CHAR), WD_TAB_ALIGNMENT.RIGHT
            )
            write(line, f"{letter.number}\t签发人：")
            write(line, letter.signer or "　　　", font=KAI)
        else:
            line = self._line(letter.number, align=ALIGN.CENTER)
        rule_below(line, color="FF0000", size=THICK, space=11)  # 11 pt = 4 mm

    # -------------------------------------------------------------------------------- 主体

    def body(self, blocks: tuple[Block, ...]) -> None:
        self._counts = [0, 0, 0, 0]
        for block in blocks:
            match block:
                case Heading():
                    self._heading(block)
                case Paragraph():
                    for text in block.text.splitlines():
                        self._text(text)
                case Numbered():
                    for number, text in enumerate(block.items, start=1):
                        self._text(f"{number}.{text}")
                case Table():
                    self._table(block)

    def _heading(self, heading: Heading) -> None:
        self._counts[heading.level - 1] += 1
        self._counts[heading.level :] = [0] * (4 - heading.level)
        count = self._counts[heading.level - 1]
        prefix = (f"{chinese(count)}、", f"（{chinese(count)}）", f"{count}.", f"（{count}）")[
            heading.level - 1
        ]
        font = (HEI, KAI, FANG, FANG)[heading.level - 1]
        line = self._text(prefix + heading.text, font=font)
        line.runs[0].font.bold = heading.level == 3
        line.paragraph_format.keep_with_next = True

    def _table(self, table: Table) -> None:
        if table.caption:
            caption = self._line(table.caption, font=HEI, size=SMALL, align=ALIGN.CENTER)
            caption.paragraph_format.keep_with_next = True
        grid = self.document.add_table(rows=1 + len(table.rows), cols=len(table.header))
        rule_table(
            grid, dict.fromkeys(("top", "bottom", "left", "right", "insideH", "insideV"), THIN)
        )
        grid.autofit = False
        widths = table.widths or (1,) * len(table.header)
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Emu(TYPE_AREA * width // sum(widths))
        for line, cells in enumerate((table.header, *table.rows)):
            row = grid.rows[line]
            mark(row._tr.get_or_add_trPr(), "cantSplit")  # noqa: SLF001 - python-docx has no public way
            for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
                cell.width = grid.columns[column].width
                fill_cell(cell, text, bold=line == 0)
        mark(grid.rows[0]._tr.get_or_add_trPr(), "tblHeader")  # noqa: SLF001 - as above
        self._blank()

    def attachment_list(self) -> None:
        titles = [attachment.title for attachment in self.letter.attachments]
        if not titles:
            return
        self._blank()
        for number, title in enumerate(titles, start=1):
            name = f"{number}.{title}" if len(titles) > 1 else title
            line = self._line("附件：" + name if number == 1 else name)
            indent(line, left=200 if number == 1 else 500)

    def close(self) -> None:
        """Sign: 署名 centred over the date, the date four characters from the right."""
        letter = self.letter
        self._blank(2)
        # Centred over the date, but never beyond the margin.
        over = 4 + (_width(letter.date_text) - _width(letter.signature)) / 2
        for text, right in ((letter.signature, max(over, 0)), (letter.date_text, 4)):
            line = self._line(text, align=ALIGN.RIGHT)
            line.paragraph_format.keep_together = True
            indent(line, right=round(right * 100))
        if letter.remark:
            self._text(f"（{letter.remark.strip('（）()')}）")

    def attachment(self, number: int, attachment: Attachment) -> None:
        """Start a new page: 附件 at the top left, its title on the third line, its content."""
        many = len(self.letter.attachments) > 1
        line = self._line("")
        line.add_run().add_break(WD_BREAK.PAGE)
        write(line, f"附件{number}" if many else "附件", font=HEI)
        self._blank()
        self._line(attachment.title, font=TITLE, size=LARGE, align=ALIGN.CENTER)
        self._blank()
        self.body(attachment.blocks)

    # -------------------------------------------------------------------------------- 版记

    def imprint(self) -> None:
        """Close with 抄送 and 印发 between lines at the foot of the last page."""
        letter = self.letter
        lines: list[tuple[str, str]] = []
        if letter.copies_to:
            lines.append((f"抄送：{'，'.join(letter.copies_to)}。", ""))
        if letter.printed_by:
            lines.append((letter.printed_by, f"{letter.printed_text or letter.date_text}印发"))
        if not lines:
            return
        table = self.document.add_table(rows=len(lines), cols=1)
        rule_table(table, {"top": THICK, "bottom": THICK, "insideH": THIN})
        float_to_bottom(table)
        table.columns[0].width = TYPE_AREA
        for row, (left, right) in zip(table.rows, lines, strict=True):
            cell = row.cells[0]
            cell.width = TYPE_AREA
            line = cell.paragraphs[0]
            shape_line(line)
            indent(line, left=100, right=100)
            line.paragraph_format.tab_stops.add_tab_stop(
                Emu(TYPE_AREA - CHAR), WD_TAB_ALIGNMENT.RIGHT
            )
            write(line, f"{left}\t{right}" if right else left, size=SMALL)
        # Word wants a paragraph after a table; one point high, so that it starts no page.
        end = self._line("", size=Pt(1))
        end.paragraph_format.line_spacing = Pt(1)

    # ------------------------------------------------------------------------------- lines

    def _line(
        self, text: str, *, font: str = FANG, size: Any = BODY, align: Any = ALIGN.LEFT
    ) -> Any:
        line = self.document.add_paragraph()
        shape_line(line)
        line.alignment = align
        if text or size != BODY:
            write(line, text, font=font, size=size)
        return line

    def _text(self, text: str, *, font: str = FANG) -> Any:
        """Write running text: first line two characters in, justified."""
        line = self._line(text, font=font, align=ALIGN.JUSTIFY)
        indent = line._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001 - python-docx counts no characters
        indent.set(qn("w:firstLineChars"), "200")
        indent.set(qn("w:firstLine"), "640")
        return line

    def _blank(self, count: int = 1) -> None:
        for _ in range(count):
            self._line("")


# ------------------------------------------------------------------------------------- set-up


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(23)  # 35 mm margin - 7 mm - the height of 4号
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - python-docx has no public way
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001 - as above
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), "579")
    grid.set(qn("w:charSpace"), "-848")
    normal = document.styles["Normal"]
    normal.font.size = BODY
    set_fonts(normal.element.get_or_add_rPr(), FANG)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], align=ALIGN.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], align=ALIGN.LEFT)


def _set_properties(document: Any, letter: Letter) -> None:
    core = document.core_properties
    core.author = core.last_modified_by = letter.issuer
    core.title = " ".join(letter.title.split())
    core.comments = core.keywords = ""
    core.revision = 1
    core.language = "zh-CN"
    # One day for all: equal letters give equal bytes.
    core.created = core.modified = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _page_number(line: Any, *, align: Any) -> None:
    """Write — 1 — in 4号 song; right pages one character from the right, left pages from the left."""
    line.alignment = align
    indent(line, **({"right": 100} if align == ALIGN.RIGHT else {"left": 100}))
    write(line, "— ", font=SONG, size=SMALL, digits=SONG)
    run = line.add_run()
    style_run(run, SONG, SMALL, digits=SONG)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        mark = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            mark.text = text
            mark.set(qn("xml:space"), "preserve")
        else:
            mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)  # noqa: SLF001 - python-docx knows no fields
    write(line, " —", font=SONG, size=SMALL, digits=SONG)


# ----------------------------------------------------------------------------------- numbers


def _mark_size(issuer: str) -> Any:
    """Return the largest size at which the mark fits the type area, 48 pt at most."""
    return Pt(min(48, TYPE_AREA.pt // (len(issuer) + 2)))


def _width(text: str) -> float:
    """Return the width of a text in full-width characters."""
    return sum(0.5 if character.isascii() else 1 for character in text)


def chinese(number: int) -> str:
    """Return 1-99 in Chinese numerals.

    >>> [chinese(n) for n in (1, 10, 11, 20, 21)]
    ['一', '十', '十一', '二十', '二十一']
    """
    tens, ones = divmod(number, 10)
    if tens == 0:
        return CHINESE[ones]
    head = "十" if tens == 1 else f"{CHINESE[tens]}十"
    return head + (CHINESE[ones] if ones else "")
