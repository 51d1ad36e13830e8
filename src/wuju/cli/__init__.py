"""命令 — the `wuju` command for operators. Exit 0 done, 1 broken, 2 refused with a sentence."""

import os
import sys

import typer

from wuju.kit.errors import DomainError

from . import data, homes, ledger, nightly, packs, runs, standings, work

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuju.config.settings")
app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    help="五聚：基层党建工作的记录与评判系统。",
)
app.command("demo")(homes.demo)
app.command("serve")(homes.serve)
app.command("migrate")(homes.migrate)
app.command("createadmin")(homes.createadmin)
app.command("resetpassword")(homes.resetpassword)
app.command("import")(data.import_)
app.command("export")(data.export)
app.command("facts")(packs.facts)
app.command("evaluate")(standings.evaluate)
app.command("explain")(standings.explain)
app.command("nightly")(nightly.nightly)
app.command("work")(work.work)
app.add_typer(packs.app, name="pack")
app.add_typer(runs.app, name="run")
app.add_typer(ledger.app, name="ledger")


def main() -> None:
    """Run the command; a refusal is a sentence on standard error and exit code 2."""
    try:
        app()
    except DomainError as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(2)
