"""Rules of the house that no off-the-shelf linter knows. Each failure says what to do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import wuju

SRC = Path(wuju.__file__).parent
WRITES = {
    "acreate", "adelete", "asave", "bulk_create", "bulk_update", "create", "delete",
    "get_or_create", "save", "update", "update_or_create",
}  # fmt: skip
# `dict.update`, `hash.update` and the like share names with the ORM; these receivers are not querysets.
HARMLESS = {"hashlib", "digest", "hasher", "seen", "counts", "values", "context", "touched"}
FACES = {"web", "api", "cli", "config"}


def modules(root: Path = SRC) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(root.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(root), ast.parse(path.read_text("utf-8"))


def is_action_module(path: Path) -> bool:
    return path.name == "actions.py" or path.parent.name == "actions"


def orm_writes(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield calls that look like writes of the ORM: `….objects.create(…)`, `row.save(…)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "insert_rows":
            yield node
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in WRITES:
            continue
        receiver = ast.unparse(node.func.value)
        if node.func.attr in {"update", "create", "delete"} and "objects" not in receiver:
            continue
        if receiver.split(".")[-1].split("(")[0] in HARMLESS:
            continue
        yield node


def test_only_actions_write() -> None:
    """Move the write into an action, where it is audited."""
    offenders = [
        f"{path}:{node.lineno} {ast.unparse(node.func)}()"
        for path, tree in modules()
        if not is_action_module(path)
        for node in orm_writes(tree)
        if "document.save" not in ast.unparse(node.func)  # python-docx, not a table
    ]
    assert offenders == []


def test_saves_name_their_fields() -> None:
    """Pass `update_fields` (or force_insert), so that two people editing one row cannot undo each other."""
    offenders = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        if is_action_module(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"save", "asave"}
        and not {"update_fields", "force_insert"} & {keyword.arg for keyword in node.keywords}
    ]
    assert offenders == []


def decorated_as_action(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(d).split(".")[-1] == "action" for d in function.decorator_list)


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def test_actions_say_who_and_when() -> None:
    """An @action is keyword-only and takes `actor` and `at`."""
    offenders = [
        f"{path}:{function.lineno} {function.name}"
        for path, tree in modules()
        if is_action_module(path)
        for function in public_functions(tree)
        if decorated_as_action(function)
        and (
            function.args.args
            or not {"actor", "at"} <= {argument.arg for argument in function.args.kwonlyargs}
        )
    ]
    assert offenders == []


def test_queries_are_keyword_only_and_take_a_scope() -> None:
    """Start the signature with `*` and take `scope`, so that no list leaks another township."""
    offenders = []
    for path, tree in modules():
        if path.name != "queries.py" or path.parts[0] == "access":
            continue
        for function in public_functions(tree):
            keywords = {argument.arg for argument in function.args.kwonlyargs}
            if function.args.args or not keywords & {"scope", "actor"}:
                offenders.append(f"{path}:{function.lineno} {function.name}")
    assert offenders == []


def test_modules_stay_small() -> None:
    """Split by subject. 400 lines is past the 90th percentile of the code we admire."""
    long = [
        f"{path}: {count}"
        for path, _ in modules()
        if (count := len((SRC / path).read_text("utf-8").splitlines())) > 400
    ]
    assert long == []


def test_every_package_introduces_itself() -> None:
    """Open `__init__.py` with a docstring: the Chinese name, a dash, one sentence."""
    silent = [
        str(path)
        for path, tree in modules()
        if path.name == "__init__.py" and len(path.parts) == 2
        if not re.match(r"[一-鿿]+ — ", ast.get_docstring(tree) or "")
    ]
    assert silent == []


FORBIDDEN = re.compile(
    r"^(points?|rank(ing|ed)?|leaderboard|check_?in|clock_?in|online_(time|duration|minutes)|"
    r"likes?|thumbs?|badges?|gps|geo_?track|latitude_log|photo_required|login_count|dwell(_time)?)$"
)


def identifiers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.lineno, node.target.id
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield node.lineno, target.id


def test_the_forbidden_vocabulary_names_nothing() -> None:
    """No points, rankings, check-ins, online time or mandatory photos (国办函〔2026〕12号; 8.4 D01–D08)."""
    offenders = [
        f"{path}:{line} {name}"
        for path, tree in modules()
        for line, name in identifiers(tree)
        if FORBIDDEN.match(name.lower())
    ]
    assert offenders == []


def test_nothing_below_the_faces_reads_the_clock() -> None:
    """Take `at` or `today` as an argument."""
    clock = re.compile(r"\b(timezone\.(now|localdate|localtime)|date\.today|datetime\.now)\(")
    offenders = [
        str(path)
        for path, _ in modules()
        if path.parts[0] not in FACES and clock.search((SRC / path).read_text("utf-8"))
    ]
    assert offenders == []


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("Meeting.objects.create(kind='x')", True),
        ("row.save(update_fields=['a'])", True),
        ("Meeting.objects.filter(pk=1).update(kind='x')", True),
        ("insert_rows(rows)", True),
        ("seen.update({1})", False),
        ("hasher.update(b'')", False),
    ],
)
def test_the_write_rule_sees_a_planted_violation(text: str, *, caught: bool) -> None:
    assert bool(list(orm_writes(ast.parse(text)))) is caught
