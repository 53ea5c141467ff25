"""The house itself: floors look down, nobody looks up, nothing is imported late, files stay short."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path
    for floor in ("app", "handlers", "models")
    for path in (ROOT / floor).rglob("*.py")
    if "migrations" not in path.parts
)

#: What each floor may import of ours; the longest prefix that fits a module decides.
MAY = {
    "models": ("models",),
    "app.rules": ("models", "app.rules"),
    "app.gateway": ("app.gateway",),
    "app.sandbox": ("app.sandbox",),
    "app.jobs": ("models", "app.rules", "app.gateway", "app.jobs", "app.context", "app.config", "app.links"),
    "handlers": (
        "models", "app.rules", "app.context", "app.guard", "app.links", "app.cookies", "app.vault",
        "app.gateway.wechat", "handlers",
    ),
    "app": ("models", "app"),
    "app.factory": ("models", "app", "handlers"),
}  # fmt: skip


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{name.name}" for name in node.names]
    return [name for name in found if name.split(".")[0] in ("app", "handlers", "models", "wsgi", "tests")]


def floor_of(module: str) -> str:
    return max((floor for floor in MAY if module == floor or module.startswith(floor + ".")), key=len)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_floors_look_down(path):
    module = module_of(path)
    allowed = MAY[floor_of(module)]
    wrong = [name for name in imports_of(path) if not any(name == one or name.startswith(one + ".") for one in allowed)]
    assert wrong == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_imported_inside_a_function(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    late = [
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


def test_only_what_starts_the_service_imports_the_factory():
    users = {module_of(path) for path in SOURCES if any(name.startswith("app.factory") for name in imports_of(path))}
    assert users == set()
    assert "app.factory" in "".join(imports_of(ROOT / "wsgi.py"))


def test_there_is_no_cycle():
    modules = {module_of(path): path for path in SOURCES}
    edges = {
        module: {name if name in modules else name.rpartition(".")[0] for name in imports_of(path)} & set(modules)
        for module, path in modules.items()
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module not in done:
            for other in edges[module] - {module}:
                visit(other, (*trail, module))
            done.add(module)

    for module in edges:
        visit(module, ())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_every_module_tells_its_story():
    silent = [module_of(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_app_is_only_a_docstring():
    assert len(ast.parse((ROOT / "app" / "__init__.py").read_text(encoding="utf-8")).body) == 1
