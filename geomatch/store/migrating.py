"""The tables of a database, brought to what this release needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from geomatch.errors import StoreError
from geomatch.store.schema import REVISION

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

_LOCK = 0x6765_6F6D  # "geom": any figure that nothing else in the database locks by
_STEPS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Take every step that the database has not taken yet; the caller's transaction holds all of them or none.

    The caller's transaction is the only one that writes: on SQLite because it began so, on PostgreSQL by a lock that
    ends with it. Processes that start together wait for the first and then find nothing to do.

    Raises:
        StoreError: a newer geomatch made the database.
    """
    if connection.dialect.name == "postgresql":
        for limit in (
            "lock_timeout",
            "statement_timeout",
        ):  # steps and who waits for them are no requests
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    at = revision(connection)
    if at == REVISION:  # somebody else was first
        return
    if at is not None and at not in revisions():
        raise StoreError(f"the database was made by a newer geomatch (its tables are at {at!r}); use that one")
    move(connection, "head")


def move(connection: Connection, to: str) -> None:
    """Take the steps up to one, or to the newest ("head"), or down to nothing ("base"), in the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - takes time to import, and is needed once a release

    steps = command.downgrade if to == "base" else command.upgrade
    steps(config_for(connection), to)


def revisions() -> frozenset[str]:
    """Name the steps that this release knows."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    return frozenset(step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions())


def is_current(connection: Connection) -> bool:
    """Tell whether the tables are what this release needs."""
    return revision(connection) == REVISION


def config_for(connection: Connection) -> Config:
    """Give alembic's configuration for a connection whose transaction has begun."""
    config = _config()
    config.attributes["connection"] = connection
    return config


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def revision(connection: Connection) -> str | None:
    """Tell at which step the tables are; None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    at: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return at
