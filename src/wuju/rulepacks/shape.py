"""Plain YAML data into the models of a pack, every fault with its place. Pure."""

from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from wuju.rulepacks.complaints import Complaint, suggestion
from wuju.rulepacks.reading import Document, Steps

_WORDS = {
    "int_type": "须是整数",
    "int_parsing": "须是整数",
    "string_type": "须是文字",
    "bool_type": "须写 true 或 false",
    "date_type": "须是日期，如 2026-01-01",
    "date_from_datetime_parsing": "须是日期，如 2026-01-01",
    "tuple_type": "须是列表，如 [甲, 乙]",
    "dict_type": "须是“键: 值”的形式",
    "model_type": "须是“键: 值”的形式",
    "string_pattern_mismatch": "须用小写英文字母、数字、下划线和点",
    "too_short": "至少要有一项",
}


def build[M: BaseModel](
    model: type[M], data: Any, document: Document, *steps: str | int
) -> tuple[M | None, list[Complaint]]:
    """Validate `data`, which stands at `steps` of the document. The model is None if anything is wrong."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        faults = error.errors()
        inner = {
            fault["loc"][: len(fault["loc"]) - i]
            for fault in faults
            for i in range(1, len(fault["loc"]))
        }
        # A list is called too short where its entries are what is wrong: say only that.
        named = [
            fault for fault in faults if fault["type"] != "too_short" or fault["loc"] not in inner
        ]
        found = [_complaint(model, document, steps, fault) for fault in named]
        return None, list(dict.fromkeys(found))


def _complaint(model: type[BaseModel], document: Document, steps: Steps, fault: Any) -> Complaint:
    where = (*steps, *_known_steps(document, steps, fault["loc"]))
    kind, name = fault["type"], fault["loc"][-1] if fault["loc"] else ""
    if kind == "extra_forbidden":
        known = sorted(_keys_at(model, fault["loc"][:-1]))
        return document.complain(
            "E101", f"不认识的键“{name}”{suggestion(str(name), known)}", *where
        )
    if kind == "missing":
        return document.complain("E102", f"缺少“{name}”，请补上。", *where)
    return document.complain("E103", f"“{name}”{_says(kind, fault)}", *where)


def _says(kind: str, fault: Any) -> str:
    context = fault.get("ctx", {})
    if kind in {"literal_error", "enum"}:
        expected = (
            str(context["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")
        )
        return f"不能写“{fault['input']}”，可写 {expected}。"
    if kind == "value_error":
        return f"：{context['error']}"
    if kind in {"greater_than_equal", "less_than_equal"}:
        limit = context.get("ge", context.get("le"))
        return f"不能写 {fault['input']}，界限是 {limit}。"
    return f"{_WORDS.get(kind, '写法不对，请对照同类条目')}。"


def _known_steps(document: Document, steps: Steps, loc: tuple[Any, ...]) -> Steps:
    """Drop what pydantic adds to a location (union members, "[key]") and keep what the file has."""
    kept: Steps = ()
    for part in loc:
        if (*steps, *kept, part) in document.places:
            kept = (*kept, part)
    return kept


def _keys_at(model: type[BaseModel], loc: tuple[Any, ...]) -> set[str]:
    models = {model}
    for part in loc:
        models = {inner for each in models for inner in _inner(each, part)} or models
    return {name for each in models for name in each.model_fields}


def _inner(model: type[BaseModel], part: Any) -> Iterator[type[BaseModel]]:
    found = model.model_fields.get(part) if isinstance(part, str) else None
    if found is not None:
        yield from _models_in(found.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in {Union, UnionType, dict, tuple, list}:
        for each in get_args(annotation):
            yield from _models_in(each)
