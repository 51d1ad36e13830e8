"""What an official letter says, and how long it may be. Pure.

There is no field for a secrecy level: this system is not one for secrets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from wuju.kit.errors import DomainError

type Extent = Literal["special", "composite"]

# 《整治形式主义为基层减负若干规定》: characters of the body, composite and special documents.
LIMITS: Final[Mapping[Extent, int]] = {"special": 4000, "composite": 5000}
EXTENT_LABELS: Final[Mapping[Extent, str]] = {"special": "专项文件", "composite": "综合性文件"}

# 《党政机关公文处理工作条例》第八条.
KINDS: Final = frozenset(
    (
        "决议",
        "决定",
        "命令",
        "公报",
        "公告",
        "通告",
        "意见",
        "通知",
        "通报",
        "报告",
        "请示",
        "批复",
        "议案",
        "函",
        "纪要",
    )
)
UPWARD: Final = frozenset(("报告", "请示"))  # carry 签发人 beside the number


class TooLong(DomainError):
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading without its number: level 1 becomes 一、 2 （一） 3 1. 4 （1）."""

    text: str
    level: Literal[1, 2, 3, 4] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; line breaks in it start new paragraphs."""

    text: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """Items counted 1. 2. 3."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `widths` are relative, equal if empty. Every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.header or any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("every row of a table needs as many cells as its header")
        if self.widths and len(self.widths) != len(self.header):
            raise ValueError("a table needs one width a column")


type Block = Heading | Paragraph | Numbered | Table


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment: its name in the list, and its content if it is printed with the letter."""

    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One official letter.

    `issuer` stands red at the head (…文件), `signature` above the date; `number` as in
    安组通〔2026〕3号; `signer` is 签发人, shown on upward kinds; `remark` is 附注, printed in
    parentheses; `printed_text` is the date of printing, `date_text` if empty.
    """

    kind: str
    issuer: str
    number: str
    title: str
    to: str
    paragraphs: tuple[Block, ...]
    signature: str
    date_text: str
    attachments: tuple[Attachment, ...] = ()
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_text: str = ""
    signer: str = ""
    remark: str = ""
    extent: Extent = "special"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of official document")

    @property
    def is_upward(self) -> bool:
        return self.kind in UPWARD


def texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield every text of the blocks, in reading order."""
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Numbered():
                yield from block.items
            case Table():
                yield block.caption
                yield from block.header
                for row in block.rows:
                    yield from row


def all_texts(letter: Letter) -> Iterator[str]:
    """Yield every text of the letter, attachments included."""
    yield from (
        letter.issuer,
        letter.number,
        letter.title,
        letter.to,
        letter.signature,
        letter.remark,
    )
    yield from texts(letter.paragraphs)
    for attachment in letter.attachments:
        yield attachment.title
        yield from texts(attachment.blocks)


def count_characters(letter: Letter) -> int:
    """Return the characters of the body, blanks left out: headings, text and tables, not attachments."""
    return sum(len("".join(text.split())) for text in texts(letter.paragraphs))


def check_length(letter: Letter, extent: Extent | None = None) -> list[str]:
    """Return the sentences to show: none while the body keeps 10 % below its limit.

    Source: 《整治形式主义为基层减负若干规定》 (专项 4000 字、综合 5000 字以内).
    """
    kind = extent or letter.extent
    length, limit = count_characters(letter), LIMITS[kind]
    name = EXTENT_LABELS[kind]
    if length > limit:
        return [f"正文 {length} 字，超过{name} {limit} 字的上限，请精简 {length - limit} 字以上。"]
    if length * 10 > limit * 9:
        return [f"正文 {length} 字，接近{name} {limit} 字的上限。"]
    return []


def refuse_long(letter: Letter) -> None:
    """Refuse with TooLong a body over the limit of its extent."""
    if count_characters(letter) > LIMITS[letter.extent]:
        raise TooLong(check_length(letter)[0])
