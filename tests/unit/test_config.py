"""Settings come from the environment, and a wrong one is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geomatch import bootstrap
from geomatch.config import Settings
from geomatch.errors import InputError, NotBuiltError
from tests.regions import write_little_region


def test_settings_have_defaults_and_read_the_environment() -> None:
    """Regions are split at the path separator, in their order; nothing set means nothing served."""
    home = {"HOME": "/home/wang"}
    own = "sqlite:////home/wang/.local/share/geomatch/geomatch.db"
    data = Path("/home/wang/.local/share/geomatch")
    files = {"identity_key": data / "identity.key", "keys_folder": data / "keys"}
    assert Settings.from_env(home) == Settings(database_url=own, **files)
    env = {"GEOMATCH_REGIONS": f"b{os.pathsep}a", "GEOMATCH_WARM": "0", "GEOMATCH_MAX_POINTS": "10"}
    read = Settings(regions=(Path("b"), Path("a")), warm=False, max_points=10, database_url=own, **files)
    assert Settings.from_env(env | home) == read


def test_no_password_is_shown() -> None:
    """Whichever way it is written into the address."""
    for url in ("postgresql://wang:secret@host/district", "postgresql://wang@host/district?password=secret"):
        shown = bootstrap.database(Settings(database_url=url)).shown
        assert "secret" not in shown
        assert shown.endswith("@host/district")


@pytest.mark.parametrize(
    ("env", "url"),
    [
        ({"XDG_DATA_HOME": "/data"}, "sqlite:////data/geomatch/geomatch.db"),
        ({"XDG_DATA_HOME": "data"}, "sqlite:////home/wang/.local/share/geomatch/geomatch.db"),
        ({"GEOMATCH_DATABASE_URL": "postgresql://a@b/c", "XDG_DATA_HOME": "/data"}, "postgresql://a@b/c"),
        ({"GEOMATCH_DATABASE_URL": ""}, "sqlite:////home/wang/.local/share/geomatch/geomatch.db"),
    ],
)
def test_a_database_is_the_users_own_unless_named(env: dict[str, str], url: str) -> None:
    """Outside every checkout; a data folder that is no absolute path does not count, as its rules say."""
    assert Settings.from_env({"HOME": "/home/wang"} | env).database_url == url


@pytest.mark.parametrize(
    "url",
    [
        "geomatch.db",
        "mysql://a/b",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://host",
        "postgresql://a:secret@e:x/f",
        "://",
    ],
)
def test_an_address_that_is_no_database_is_refused_without_showing_its_password(url: str) -> None:
    """The message names the variable and what it may hold."""
    with pytest.raises(InputError, match="GEOMATCH_DATABASE_URL: must") as caught:
        bootstrap.database(Settings(database_url=url))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("GEOMATCH_WARM", "yes"), ("GEOMATCH_MAX_POINTS", "0")])
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    """The variable and its value are in the message."""
    with pytest.raises(InputError, match=f"{name}.*{value}"):
        Settings.from_env({name: value})


def test_regions_open_in_order_and_share_no_id(little_region: Path, tmp_path: Path) -> None:
    """None named, one not built, two of one id: each is refused in words."""
    with pytest.raises(InputError, match="names no region"):
        bootstrap.open_regions(Settings())
    with pytest.raises(InputError, match="share an id"):
        bootstrap.open_regions(Settings(regions=(little_region, little_region), warm=False))
    with pytest.raises(NotBuiltError):
        bootstrap.open_regions(Settings(regions=(write_little_region(tmp_path / "new"),)))
    opened = bootstrap.open_regions(Settings(regions=(little_region,)))
    assert [region.spec.id for region in opened] == ["little"]
