"""公文 — writes official letters after GB/T 9704-2012 as .docx, and keeps them short."""

from wuju.kit.letters.content import (
    Attachment,
    Block,
    Extent,
    Heading,
    Letter,
    Numbered,
    Paragraph,
    Table,
    TooLong,
    check_length,
    count_characters,
)
from wuju.kit.letters.writing import write_letter
from wuju.kit.markings import MarkedSecret, refuse_marked

__all__ = [
    "Attachment",
    "Block",
    "Extent",
    "Heading",
    "Letter",
    "MarkedSecret",
    "Numbered",
    "Paragraph",
    "Table",
    "TooLong",
    "check_length",
    "count_characters",
    "refuse_marked",
    "write_letter",
]
