"""The notebooks run from top to bottom, and are committed without their output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells_of(notebook: Path) -> list[dict[str, object]]:
    """Read the code cells."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_the_notebooks_are_there() -> None:
    """Both stories; without them the tests below would pass by checking nothing."""
    assert {notebook.name for notebook in NOTEBOOKS} == {"planner_story.ipynb", "choosing_shops.ipynb"}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_carries_no_output(notebook: Path) -> None:
    """Outputs are stripped, so that a difference shows code and words only."""
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells_of(notebook))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_function_is_born_in_a_notebook(notebook: Path) -> None:
    """What a notebook needs lives in geomatch, where it is tested."""
    lines = [line for cell in cells_of(notebook) for line in "".join(cell["source"]).splitlines()]
    assert [
        line for line in lines if line.lstrip().startswith(("def ", "class ", "async def ")) or "lambda" in line
    ] == []


@pytest.mark.long
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(notebook: Path) -> None:
    """Every cell runs without an error, in a fresh kernel."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    options = ["--nbmake", "--nbmake-timeout=300", "--nbmake-kernel=python3", "-p", "no:cacheprovider", "-q"]
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, *options, str(notebook)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=400, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]
