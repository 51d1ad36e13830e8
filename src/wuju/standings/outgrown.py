"""The wide run on a Spark cluster, for when one machine is outgrown (docs/outgrown.md)."""

import datetime as dt
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from wuju.engine.compiler import compile_rules
from wuju.engine.spark import Spark, executors, join
from wuju.kit.errors import DomainError
from wuju.kit.periods import horizon
from wuju.rulepacks.catalog import catalog
from wuju.rulepacks.queries import active_packs

from .evaluation import Ruling, judge_with, judges_of
from .snapshot import write_snapshot
from .sources import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .evaluation import Outcome


class NoSharedFolder(DomainError):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 不能写入。请用 --shared 指定一个主机和各工作进程都能读写的文件夹，再运行一次。"
        )


def evaluate_on_spark(
    *,
    master: str,
    as_of: dt.date,
    pack: str = "",
    shared: Path | None = None,
    properties: "Mapping[str, str] | None" = None,
) -> "tuple[Outcome, dict[str, int]]":
    """Return what `evaluate_all` returns, judged on the cluster, and the tasks done by each worker process.

    The facts are written once as Parquet partitions, read by the workers and removed
    afterwards.

    Args:
        master: `spark://host:port`.
        pack: code of the pack; empty for the one in use.
        shared: a folder all machines see under this path; by default one in the data home.
        properties: further Spark properties.

    Raises:
        SparkIsMissing, NoMaster, NoWorkers: see `engine.spark.join`.
        NoSharedFolder: nothing can be written there.
    """
    rulings = [
        Ruling(compile_rules(each.stored.rules, catalog(), "spark"), judges_of(each))
        for each in active_packs(scope=WHOLE, code=pack)
    ]
    with ExitStack() as stack:
        home = tempfile.TemporaryDirectory(dir=_shared(shared), prefix="snapshot-")
        folder = Path(stack.enter_context(home))
        session = join(master, properties)
        stack.callback(session.stop)
        spark = Spark(session, write_snapshot(folder))
        return judge_with(spark, rulings, as_of, horizon(as_of)), executors(session)


def _shared(folder: Path | None) -> Path:
    found = folder or Path(settings.WUJU_HOME) / "wide"
    try:
        found.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=found):
            return found.resolve()
    except OSError:
        raise NoSharedFolder(found) from None
