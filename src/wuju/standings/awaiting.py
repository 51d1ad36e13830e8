"""Items that are not judged because their facts are still to come, and the sentence that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wuju.engine.items import Item
from wuju.engine.rules import TO_CONFIRM
from wuju.kit.actors import OrgScope
from wuju.kit.errors import DomainError
from wuju.rulepacks.catalog import catalog
from wuju.rulepacks.queries import ActivePack, Awaited, active_packs

from .words import number_words, target_words


class FactsAwaited(DomainError):
    """The item is in the pack, but nobody can be judged by it yet."""

    def __init__(self, title: str, facts: Iterable[str]) -> None:
        wanted = "、".join(f"“{name}”" for name in facts)
        super().__init__(f"“{title}”所需的{wanted}数据尚未接入，接入以后才开始评判。")


@dataclass(frozen=True, slots=True)
class AwaitedRow:
    """An item as pages list it: its regulation, how sure its numbers are, and what it waits for."""

    code: str
    title: str
    project: str
    citation: str
    mark: str
    facts: tuple[str, ...]
    target: str
    numbers: tuple[str, ...]
    to_confirm: bool

    @property
    def wanted(self) -> str:
        return "、".join(self.facts)


def awaited_items(
    *, scope: OrgScope, project: str = "", profile: Mapping[str, str] | None = None
) -> list[AwaitedRow]:
    """List the items of the pack in use that wait for facts, in order.

    Args:
        project: only those of one project; "" for all.
        profile: kind, field, area_kind and tag of an organization: only those about it.
    """
    packs = active_packs(scope=scope)
    return [
        _row(packs[-1], each)
        for each in (packs[-1].awaited if packs else ())
        if project in {"", each.item.project} and _is_about(each.item, profile)
    ]


def _is_about(item: Item, profile: Mapping[str, str] | None) -> bool:
    return profile is None or all(
        profile.get(column) in values for column, values in item.applies_to.items()
    )


def refuse_awaited(code: str) -> None:
    """Refuse what is asked of an item that waits for its facts.

    Raises:
        FactsAwaited: the newest version that has the item cannot judge by it yet.
    """
    for pack in reversed(active_packs(scope=OrgScope())):
        if code in pack.stored.rules.by_code:
            return
        for each in pack.awaited:
            if each.item.code == code:
                raise FactsAwaited(each.item.title, _titles(each))


def _row(pack: ActivePack, each: Awaited) -> AwaitedRow:
    stored = pack.stored
    return AwaitedRow(
        code=each.item.code,
        title=each.item.title,
        project=each.item.project,
        citation=each.source.citation,
        mark=each.source.mark,
        facts=_titles(each),
        target=target_words(each.item, dict(stored.rules.parameters)),
        numbers=tuple(filter(None, map(number_words, stored.numbers_of(each.item)))),
        to_confirm=TO_CONFIRM in each.item.tags,
    )


def _titles(each: Awaited) -> tuple[str, ...]:
    known = catalog()
    return tuple(known[name].title if name in known else name for name in each.facts)
