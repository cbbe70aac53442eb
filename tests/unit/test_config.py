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
    assert Settings.from_env({}) == Settings()
    env = {"GEOMATCH_REGIONS": f"b{os.pathsep}a", "GEOMATCH_WARM": "0", "GEOMATCH_MAX_POINTS": "10"}
    assert Settings.from_env(env) == Settings(regions=(Path("b"), Path("a")), warm=False, max_points=10)


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
