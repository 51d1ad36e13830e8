"""What a column of an import or export is: its headers, its type and its codes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

type ColumnType = Literal[
    "text",  # str, outer blanks removed
    "id",  # str; numbers become digits, a number that has lost digits is refused
    "id_number",  # str, 公民身份号码, checked
    "phone",  # str, digits only, checked
    "code",  # str, a key of `SheetColumn.values`
    "date",  # datetime.date; a month or a year alone is refused
    "date_part",  # DatePart; a month or a year alone is kept as such
    "bool",  # bool
    "int",  # int >= 0
    "tenths",  # int, tenths of the unit (1.5 学时 -> 15)
    "basis_points",  # int, 10000 = 100 %
    "cents",  # int, 分; the header may say 元, 千元 or 万元
    "list",  # tuple[str, ...], cut at 、 ， , ； ; and line breaks
]

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """One column.

    `name` is the English canonical name, `header` the Chinese one; both and `aliases` are
    accepted on import. `values` maps code -> Chinese label, `synonyms` other labels -> code.
    `required` means: the column must be there and filled. `personal` columns are masked in
    error workbooks and may be masked in exports. `unit` is what a `cents` column holds when
    its header names none. `max_length` bounds text (0 = 2,000 characters).
    """

    name: str
    header: str
    type: ColumnType = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    values: Mapping[str, str] = field(default=NOTHING)
    synonyms: Mapping[str, str] = field(default=NOTHING)
    personal: bool = False
    unit: str = "元"
    max_length: int = 0
    help: str = ""

    def __post_init__(self) -> None:
        if self.type == "code" and not self.values:
            raise ValueError(f"code column {self.name!r} needs values")
        strangers = set(self.synonyms.values()) - set(self.values)
        if strangers:
            raise ValueError(
                f"column {self.name!r}: synonyms for unknown codes {sorted(strangers)}"
            )

    def label(self, code: str) -> str:
        """Return the Chinese label of a code, or the code itself."""
        return self.values.get(code, code)
