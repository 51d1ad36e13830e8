"""`wuju demo | serve | migrate | createadmin | resetpassword`: prepare a data home and serve it."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from wuju.kit.errors import DomainError


class NotADemoHome(DomainError):
    def __init__(self, home: Path) -> None:
        super().__init__(
            f"{home} 里已有数据，又不是演示数据。请把环境变量 WUJU_HOME 指向一个空文件夹后再运行 wuju demo。"
        )


class DemoNeedsItsOwnDatabase(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "演示数据只放在演示目录自己的数据库里。请先取消环境变量 DATABASE_URL，再运行 wuju demo。"
        )


def _demo_home() -> Path:
    """Return an empty demo home; a home with data that is not a demo's is never touched."""
    if os.environ.get("DATABASE_URL"):
        raise DemoNeedsItsOwnDatabase
    home = Path(os.environ.get("WUJU_HOME") or "var/demo").resolve()
    if home.exists() and any(home.iterdir()) and not (home / "DEMO").exists():
        raise NotADemoHome(home)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for stale in home.glob("wuju.sqlite3*"):
        stale.unlink()
    (home / "DEMO").write_text("演示数据，均为虚构，可随时删除。\n", "utf-8")
    os.environ["WUJU_HOME"] = str(home)
    return home


def demo(
    port: Annotated[int, typer.Option(help="端口")] = 8000,
    serve_it: Annotated[
        bool, typer.Option("--serve/--no-serve", help="建好后是否开始服务")
    ] = True,
    seed: Annotated[int, typer.Option(help="随机种子；同一天同一种子得到同样的数据")] = 20240418,
) -> None:
    """新建安定区演示数据（人员均为虚构），评判，打印账号，只在本机服务。"""
    home = _demo_home()
    from wuju.cli.session import now, ready

    ready()
    from django.core.management import call_command

    from wuju.flows.demo.build import build

    call_command("migrate", verbosity=0, interactive=False)
    report = build(seed=seed, at=now())
    for line in report.lines:
        typer.echo(line)
    typer.echo("")
    typer.echo("演示账号（口令均为 " + report.password + "）：")
    for account in report.accounts:
        typer.echo(f"  {account.username:<12}{account.title}")
    typer.echo(f"数据目录：{home}")
    if serve_it:
        typer.echo(f"\n请用浏览器打开 http://127.0.0.1:{port}/ ，按 Ctrl+C 结束。")
        _serve("127.0.0.1", port, 1)


def serve(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 8000,
    workers: Annotated[int, typer.Option(help="进程数")] = 2,
) -> None:
    """服务当前数据目录，并在后台重新计算；演示数据只在本机服务。"""
    from wuju.cli.session import ready

    ready()
    from django.conf import settings

    if settings.WUJU_DEMO:
        host = "127.0.0.1"
    _serve(host, port, workers)


def _serve(host: str, port: int, workers: int) -> None:
    """Run granian on the WSGI application, and a worker beside it, until it is stopped."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    from wuju.cli.work import beside

    # Servers are forked from this process or started by it: both have to know.
    os.environ["WUJU_WORKERS"] = "1"
    settings.WUJU_WORKERS = True
    sys.stdout.flush()
    with beside():
        Granian(
            "wuju.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=2,
            websockets=False,
        ).serve()


def migrate() -> None:
    """准备数据库（新装或升级）。"""
    from wuju.cli.session import ready

    ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    typer.echo("数据库已就绪。")


def createadmin(
    system: Annotated[str, typer.Option("--system", help="系统管理员账号")],
    security: Annotated[str, typer.Option("--security", help="安全管理员账号")],
    auditor: Annotated[str, typer.Option("--auditor", help="审计员账号")],
    county: Annotated[str, typer.Option("--county", help="县（区）委全称，首次安装时用")] = "",
) -> None:
    """首次安装：建立根组织和三员账号（系统管理员、安全管理员、审计员分设），口令各自输入。"""
    from wuju.cli.session import now, ready

    ready()
    from wuju.flows.install import install_admins

    names = {"system_admin": system, "security_admin": security, "auditor": auditor}
    passwords = {
        role: typer.prompt(
            f"{name} 的口令（至少 12 位）", hide_input=True, confirmation_prompt=True
        )
        for role, name in names.items()
    }
    install_admins(names=names, passwords=passwords, county=county, at=now())
    typer.echo("三员账号已建立。请用系统管理员开立账号、申请授权，由安全管理员批准。")


def resetpassword(
    username: Annotated[str, typer.Argument(metavar="账号", help="忘记密码的账号")],
) -> None:
    """忘记密码的管理员（系统管理员、安全管理员、审计员）由服务器运维在本机重设；会记入留痕。"""
    from wuju.cli.session import now, ready

    ready()
    from wuju.access.actions import reset_password
    from wuju.access.queries import user_in_reach_by_name
    from wuju.kit.actors import system_actor

    actor = system_actor("服务器运维", because="no administrator may reset another's password")
    user = user_in_reach_by_name(scope=actor.scope, username=username)
    password = typer.prompt("新口令", hide_input=True, confirmation_prompt=True)
    reset_password(user=user, password=password, actor=actor, at=now())
    typer.echo("口令已重设，请本人登录后在“我的账号”再改一次。")
