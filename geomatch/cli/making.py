"""Commands that make things: sample, build, serve, network."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.cli import words
from geomatch.errors import InputError
from geomatch.files import region_file
from geomatch.services import region as region_room

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from geomatch.services.build_report import BuildReport
    from geomatch.store.database import Database


def sample(options: argparse.Namespace) -> None:
    """Write a bundled region's sources."""
    from geomatch.services import sample as sample_room  # noqa: PLC0415 - each command opens only its own rooms

    written = sample_room.write_sample(options.name, options.folder)
    print(f"{options.folder}: {len(written)} files; next: geomatch build {options.folder}")


def build(options: argparse.Namespace) -> None:
    """Build a region and print what was found."""
    from geomatch.services import build as build_room  # noqa: PLC0415 - as above

    with _bar(f"build {options.region}") as progress:
        report = build_room.build(options.region, progress=progress)
    _warn(report)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        print("\n".join(words.build_report(report)))


def _warn(report: BuildReport) -> None:
    """Say on stderr where a file's declared coordinate system contradicts its points."""
    for told in report.coordinates:
        if told["warning"] is not None:
            print(f"geomatch: warning 警告: {told['warning']}", file=sys.stderr)


STOP_S = 15
"""How long running requests may take to finish when asked to stop; a worker stopped while it starts hears nothing."""

THREADS = 2
"""Of each worker: one may answer while the other waits for a kernel; more would only contend for the interpreter."""


def serve(options: argparse.Namespace) -> None:
    """Build what is absent or out of date, then serve until stopped."""
    from geomatch import bootstrap  # noqa: PLC0415 - as above
    from geomatch.config import Settings  # noqa: PLC0415 - as above
    from geomatch.services import build as build_room  # noqa: PLC0415 - as above

    _check_folders(options.regions)
    database = bootstrap.database(Settings.from_env())
    os.environ["GEOMATCH_REGIONS"] = os.pathsep.join(str(folder.resolve()) for folder in options.regions)
    with _reserved(options.host, options.port), tempfile.TemporaryDirectory(prefix="geomatch-figures-") as figures:
        opened_now = []
        for folder in options.regions:
            reason = build_room.why_stale(folder)
            if reason is not None:
                print(f"{folder}: {reason}; building", file=sys.stderr)
                with _bar(f"build {folder}") as progress:
                    report = build_room.build(folder, progress=progress)
                _warn(report)
            opened_now.append(region_room.open_region(folder))  # says here, not in every worker, what is at fault
        database.prepare()  # so does this
        _take_in_sites(opened_now, database)
        database.close()
        print(f"geomatch: scenarios are kept in {database.shown}", file=sys.stderr)
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", figures)  # any worker then tells the sum over all
        _run_workers(options.host, options.port, options.workers)


def _take_in_sites(regions: Sequence[region_room.Region], database: Database) -> None:
    """Take the sites of the files into the database, once an edition; live edits stand."""
    from geomatch.services import live_sites  # noqa: PLC0415 - as above

    for region in regions:
        standing = live_sites.take_in(database.writing(), region, at=datetime.now(UTC))
        if standing:
            told = f"the files say something new of {len(standing):,} sites that were edited live; the edits stand: "
            print(f"geomatch: note: {region.spec.name}: {told}{', '.join(standing[:20])}", file=sys.stderr)


def network(options: argparse.Namespace) -> None:
    """Write the graph as it is used."""
    from geomatch.services import network_dump  # noqa: PLC0415 - as above

    region = opened(options.region, *(options.output / name for name in network_dump.NAMES))
    for path in network_dump.dump(region, options.output):
        print(path)


