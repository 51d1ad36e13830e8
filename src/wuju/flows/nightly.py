"""What is done every night: seal the ledger, hold the live standings against a full run, drop old imports."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import get_default_timezone

from wuju.desk import actions as desk
from wuju.kit.actors import Actor, OrgScope
from wuju.ledger import actions as ledger
from wuju.ledger import queries as ledger_queries
from wuju.standings.actions import Reconciliation, reconcile

WHOLE = OrgScope.whole(because="the night looks after everything")
SHOWN = 100  # differences told in words; the count is always told


@dataclass(frozen=True, slots=True)
class Night:
    """What a night found and did."""

    sealed: int
    reconciliation: Reconciliation
    expired: int

    @property
    def agreed(self) -> bool:
        return not self.reconciliation.differences

    def lines(self) -> list[str]:
        """Return one sentence a finding."""
        compared, found = self.reconciliation.compared_for, self.reconciliation.differences
        said = [difference.sentence for difference in found[:SHOWN]]
        if len(found) > SHOWN:
            said.append(f"另有 {len(found) - SHOWN} 处不符，没有逐条列出。")
        if found:
            said.append(
                f"实时评判与 {compared} 的全量重算有 {len(found)} 处不符，已换成重算结果并记入留痕。"
            )
        elif compared:
            said.append(f"实时评判与 {compared} 的全量重算逐位一致。")
        else:
            said.append("没有可核对的实时评判（尚未评判，或正在重新计算）。")
        return [
            f"留痕已上链到第 {self.sealed} 条并签署检查点。",
            *said,
            f"现有 {self.reconciliation.cells} 条状态；清除到期的导入内容 {self.expired} 批。",
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        compared = self.reconciliation.compared_for
        return {
            "sealed": self.sealed,
            "compared_for": compared.isoformat() if compared else None,
            "differences": [found.sentence for found in self.reconciliation.differences],
            "cells": self.reconciliation.cells,
            "expired": self.expired,
        }


def run_nightly(*, actor: Actor, at: dt.datetime) -> Night:
    """Do the night's work for the day that `at` lies in.

    The ledger comes first: whatever fails later, the day before is sealed and signed.
    """
    today = at.astimezone(get_default_timezone()).date()
    ledger.checkpoint(at=at)
    sealed = ledger_queries.head(scope=WHOLE).sequence
    reconciliation = reconcile(today=today, actor=actor, at=at)
    expired = desk.expire_batches(today=today, actor=actor, at=at)
    return Night(sealed, reconciliation, expired)
