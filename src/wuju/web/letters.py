"""An official letter as a page shows it: headings with their numbers, blocks a template can tell apart. Pure."""

from dataclasses import dataclass

from wuju.kit.letters import Heading, Letter, Numbered, Paragraph, Table
from wuju.kit.letters.pages import chinese


@dataclass(frozen=True, slots=True)
class Shown:
    """One block: `kind` is heading, subheading, paragraph, list or table."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def shown(letter: Letter) -> list[Shown]:
    """Return the body of a letter in order, its headings numbered 一、 and （一）."""
    blocks: list[Shown] = []
    first = second = 0
    for block in letter.paragraphs:
        match block:
            case Heading(text, 1):
                first, second = first + 1, 0
                blocks.append(Shown("heading", f"{chinese(first)}、{text}"))
            case Heading(text, _):
                second += 1
                blocks.append(Shown("subheading", f"（{chinese(second)}）{text}"))
            case Numbered(items):
                blocks.append(Shown("list", items=items))
            case Table():
                header, rows = block.header, block.rows
                blocks.append(Shown("table", block.caption, header=header, rows=rows))
            case Paragraph(text):
                blocks.append(Shown("paragraph", text))
    return blocks
