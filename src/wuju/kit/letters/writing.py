"""From a letter to the bytes of a .docx: equal letters give equal bytes. Pure."""

import io
import zipfile
from typing import Final

from wuju.kit.letters.content import Letter, all_texts, refuse_long
from wuju.kit.markings import refuse_marked

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def write_letter(letter: Letter) -> bytes:
    """Return the letter as .docx after GB/T 9704-2012.

    Raises:
        TooLong: the body is over the limit of its extent.
        MarkedSecret: a text carries a secrecy marking.
    """
    from wuju.kit.letters.pages import draw  # noqa: PLC0415 - 0.2 s that only letters pay

    refuse_long(letter)
    refuse_marked("\n".join(all_texts(letter)), where="文稿")
    return _settled(draw(letter))


def _settled(docx: bytes) -> bytes:
    """Return the same package with every time stamp inside the archive set to one day."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(target, "w") as archive:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, source.read(entry))
    return target.getvalue()
