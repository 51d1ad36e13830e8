"""Evaluates a program on a Spark cluster, over the Parquet partitions DuckDB reads. Pure; needs the extra `spark`.

The compiled text is the portable one that PostgreSQL runs; SQLGlot says it in Spark's
words. Integers stay integers: division is `DIV`, and ANSI mode turns an overflow into an
error instead of another number.
"""

import datetime as dt
import os
import socket
import time
from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from wuju.engine.climbing import climbing_sql
from wuju.engine.columnar import Columnar, tuples
from wuju.engine.dialects import quoted
from wuju.engine.live import batches, short_lives
from wuju.engine.prelude import CELL_COLUMNS, Part, Prelude, periods_of
from wuju.engine.program import CompiledItem, Params, Program, Source
from wuju.engine.spark_words import spark_sql
from wuju.kit.errors import DomainError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

AT_ONCE = 12
"""Items in one job: enough to keep the workers busy, few enough for the planner."""
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.runSQLOnFiles": "false",  # a table is one that was handed over, never a path
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "true",
    "spark.ui.enabled": "false",  # no further port is opened
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
PATIENCE = 60
"""Seconds to wait for the cluster."""
_LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


class SparkIsMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "没有安装 Spark 组件或 Java。请先安装 Java 17 或更新的版本，在程序目录运行 make setup-spark，再运行一次。"
        )


class NoMaster(DomainError):
    def __init__(self, master: str) -> None:
        super().__init__(
            f"连不上 Spark 主节点 {master}：请写成 spark://主机:端口，并确认主节点已经启动，再运行一次。"
        )


class NoWorkers(DomainError):
    def __init__(self, master: str) -> None:
        super().__init__(
            f"Spark 主节点 {master} 上没有空闲的工作进程，请先启动工作进程，或等别的任务结束，再运行一次。"
        )


def join(master: str, settings: Mapping[str, str] | None = None) -> "SparkSession":
    """Join the cluster at `spark://host:port`; towards this very machine nothing listens beyond loopback.

    Args:
        settings: further Spark properties; `spark-defaults.conf` counts as always.

    Raises:
        SparkIsMissing: the extra, or Java, is not installed.
        NoMaster: nobody answers at the address.
        NoWorkers: no worker process took part within a minute.
    """
    if find_spec("pyspark") is None or not (which("java") or os.environ.get("JAVA_HOME")):
        raise SparkIsMissing
    near = _LOOPBACK if _answers(master) in {"127.0.0.1", "localhost", "::1"} else {}
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional extra

    builder = SparkSession.builder.master(master).appName("wuju")
    for name, value in {**_SETTINGS, **near, **(settings or {})}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    _await_workers(session, master)
    parts = 2 * session.sparkContext.defaultParallelism
    session.conf.set("spark.sql.shuffle.partitions", parts)
    return session


def _answers(master: str) -> str:
    """Return the host at which a master answers."""
    try:
        where = urlsplit(master)
        if where.scheme != "spark" or not where.hostname or not where.port:
            raise NoMaster(master)
        socket.create_connection((where.hostname, where.port), timeout=PATIENCE).close()
    except (OSError, ValueError):
        raise NoMaster(master) from None
    return where.hostname


def _await_workers(session: "SparkSession", master: str) -> None:
    """Wait for a worker process: without one, a job would wait for ever and say nothing."""
    until = time.monotonic() + PATIENCE
    while not executors(session):
        if time.monotonic() > until:
            session.stop()
            raise NoWorkers(master)
        time.sleep(0.2)


def executors(session: "SparkSession") -> dict[str, int]:
    """Return the tasks done by each worker process of a session, by its number on the cluster."""
    status = session.sparkContext._jsc.sc().statusStore()  # noqa: SLF001 - the listing has no Python face
    every = status.executorList(False)  # noqa: FBT003 - a Java method
    found = (every.apply(place) for place in range(every.size()))
    return {each.id(): each.completedTasks() for each in found if each.id() != "driver"}