def _run_workers(host: str, port: int, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415 - as above
    from granian.constants import Interfaces  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above

    shown = f"[{host}]" if ":" in host else host
    print(f"geomatch: http://{shown}:{port} ({workers} workers; Ctrl-C stops)", file=sys.stderr)
    Granian(
        "geomatch.cli.worker:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        factory=True,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_S,
        log_level=LogLevels.warning,
    ).serve()


def _check_folders(folders: Sequence[Path]) -> None:
    """Refuse what the workers would fail on, each in its own log.

    Raises:
        InputError: two regions share an id, or a path cannot be handed to the workers.
    """
    folder_of: dict[str, Path] = {}
    for folder in folders:
        if os.pathsep in str(folder.resolve()):
            raise InputError.of(str(folder), f"holds {os.pathsep!r} in its path, which splits paths; rename the folder")
        region_id = region_file.load_spec(folder).id
        if region_id in folder_of:
            told = f"has the id of {folder_of[region_id]}; give one of them another region.id"
            raise InputError.of(str(folder), told, value=region_id)
        folder_of[region_id] = folder


@contextmanager
def _reserved(host: str, port: int) -> Iterator[None]:
    """Keep an address for this service from before it builds until it stops.

    The workers share the port among them, and the system would let another service share it as well: half of the
    requests would then be answered by the other one's regions.

    Raises:
        InputError: as _check_free.
    """
    family, address = _check_free(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as kept:
        with suppress(OSError, AttributeError):  # where ports cannot be shared, there is nothing to keep
            kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            kept.bind(address)
        yield


def _check_free(host: str, port: int) -> tuple[socket.AddressFamily, Any]:
    """Refuse an address that cannot be listened on, before any work is done for it; gives its family and form.

    Raises:
        InputError: the port is taken, or the host is no address of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except UnicodeError as error:  # a label over 63 letters
        raise InputError.of("--host", "is no name of a host", value=host[:80]) from error
    except OSError as error:
        reason = f"cannot be listened on ({error.strerror}); is it in use? choose another with --port"
        raise InputError.of(f"{host}:{port}", reason) from error
    return family, address


@contextmanager
def _bar(title: str) -> Iterator[Callable[[str, float], None]]:
    """Show progress on stderr: a bar on a terminal, else a line a stage."""
    if not sys.stderr.isatty():
        yield _Lines(title)
        return
    from tqdm import tqdm  # noqa: PLC0415 - as above

    with tqdm(total=100, desc=title, bar_format="{desc} |{bar}| {percentage:3.0f} % {postfix}", leave=False) as bar:

        def show(stage: str, share: float) -> None:
            bar.set_postfix_str(stage, refresh=False)
            bar.update(100 * share - bar.n)

        yield show


class _Lines:
    """Prints each stage once."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._stage = ""

    def __call__(self, stage: str, share: float) -> None:
        if stage != self._stage:
            self._stage = stage
            print(f"{self._title}: {share:4.0%} {stage}", file=sys.stderr)


def opened(folder: Path, *outputs: Path | None) -> region_room.Region:
    """Open a region for a question; says on stderr where its sources are newer than its build.

    Raises:
        InputError: an output would be written over a source of the region.
        NotBuiltError: the region has no usable build.
    """
    from geomatch.services import generations  # noqa: PLC0415 - as above

    region = region_room.open_region(folder)
    sources = {path.resolve() for path in region.spec.sources}
    for output in outputs:
        if output is not None and output.resolve() in sources:
            raise InputError.of(str(output), "is a source of the region, which would be lost; name another")
    reason = generations.why_stale(folder, region.spec.sources)
    if reason is not None:
        print(f"geomatch: note: {folder}: {reason} since the build; run: geomatch build {folder}", file=sys.stderr)
    if region.spec.synthetic:
        print(f"geomatch: note: {region.spec.name}: 示范数据 synthetic data", file=sys.stderr)
    return _as_edited(region)


def _as_edited(region: region_room.Region) -> region_room.Region:
    """Give a region with its sites as offices edited them live; says on stderr where that cannot be known."""
    from geomatch.config import Settings  # noqa: PLC0415 - as above
    from geomatch.store import sqlite_file  # noqa: PLC0415 - as above

    url = Settings.from_env().database_url
    if sqlite_file.surely_lacks(url, "SELECT 1 FROM sites WHERE region = ? AND edited LIMIT 1", region.spec.id):
        return region  # so that who edits nothing does not wait for a database to be opened
    from geomatch.cli.accounting import database  # noqa: PLC0415 - as above
    from geomatch.errors import StoreError  # noqa: PLC0415 - as above
    from geomatch.services import followed  # noqa: PLC0415 - as above

    store = database()
    try:
        edited = followed.as_edited(region, store)
    except StoreError as error:
        print(f"geomatch: note: sites are as the files say: {error}", file=sys.stderr)
        return region
    finally:
        store.close()
    if edited.edition:
        print(f"geomatch: note: {region.spec.name}: sites as they were edited live 含现场修改", file=sys.stderr)
    return edited
