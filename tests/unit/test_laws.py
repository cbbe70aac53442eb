"""The laws of the house, read from its source: who may import whom, and which heavy library lives in which room."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]

FLOORS = {
    "errors": 0,
    "opening": 0,
    "threads": 0,
    "geo": 1,
    "network": 2,
    "planning": 3,
    "volunteering": 3,
    "reporting": 3,
    "store": 4,
    "files": 4,
    "sending": 4,
    "drawing": 4,
    "services": 5,
    "config": 6,
    "bootstrap": 7,
    "web": 8,
    "cli": 9,
    "__main__": 10,
}
"""Imports point down: to a lower figure, or stay in the same room."""

ROOMS = {
    "numba": ("opening/kernels.py", "geo/_kernels/", "network/_kernels/", "volunteering/_kernels/"),
    "llvmlite": ("network/_kernels/",),
    "osmium": ("network/extract.py",),
    "rtree": ("planning/site_index.py",),
    "folium": ("drawing/",),
    "branca": ("drawing/",),
    "matplotlib": ("drawing/",),
    "apprise": ("sending/",),
    "weasyprint": ("drawing/report/pdf.py",),
    "cryptography": ("services/signing.py",),
    "flask": ("web/",),
    "flask_babel": ("web/",),
    "werkzeug": ("web/",),
    "prometheus_client": ("web/",),
    "sqlalchemy": ("store/",),
    "alembic": ("store/",),
    "pandas": ("files/",),
    "geopandas": ("files/",),
    "openpyxl": ("files/",),
    "xlsxwriter": ("files/",),
    "pyogrio": ("files/", "drawing/"),
    "granian": ("cli/", "web/"),
}
"""Where each heavy library may be opened, below geomatch/."""

VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
AT_WORK = {"open", "read_text", "read_bytes", "load", "connect", "create_engine", "create_app", "Popen", "check_output"}
"""Calls that touch the world, forbidden while a module is being imported."""

SLOW_TO_OPEN = ("pandas", "geopandas", "pyogrio", "folium", "scipy.sparse", "scipy.spatial",
    "matplotlib", "flask", "osmium", "openpyxl", "sqlalchemy", "alembic", "apprise",
)  # fmt: skip


@dataclass(frozen=True)
class Import:
    """One imported name: which file asks, at which line, for what."""

    file: str
    line: int
    name: str


def sources(root: Path) -> Iterator[Path]:
    """Every module of the package below a root."""
    return (path for path in sorted((root / "geomatch").rglob("*.py")) if "build" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    """Parse a module, once for all laws."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(root: Path) -> tuple[Import, ...]:
    """Every import of the package, inside functions and TYPE_CHECKING blocks too, by its full name."""
    return tuple(found for path in sources(root) for found in imports_of(root, path))


