"""A form is done once, however often it is sent: double clicks, reloads and the back button.

Every form that records something carries a key of its own (`{% form_key %}`). The key, the
address and the words make the mark of one sending. The same mark again changes nothing and
leads to what the first time made. Other words under the same key, or the same words in a fresh
form, are another record.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wuju.kit.actors import Actor
from wuju.ledger import actions as ledger
from wuju.ledger.queries import made_by

from .requests import WebRequest, actor_of

FIELD = "form_key"
_NOT_TYPED = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending of a form; `then` leads to what it made, given its id."""

    mark: str
    actor: Actor
    then: Callable[[int], HttpResponse]

    def do(self, make: Callable[[], int]) -> HttpResponse:
        """Make what the form asks for, unless it was made already, and lead to it."""
        at = timezone.localtime()
        return self.then(ledger.once(mark=self.mark, make=make, actor=self.actor, at=at))

    def again(self) -> HttpResponse | None:
        """Lead to what the first sending made; None if this is the first.

        For a form that is no longer right: what it asked for may be done already.
        """
        made = made_by(actor=self.actor, mark=self.mark)
        return None if made is None else self.then(made)


def sending(
    request: WebRequest, then: Callable[[int], HttpResponse], *, stage: str = ""
) -> Sending:
    """Return this sending of a form.

    A form without a key, sent by a program, is known by its words on a day; `stage` tells
    apart two turns of the same record on that day.
    """
    typed = sorted(
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _NOT_TYPED
    )
    turn = [] if request.POST.get(FIELD) else [timezone.localdate().isoformat(), stage]
    words = json.dumps([request.user.pk, request.get_full_path(), turn, typed])
    mark = salted_hmac("wuju.web.once", words, algorithm="sha256").hexdigest()
    return Sending(mark, actor_of(request), then)
