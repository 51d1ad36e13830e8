"""Three-valued truth, slowly: the value of a condition tree, for the oracle only. Pure."""

from collections.abc import Callable

from wuju.engine.conditions import Node, Scalar

type Look = Callable[[Node], Scalar]


def value_of(node: Node, look: Look) -> Scalar:
    """Return the value of a tree as SQL would: None is unknown. `look` reads the named leaves."""
    if node.op == "lit":
        return node.value
    if node.op in {"own", "parent", "org", "clock"}:
        return look(node)
    values = [value_of(arg, look) for arg in node.args]
    if node.op in _TOTAL:
        return _TOTAL[node.op](values)
    if any(value is None for value in values):
        return None
    return _STRICT[node.op](*values)


def holds(node: Node, look: Look) -> bool:
    """Whether a condition is true; unknown is not."""
    return value_of(node, look) is True


def _and(values: list[Scalar]) -> Scalar:
    if False in values:
        return False
    return None if None in values else True


def _or(values: list[Scalar]) -> Scalar:
    if True in values:
        return True
    return None if None in values else False


def _in(values: list[Scalar]) -> Scalar:
    first, *others = values
    if first is None:
        return None
    if any(other is not None and other == first for other in others):
        return True
    return None if None in others else False


_TOTAL: dict[str, Callable[[list[Scalar]], Scalar]] = {
    "and": _and,
    "or": _or,
    "in": _in,
    "is_null": lambda values: values[0] is None,
    "is_true": lambda values: values[0] is True,
    "is_false": lambda values: values[0] is False,
}
_STRICT: dict[str, Callable[..., Scalar]] = {
    "not": lambda a: not a,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}