def imports_of(root: Path, path: Path) -> Iterator[Import]:
    """The imports of one module."""
    file = path.relative_to(root / "geomatch").as_posix()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = origin_of(node, path.relative_to(root))
            yield from (Import(file, node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def origin_of(node: ast.ImportFrom, path: Path) -> str:
    """The full name of what a from-import reads, its leading dots resolved."""
    if not node.level:
        return node.module or ""
    above = path.parts[: -node.level]
    return ".".join([*above, *([node.module] if node.module else [])])


def room_of(name: str) -> str:
    """The room of a full name such as geomatch.geo.projection, or of a file such as geo/projection.py."""
    parts = name.removeprefix("geomatch.").replace("/", ".").removesuffix(".py").split(".")
    return parts[0]


def floor_faults(root: Path) -> list[str]:
    """Imports that point up or sideways."""
    faults = []
    for found in imports(root):
        if not found.name.startswith("geomatch."):
            continue
        here, there = room_of(found.file), room_of(found.name)
        if there not in FLOORS or here in {there, "__init__"}:
            continue  # geomatch.__version__, or a neighbour in the same room
        if here not in FLOORS or FLOORS[there] >= FLOORS[here]:
            faults.append(f"{found.file}:{found.line} imports {found.name}, which is not below it")
    return faults


def stranger_faults(root: Path) -> list[str]:
    """Modules that stand in no room that the laws know."""
    rooms = {room_of(path.relative_to(root / "geomatch").as_posix()) for path in sources(root)}
    return [f"geomatch/{room} stands on no floor" for room in sorted(rooms - FLOORS.keys() - {"__init__", "__main__"})]


def heavy_faults(root: Path) -> list[str]:
    """Heavy libraries opened outside their rooms."""
    return [
        f"{found.file}:{found.line} opens {library}, whose home is {' or '.join(ROOMS[library]) or 'nowhere'}"
        for found in imports(root)
        if (library := found.name.split(".")[0]) in ROOMS and not found.file.startswith(ROOMS[library] or "-")
    ]


def private_faults(root: Path) -> list[str]:
    """Imports of another room's private modules, such as network/_kernels."""
    return [
        f"{found.file}:{found.line} reaches into {found.name}"
        for found in imports(root)
        if found.name.startswith("geomatch.")
        and room_of(found.file) != room_of(found.name)
        and any(part.startswith("_") and not part.startswith("__") for part in found.name.split("."))
    ]


def sending_faults(root: Path) -> list[str]:
    """Imports of what leaves the machine by others than services."""
    return [
        f"{found.file}:{found.line} would send by itself, which services do"
        for found in imports(root)
        if found.name.startswith("geomatch.sending") and room_of(found.file) not in {"sending", "services"}
    ]


def name_faults(root: Path) -> list[str]:
    """Modules whose name says nothing."""
    return [str(path.relative_to(root)) for path in sources(root) if VAGUE & {path.stem, path.parent.name}]


def docstring_faults(root: Path) -> list[str]:
    """Rooms that do not state their law, and modules that do not say what they are."""
    faults = []
    for path in sources(root):
        text = ast.get_docstring(parsed(path)) or ""
        is_room = path.name == "__init__.py" and path.parent.parent == root / "geomatch"
        if not text or (is_room and "Law:" not in text):
            faults.append(f"{path.relative_to(root)} {'states no law' if is_room else 'has no docstring'}")
    return faults


def import_time_faults(root: Path) -> list[str]:
    """Calls that open files, engines or processes while a module is imported."""
    faults = []
    for path in sources(root):
        for call in calls_at_import(parsed(path)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in AT_WORK:
                faults.append(f"{path.relative_to(root)}:{call.lineno} calls {name} at import")
    return faults


def calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Calls outside every function body and outside `if __name__ == "__main__"`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "__name__" in ast.dump(child.test):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from calls_at_import(child)


LAWS: dict[str, Callable[[Path], list[str]]] = {
    "imports point down": floor_faults,
    "every room has a floor": stranger_faults,
    "heavy libraries stay in their rooms": heavy_faults,
    "private modules stay private": private_faults,
    "only services send": sending_faults,
    "names say something": name_faults,
    "rooms state their law": docstring_faults,
    "nothing happens at import": import_time_faults,
}


@pytest.mark.parametrize("law", LAWS)
def test_the_house_keeps_its_laws(law: str) -> None:
    """The source as it stands breaks none of the laws."""
    assert LAWS[law](ROOT) == []


@pytest.mark.parametrize(
    ("law", "file", "text"),
    [
        ("imports point down", "geo/a.py", "from geomatch.network import graph"),
        ("imports point down", "planning/a.py", "from geomatch.volunteering import orders"),
        ("imports point down", "volunteering/a.py", "import geomatch.planning.sites"),
        ("imports point down", "files/a.py", "from geomatch.drawing.folium_map import draw"),
        ("imports point down", "drawing/a.py", "from geomatch.files import tables"),
        ("imports point down", "network/a.py", "from ..planning import sites"),
        ("imports point down", "network/a.py", "from geomatch import services"),
        ("imports point down", "geo/a.py", "def f():\n    from geomatch.web import app"),
        ("imports point down", "geo/a.py", "if TYPE_CHECKING:\n    from geomatch.planning.sites import Site"),
        ("imports point down", "web/a.py", "from geomatch import cli"),
        ("every room has a floor", "attic/a.py", ""),
        ("heavy libraries stay in their rooms", "network/reach.py", "import numba"),
        ("heavy libraries stay in their rooms", "network/osm.py", "def f():\n    import osmium.osm"),
        ("heavy libraries stay in their rooms", "planning/sites.py", "from rtree import index"),
        ("heavy libraries stay in their rooms", "web/a.py", "import folium"),
        ("heavy libraries stay in their rooms", "services/a.py", "import pandas as pd"),
        ("heavy libraries stay in their rooms", "cli/a.py", "from flask import Flask"),
        ("private modules stay private", "services/a.py", "from geomatch.network._kernels import dijkstra"),
        ("heavy libraries stay in their rooms", "services/a.py", "import apprise"),
        ("only services send", "web/a.py", "from geomatch.sending import webhook"),
        ("names say something", "geo/utils.py", ""),
        ("names say something", "common/roads.py", ""),
        ("rooms state their law", "geo/__init__.py", '"""Places on the globe."""'),
        ("rooms state their law", "geo/a.py", "pass"),
        ("nothing happens at import", "geo/a.py", "TABLE = open('table.csv')"),
        ("nothing happens at import", "geo/a.py", "class A:\n    text = Path('x').read_text()"),
        ("nothing happens at import", "web/a.py", "app = create_app()"),
    ],
)
def test_a_broken_law_is_seen(tmp_path: Path, law: str, file: str, text: str) -> None:
    """Each law's check finds the breach planted for it, so a green result means something."""
    path = tmp_path / "geomatch" / file
    path.parent.mkdir(parents=True)
    docstring = "" if law == "rooms state their law" else '"""A module."""\n'
    path.write_text(docstring + text, encoding="utf-8")
    assert len(LAWS[law](tmp_path)) == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("network/_kernels/a.py", "import numba"),
        ("network/reach.py", "from geomatch.network._kernels import dijkstra"),
        ("planning/a.py", "from geomatch.network.reach import Ways\nfrom geomatch.planning import sites"),
        ("web/a.py", "from flask import Flask\nfrom geomatch import __version__\nfrom .problems import problem"),
        ("geo/a.py", "def f():\n    return open('later.csv')\nif __name__ == '__main__':\n    open('now.csv')"),
    ],
)
def test_lawful_source_passes(tmp_path: Path, file: str, text: str) -> None:
    """What the laws allow is not reported."""
    path = tmp_path / "geomatch" / file
    path.parent.mkdir(parents=True)
    path.write_text(f'"""A module."""\n{text}', encoding="utf-8")
    assert [fault for check in LAWS.values() for fault in check(tmp_path)] == []


def test_the_way_to_the_first_answer_opens_no_slow_library() -> None:
    """Opening a built region and asking for the nearest site needs none of the libraries that take long to import."""
    code = (
        "import sys, geomatch.cli.arguments, geomatch.services.region, geomatch.services.nearest\n"
        f"print(*[name for name in {SLOW_TO_OPEN} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_kernels_open_nothing_that_they_do_not_need() -> None:
    """A kernel is loaded and run without scipy, cffi and yaml, which numba would open; they can be opened later."""
    code = (
        "import sys, numpy as np\n"
        "from geomatch.network._kernels import grid\n"
        "grid.bucket_pieces(np.zeros((2, 2)), np.zeros(2, np.int32), np.ones(1, bool), 0.0, 0.0, 1.0,\n"
        "                   np.zeros((1, 1), np.int64), np.empty(0, np.int32), False)\n"
        "print(*[name for name in sys.modules if name.split('.')[0] in {'scipy', 'cffi', 'yaml'}])\n"
        "import scipy.linalg.cython_blas, cffi, yaml"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_kernel_is_loaded_without_what_only_compiling_needs() -> None:
    """From the disk a kernel comes without all that numba can compile, and others can still be compiled afterwards."""
    code = (
        "import sys, numpy as np\n"
        "from geomatch.network._kernels.grown import grown\n"
        "array = np.zeros(3, np.int32)\n"
        "print(len(grown(array, 9)), 'numba.typed.typeddict' in sys.modules)\n"
        "from numba import njit\n"
        "print(njit(lambda array: len(grown(array, 12)))(array))"
    )
    for _ in range(2):  # the first may have to compile it
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["9", "False", "12"]