class Spark(Columnar):
    """Facts and structure as Parquet that every worker can read; answers for all organizations at once.

    Args:
        session: a cluster joined with `join`.
        parquet: tables (facts and `life`, `lineage`, `feed`, `waiver`, `closure`) as folders
            of Parquet files under the same path on every machine.
        views: source name → SELECT over `t_<table>` for facts that are no table of their own;
            written by code, never by a pack.
    """

    def __init__(
        self,
        session: "SparkSession",
        parquet: Mapping[str, Path],
        *,
        views: Mapping[str, str] | None = None,
    ) -> None:
        self.session = session
        self.sources: dict[str, Source] = {}
        self._periods: list[int] = []
        self._known: set[str] = set()
        self._open(parquet, views or {})

    def _open(self, parquet: Mapping[str, Path], views: Mapping[str, str]) -> None:
        for name, folder in parquet.items():
            self._name(f"t_{name}", self.session.read.parquet(folder.resolve().as_uri()))
        selects = {name: f"SELECT * FROM {quoted(f't_{name}')}" for name in parquet} | dict(views)
        for name, select in selects.items():
            self.sources[name] = Source(select, (), tuple(self._sql(select).columns))

    def close(self) -> None:
        """Leave the cluster."""
        self.session.stop()

    # ------------------------------------------------------------------ judging
    def judge(
        self,
        program: Program,
        *,
        as_of: dt.date,
        since: dt.date | None = None,
        items: Collection[str] | None = None,
    ) -> None:
        """Judge and keep the cells on the cluster for `roll_up`."""
        chosen = program.chosen(items)
        ordered = program.with_parts(chosen)
        periods = periods_of(program, ordered, as_of, since)
        self._periods = [period.number for period in periods]
        made: list[str] = []
        if periods:
            lives = short_lives(Prelude(program, self.sources, as_of, periods), self._rows)
            prelude = Prelude(program, self.sources, as_of, periods, None, lives, streamed=True)
            prelude.build(ordered, (relation for item in ordered for relation in item.relations))
            for part in prelude.parts:
                self._lay(part)
            for batch in batches(program, chosen, AT_ONCE):
                made.append(self._judged(batch, made))
        wanted = ", ".join(str(item.no) for item in chosen) or "NULL"
        self._name("cells", self._sql(f"{_united(made)} WHERE v.item_no IN ({wanted})"))

    def _judged(self, batch: list[CompiledItem], before: list[str]) -> str:
        """Compute the cells of items of one level as a view, from the scores of the levels below; return its name."""
        if any(item.parts for item in batch):
            columns = "v.org_id, v.item_no, v.period, v.score"
            self._name(
                "scored", self._sql(f"{_united(before, columns)} WHERE v.score IS NOT NULL")
            )
        columns = ", ".join(CELL_COLUMNS)
        body = " UNION ALL ".join(f"SELECT {columns} FROM ({item.sql}) AS u" for item in batch)
        name = f"cells_{len(before)}"
        self._name(name, self._sql(body).localCheckpoint())
        return name

    def _lay(self, part: Part) -> None:
        """Name one common table; what is read often and must be computed is computed once.

        A checkpoint rather than a cache: plans stay short, which halves the time of a run.
        The rows lie on the workers; when one is lost, the run fails and is to be run again.
        """
        names = f"({part.columns})" if part.columns else ""
        frame = self._sql(f"SELECT * FROM ({part.sql}) AS made{names}")
        computed = part.kept and not part.sql.startswith("VALUES")
        self._name(part.name.strip('"'), frame.localCheckpoint() if computed else frame)

    # ------------------------------------------------------------------ answers
    def cells(
        self,
        program: Program,
        *,
        as_of: dt.date,
        since: dt.date | None = None,
        items: Collection[str] | None = None,
    ) -> "pa.Table":
        """Judge, keep the cells for `roll_up`, and return them as Arrow (`item_no` for the item)."""
        self.judge(program, as_of=as_of, since=since, items=items)
        found = self.session.table("cells").toArrow()
        return found.sort_by([(name, "ascending") for name in ("org_id", "item_no", "period")])

    def lines(self, program: Program, *, as_of: dt.date) -> "pa.RecordBatchReader":
        """Return the lines of the cells judged last as Arrow: the columns of `RollUp` with `item_no` for the item."""
        return self._sql(climbing_sql(program, self._periods, as_of)).toArrow().to_reader()

    # ------------------------------------------------------------------ Spark
    def _sql(self, text: str) -> "DataFrame":
        return self.session.sql(spark_sql(text, self._known))

    def _rows(self, sql: str, params: Params) -> list[tuple[Any, ...]]:
        """Run one SELECT; sources here are views, which have no parameters."""
        if params:
            raise ValueError(params)
        return list(tuples(self._sql(sql).toArrow()))

    def _name(self, name: str, frame: "DataFrame") -> None:
        frame.createOrReplaceTempView(name)
        self._known.add(name)


def _united(views: list[str], columns: str = "v.*") -> str:
    """Return a SELECT over views of cells as `v`."""
    names = ", ".join(f"CAST(NULL AS BIGINT) AS {name}" for name in CELL_COLUMNS)
    nothing = f"SELECT {names} WHERE 1 = 0"
    every = " UNION ALL ".join([nothing, *(f"SELECT * FROM {view}" for view in views)])
    return f"SELECT {columns} FROM ({every}) AS v"
