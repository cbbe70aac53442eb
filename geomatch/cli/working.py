"""The command that does what is due: jobs of the regions that it is given."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from geomatch.cli.accounting import database
from geomatch.config import Settings
from geomatch.errors import InputError, StoreError
from geomatch.files import region_file

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from geomatch.services.region import Region

_LOOK_S, _REST_S = 0.5, 5.0


def work(options: argparse.Namespace) -> None:
    """Do jobs until stopped, or with --once until none is due; SIGTERM and Ctrl-C let the running one end."""
    from geomatch.services import callup_wave, delivering, dispatching, followed, job_kinds, jobs, order_moves, rosters  # noqa: PLC0415 - each command opens only its own rooms

    settings = Settings.from_env()
    folders = options.regions or settings.regions
    opened = {region_file.load_spec(folder).id: folder for folder in folders}
    regions = tuple(opened)
    if not regions:
        raise InputError.of("REGION", "name at least one region folder, here or in GEOMATCH_REGIONS")
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    store, volunteers = database(), rosters.Rosters()
    streets = followed.by_id(_opens(opened), store)
    kinds = {
        **job_kinds.KINDS,
        delivering.KIND: delivering.job_kind(settings.notice_hosts),
        callup_wave.JOB: callup_wave.job_kind(streets, volunteers),
        order_moves.DISPATCH: dispatching.job_kind(streets, volunteers),
    }
    worker = jobs.Worker(store, kinds, regions)
    if not options.once:
        volunteers.warm(worker.database, {name: partial(streets, name) for name in regions}, datetime.now(UTC))
    gc.freeze()  # what was opened lives as long as the worker: the collector need not walk it again and again
    worker.begin(datetime.now(UTC))
    print(f"geomatch: at work for {', '.join(regions)} on {worker.database.shown}", file=sys.stderr)
    done = 0
    while not over.is_set():
        try:
            found = worker.step(datetime.now(UTC))
        except StoreError as error:
            if options.once:
                raise
            print(f"geomatch: {error}", file=sys.stderr)
            over.wait(_REST_S)
            continue
        done += found
        if not found:
            if options.once:
                break
            over.wait(_LOOK_S)
    print(f"geomatch: {done} jobs done or tried", file=sys.stderr)


def _opens(folders: Mapping[str, Path]) -> Callable[[str], Region]:
    """Give how a region is opened by its id."""
    from geomatch.services import region as region_room  # noqa: PLC0415 - as above

    return lambda region_id: region_room.open_region(folders[region_id])
