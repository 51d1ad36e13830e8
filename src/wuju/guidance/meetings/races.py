"""Two people recording one meeting at the same moment: the second gets the sentence."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from .checks import refuse_twins
from .drafts import MeetingDraft


@contextmanager
def no_twins(drafts: Sequence[MeetingDraft], own: Sequence[int | None]) -> Iterator[None]:
    """Refuse with the sentence what somebody else recorded while this action was at work."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        refuse_twins(drafts, own)
        raise
