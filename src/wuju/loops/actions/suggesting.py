"""投诉建议: anybody hands one in, without an account; a named officer answers.

《关于防治“指尖上的形式主义”的若干意见》 asks every government application for a way to complain. What a person
wrote is never tied to an account, an address or a device.
"""

import datetime as dt
import re
from dataclasses import dataclass

from wuju.access.roles import may, require
from wuju.kit import crypto
from wuju.kit.action import action
from wuju.kit.actors import TOP, Actor, OrgScope
from wuju.kit.errors import DomainError
from wuju.kit.markings import refuse_marked
from wuju.ledger import actions as ledger
from wuju.ledger.images import Images, values_of
from wuju.loops.models import Suggestion, SuggestionCounter
from wuju.loops.schedule import day_of
from wuju.loops.words import SUGGESTION_KINDS

from .raising import take_numbers
from .step import unit_name

ANYBODY = Actor(
    user_id=None, name="未登录的人", scope=OrgScope(), roles=frozenset(), unit_path=TOP
)
PURPOSE = "suggestion"
CONTEXT = "loops.Suggestion.contact"
TEXT, CONTACT, ANSWER = 1000, 60, 2000
_BLANKS = re.compile(r"[\s-]+")


class NotWrittenRight(DomainError):
    """Nothing is written, or more than is kept."""


class AnsweredMeanwhile(DomainError):
    def __init__(self) -> None:
        super().__init__("这条意见刚才已有人答复或修改了答复，请看过以后再决定要不要改。")


class NoSuchSuggestion(DomainError):
    def __init__(self) -> None:
        super().__init__("没有这条意见，请从列表重新打开。")


@dataclass(frozen=True, slots=True)
class SuggestionDraft:
    """What a person writes. `contact` only if they wish to be called back."""

    kind: str
    text: str
    contact: str = ""


def may_answer(actor: Actor) -> bool:
    """Say whether an actor answers what people hand in: it may be about anywhere in the district."""
    return may(actor, "answer_suggestion") and actor.scope.covers(TOP)


def require_answering(actor: Actor) -> None:
    """Refuse all others.

    Raises:
        NotGranted, OutsideScope: the actor may not answer, or not for the whole district.
    """
    require(actor, "answer_suggestion")
    actor.scope.require(TOP)


def code_key(code: str) -> str:
    """Return a code as it is compared: without blanks or strokes, in capitals.

    >>> code_key(" ab2c-d3ef ")
    'AB2CD3EF'
    """
    return _BLANKS.sub("", code).upper()


@action
def receive_suggestion(
    *, draft: SuggestionDraft, code: str, actor: Actor, at: dt.datetime
) -> Suggestion:
    """Keep what somebody handed in. Anybody may: `actor` is `ANYBODY`, whoever is signed in.

    Args:
        code: opens the answer later; only its keyed index is kept.

    Raises:
        NotWrittenRight: no or too long a text, an unknown kind.
        MarkedSecret: the text carries a secrecy marking.
    """
    text, contact = draft.text.strip(), draft.contact.strip()
    if draft.kind not in SUGGESTION_KINDS:
        raise NotWrittenRight("请从列出的种类中选择一项。")
    if not text or len(text) > TEXT or len(contact) > CONTACT:
        raise NotWrittenRight(f"请写明内容，最多{TEXT}个字；联系方式最多{CONTACT}个字。")
    refuse_marked(f"{text}\n{contact}", where="投诉建议")
    today = day_of(at)
    row = Suggestion(
        number=f"TS{next(iter(take_numbers(today.year, 1, SuggestionCounter)))}",
        code_index=crypto.blind_index(code_key(code), PURPOSE),
        kind=draft.kind,
        text=text,
        contact_cipher=crypto.encrypt(contact, CONTEXT) if contact else "",
        received_on=today,
    )
    row.save(force_insert=True)
    ledger.record(
        "suggestion.received",
        actor=actor,
        at=at,
        target=f"suggestion:{row.pk}",
        details={"kind": row.kind},
        images=[Images.created([row])],
    )
    return row


@action
def answer_suggestion(
    *, suggestion_id: int, answer: str, version: int, actor: Actor, at: dt.datetime
) -> Suggestion:
    """Answer by name and unit, or put a better answer in place of an earlier one; the ledger keeps both.

    Raises:
        NotGranted, OutsideScope: the actor may not answer, or not for the whole district.
        NotWrittenRight: no answer, or too long a one.
        AnsweredMeanwhile: somebody answered since the page was opened.
    """
    require_answering(actor)
    words = answer.strip()
    if not words or len(words) > ANSWER:
        raise NotWrittenRight(f"请写明答复内容，最多{ANSWER}个字。")
    refuse_marked(words, where="答复")
    row = Suggestion.objects.select_for_update(no_key=True).filter(pk=suggestion_id).first()
    if row is None:
        raise NoSuchSuggestion
    if row.version != version:
        raise AnsweredMeanwhile
    before = {row.pk: values_of(row)}
    row.answer, row.answered_by, row.answered_by_unit = words, actor.name, unit_name(actor)
    row.answered_on = row.answered_on or day_of(at)
    row.version += 1
    row.save(update_fields=["answer", "answered_by", "answered_by_unit", "answered_on", "version"])
    ledger.record(
        "suggestion.answered",
        actor=actor,
        at=at,
        target=f"suggestion:{row.pk}",
        images=[Images.changed(before, [row])],
    )
    return row
