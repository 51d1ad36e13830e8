"""The fact catalogue as people look it up. Pure."""

from pathlib import Path
from typing import Any

from wuju.kit.errors import DomainError
from wuju.kit.facts import Catalog, Column, FactSpec, load_catalog
from wuju.rulepacks.complaints import suggestion


class UnknownFact(DomainError):
    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"没有叫“{name}”的事实{suggestion(name, known)}")


def pack_home() -> Path:
    """Return the folder of the packs: `/packs` of a checkout, or the copy inside a wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parents[2] / "packs"
    return checkout if (checkout / "catalog.yaml").exists() else package / "packs"


def catalog() -> Catalog:
    """Return the catalogue of this version."""
    return load_catalog(pack_home() / "catalog.yaml")


def describe_facts(facts: Catalog, name: str | None = None) -> list[dict[str, Any]]:
    """List the facts, one row each; with `name`, the columns of that fact, one row each.

    Raises:
        UnknownFact: the catalogue has no such fact.
    """
    if name is None:
        return [_fact_row(spec) for spec in facts.values()]
    if name not in facts:
        raise UnknownFact(name, list(facts))
    spec = facts[name]
    return [_column_row(spec, column) for column in spec.all_columns]


def _fact_row(spec: FactSpec) -> dict[str, Any]:
    time = f"按日期（{spec.date}）" if spec.date else f"按状态（{'、'.join(spec.valid or ())}）"
    return {
        "name": spec.name,
        "title": spec.title,
        "owner": spec.owner,
        "time": time,
        "absence": "无记录即未发生" if spec.absence == "none" else "无记录即未核实",
        "activity": spec.activity,
        "sensitive": spec.sensitive,
        "parents": list(spec.parents),
        "supply": "数据尚未接入" if spec.awaited else "已接入",
        "columns": len(spec.all_columns),
    }


def _column_row(spec: FactSpec, name: str) -> dict[str, Any]:
    column = spec.columns.get(name) or Column(name, str(spec.type_of(name)), _implicit(spec, name))
    return {
        "name": name,
        "type": column.type,
        "unit": column.unit,
        "means": column.means,
        "values": list(column.values),
        "derived": column.derived,
    }


def _implicit(spec: FactSpec, name: str) -> str:
    if name == spec.key:
        return "行的编号"
    if name == spec.org:
        return "记录写入时所属的组织"
    if name == spec.date:
        return "发生日期；归入这一天所在的期间"
    return "生效日期" if spec.valid and name == spec.valid[0] else "失效日期（不含当日）"
