"""A PostgreSQL of the tests' own: a throw-away cluster in a folder of its own, reached by a socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Sequence

_START_S = 60.0
_NAMES = count(1)
WITH_POSTGIS = "with_postgis"
"""The database that others are copied from."""
_OPTIONS = (
    "listen_addresses=", "max_connections=60", "shared_buffers=16MB", "log_min_messages=fatal",
    "fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
    "autovacuum=off",
)  # fmt: skip
"""What was committed outlives a kill of the server's processes (see `Cluster.kill`), though no power cut."""


def binaries() -> Path | None:
    """Find the folder of initdb and postgres, the newest there is; None where there is none, or no PostGIS for it."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = [*debian, *([Path(on_path)] if on_path else [])]
    return found[-1].resolve().parent if found else None


def user() -> str | None:
    """Name who runs the server: PostgreSQL refuses root; None for whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@dataclass
class Cluster:
    """A running cluster.

    Attributes:
        folder: its data, and its socket.
        bin: where postgres is.
        process: the server.
    """

    folder: Path
    bin: Path
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._run([self.bin / "initdb", "-D", self.folder / "data", "-U", "postgres", "-E", "UTF8", "--no-sync"])
        self.start()
        self.do(f"CREATE DATABASE {WITH_POSTGIS}")
        self.do("CREATE EXTENSION postgis", WITH_POSTGIS)

    def url(self, database: str) -> str:
        """Give the URL of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def fresh(self, like: str = WITH_POSTGIS) -> str:
        """Make a copy of a database, of one with nothing but PostGIS where none is named; gives its URL."""
        name = f"geomatch_{next(_NAMES)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")  # a third of the time of the other way
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected: hundreds of them would fill the disk."""
        self.do(f"DROP DATABASE {name_of(url)} WITH (FORCE)")

    def do(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the cluster's owner."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload] # the tests' own text

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [part for option in (*_OPTIONS, f"unix_socket_directories={self.folder}") for part in ("-c", option)]
        command = [str(self.bin / "postgres"), "-D", str(self.folder / "data"), *options]
        self.process = subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_as(user())
        )
        until = time.monotonic() + _START_S
        while True:
            try:
                self.do("SELECT 1")
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """End the server as a power cut would, and its processes with it."""
        self.process.kill()
        self.process.wait(_START_S)
        time.sleep(0.2)  # its children notice that it is gone, and go too

    def stop(self) -> None:
        """End the server, whoever is connected."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(_START_S)

    def remove(self) -> None:
        """End the server and remove everything."""
        self.process.send_signal(signal.SIGQUIT)  # nothing of it is wanted any more
        self.process.wait(_START_S)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, command: Sequence[str | Path]) -> None:
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False, **_as(user()))
        if done.returncode:
            raise RuntimeError(done.stderr.decode())


def name_of(url: str) -> str:
    """Give the name of the database of a URL."""
    return url.partition("@/")[2].partition("?")[0]


def make(bin_folder: Path) -> Cluster:
    """Make a cluster and start it; its folder stands where its user may enter it."""
    folder = Path(tempfile.mkdtemp(prefix="geomatch-pg-"))
    name = user()
    if name is not None:
        shutil.chown(folder, name)
    try:
        return Cluster(folder, bin_folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _as(name: str | None) -> dict[str, object]:
    return {} if name is None else {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
