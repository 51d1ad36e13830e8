"""The command: quick help, refusals with exit 2, first installation, explanations, tampering found."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from tests.conftest import NOW, District
from wuju.access.models import Grant, User
from wuju.cli import app, homes
from wuju.flows.install import CountyNeeded, SamePerson, ShortPassword, install_admins
from wuju.kit.errors import DomainError
from wuju.ledger.models import Event

NAMES = {"system_admin": "xt", "security_admin": "aq", "auditor": "sj"}
PASSWORDS = dict.fromkeys(NAMES, "a-long-enough-secret")


def run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(app, list(arguments))
    if isinstance(answer.exception, DomainError):
        return 2, str(answer.exception)
    return answer.exit_code, answer.output


@pytest.fixture
def demo_home(settings: object) -> None:
    settings.WUJU_DEMO = True  # type: ignore[attr-defined]


def test_help_and_facts_start_without_django() -> None:
    """Django stays out of `--help`, `facts` and `pack lint`."""
    program = (
        "import sys\nfrom typer.testing import CliRunner\nfrom wuju.cli import app\n"
        "for line in (['--help'], ['facts'], ['facts', 'meeting'], ['pack', 'lint', 'packs/national_2026']):\n"
        "    answer = CliRunner().invoke(app, line)\n    assert answer.exit_code == 0, answer.output\n"
        "assert 'django' not in sys.modules, 'django was imported'\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True)


def test_business_data_needs_a_person_outside_a_demo_home(db: None) -> None:
    code, said = run("export", "meetings")

    assert code == 2
    assert "--as" in said


def test_a_wrong_token_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUJU_TOKEN", "guess")

    assert run("export", "meetings", "--as", "zhaojia") == (
        2,
        "账号或令牌不对，或令牌已过期、已撤销，请登录后在“我的账号”生成新的令牌。",
    )


def test_a_home_with_data_is_never_made_a_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wuju.sqlite3").write_text("real data", "utf-8")
    monkeypatch.setenv("WUJU_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    code, said = run("demo", "--no-serve")

    assert code == 2
    assert "WUJU_HOME" in said
    assert (tmp_path / "wuju.sqlite3").read_text("utf-8") == "real data"
    assert homes.NotADemoHome.__name__ in repr(homes.NotADemoHome)


def test_a_demo_never_goes_into_a_configured_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUJU_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://wuju@localhost/wuju")

    code, said = run("demo", "--no-serve")

    assert code == 2
    assert "DATABASE_URL" in said
    assert not any(tmp_path.iterdir())


def test_explain_says_rule_numbers_and_rows(judged: District, demo_home: None) -> None:
    code, said = run(
        "explain", "--org", "SD-E1", "--item", "meetings.members_meeting", "--period", "2026Q3"
    )

    assert code == 0, said
    assert "支部工作条例" in said
    assert "0/1" in said
    code, said = run(
        "explain", "--org", "SD-E1", "--item", "meetings.members_meeting", "--period", "2026Q3", "--json"
    )  # fmt: skip
    assert json.loads(said)["status"] == "missed"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--org", "NOPE", "--item", "meetings.theme_day", "--period", "2026-09"), "没有组织代码"),
        (("--org", "SD-E1", "--item", "nope", "--period", "2026-09"), "清单里没有"),
        (("--org", "SD-E1", "--item", "meetings.theme_day", "--period", "九月"), "看不懂期间"),
        (("--org", "SD-E1", "--item", "meetings.theme_day", "--period", "2026Q3"), "没有评判"),
    ],
)
def test_explain_refuses_with_a_sentence(
    arguments: tuple[str, ...],
    sentence: str,
    judged: District,
    demo_home: None,
) -> None:
    code, said = run("explain", *arguments)

    assert code == 2
    assert sentence in said


def test_evaluate_refuses_an_unknown_engine_and_date(db: None, demo_home: None) -> None:
    assert run("evaluate", "--engine", "abacus")[0] == 2
    assert run("evaluate", "--as-of", "昨天")[0] == 2


def test_verify_names_a_changed_event_and_a_changed_row(town: District) -> None:
    from wuju.ledger.actions import seal

    seal()
    assert run("ledger", "verify", "--records")[0] == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_event SET reason = 'x' WHERE sequence = 1")
        cursor.execute("UPDATE org_organization SET name = 'x' WHERE code = 'SD-W1'")

    code, said = run("ledger", "verify", "--records")

    assert code == 1
    assert "内容被改动" in said
    assert "组织名称" in said


def test_first_installation_opens_three_separate_administrators(db: None) -> None:
    install_admins(names=NAMES, passwords=PASSWORDS, county="中共试点区委员会", at=NOW)

    assert set(Grant.objects.values_list("user__username", "role")) == {
        ("xt", "system_admin"),
        ("aq", "security_admin"),
        ("sj", "auditor"),
    }


def test_the_operator_gives_an_administrator_a_new_password(db: None) -> None:
    install_admins(names=NAMES, passwords=PASSWORDS, county="中共试点区委员会", at=NOW)
    new = "another-long-secret"

    answer = CliRunner().invoke(app, ["resetpassword", "aq"], input=f"{new}\n{new}\n")

    assert answer.exit_code == 0, answer.output
    assert User.objects.get(username="aq").check_password(new)
    assert Event.objects.get(action="password.reset").actor_name == "服务器运维"
    assert run("resetpassword", "nobody")[0] == 2


@pytest.mark.parametrize(
    ("names", "passwords", "county", "refusal"),
    [
        (dict.fromkeys(NAMES, "xt"), PASSWORDS, "中共试点区委员会", SamePerson),
        (NAMES, dict.fromkeys(NAMES, "short"), "中共试点区委员会", ShortPassword),
        (NAMES, PASSWORDS, "", CountyNeeded),
    ],
)
def test_first_installation_refuses(
    names: dict[str, str],
    passwords: dict[str, str],
    county: str,
    refusal: type[Exception],
    db: None,
) -> None:
    with pytest.raises(refusal):
        install_admins(names=names, passwords=passwords, county=county, at=NOW)

    assert not User.objects.exists()
