"""Accounts from the command line: the only way to open the first one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from geomatch.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'accounts.db'}")


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What comes through the pipe."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_account_is_opened_listed_and_closed(
    little_region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The list shows role, area and whether it is closed, and never a password."""
    typed(monkeypatch, "walk-there-and-back\n")
    assert main(["account", "add", str(little_region), "清河所", "--role", "office", "--unit", "A"]) == 0
    identity = capsys.readouterr().out.split()[-1]
    assert main(["account", "list", str(little_region)]) == 0
    assert capsys.readouterr().out == f"{identity}  office 实践所  A  清河所\n"
    assert main(["account", "close", str(little_region), identity]) == 0
    assert main(["account", "list", str(little_region)]) == 0
    assert "closed 已停用" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("role", "secret", "told"),
    [
        ("centre", "short", "password: must have 10 to 200 characters"),
        ("office", "walk-there-and-back", "unit: an account of this role (office) needs its unit"),
    ],
)
def test_an_account_at_fault_is_refused(
    little_region: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    role: str,
    secret: str,
    told: str,
) -> None:
    """With the member at fault, exit 1, and nothing opened."""
    typed(monkeypatch, f"{secret}\n")
    assert main(["account", "add", str(little_region), "somebody", "--role", role]) == 1
    assert told in capsys.readouterr().err
    assert main(["account", "list", str(little_region)]) == 0
    assert capsys.readouterr().out == ""


def test_a_role_that_is_none_is_wrong_usage(little_region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2 with the roles there are."""
    with pytest.raises(SystemExit, match="2"):
        main(["account", "add", str(little_region), "x", "--role", "king"])
    assert "auditor" in capsys.readouterr().err


def test_an_account_that_is_not_there_cannot_be_closed(little_region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, and it says which region was looked in."""
    assert main(["account", "close", str(little_region), "0" * 24]) == 1
    assert "there is no account" in capsys.readouterr().err
