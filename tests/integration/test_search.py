"""Search for places over a little region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomatch.services import build, search
from geomatch.services import region as region_service
from tests import regions

if TYPE_CHECKING:
    from geomatch.services.region import Region


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The little region, built and open."""
    folder = regions.write_little_region(tmp_path_factory.mktemp("search"))
    build.build(folder)
    return region_service.open_region(folder)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("东柳社区站", "东柳社区站"),
        ("东柳", "东柳社区站"),
        ("dlsq", "东柳社区站"),
        ("dongliu", "东柳社区站"),
        ("ＤＬＳＱ", "东柳社区站"),
        ("两岸区东岸街道8号楼3单元", "东岸街道"),
        ("东柳社区占", "东柳社区站"),
        ("西岸街道", "西岸街道"),
    ],
)
def test_a_place_is_found_however_it_is_written(little: Region, text: str, name: str) -> None:
    """By name, part, initials, pinyin, wide letters, inside an address, and with a slip."""
    assert search.search(little, text)[0].name == name


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "纽约时代广场", "zzzz"])
def test_nothing_is_found_where_nothing_fits(little: Region, text: str) -> None:
    """Blanks and far-away names give no place at all."""
    assert search.search(little, text) == ()


def test_only_the_very_name_is_exact(little: Region) -> None:
    """Exactness is what lets the page answer at once."""
    assert search.search(little, "东柳社区站")[0].exact
    assert not search.search(little, "东柳")[0].exact


def test_no_more_are_given_than_asked_for(little: Region) -> None:
    """The limit holds."""
    assert len(search.search(little, "街", limit=2)) == 2
