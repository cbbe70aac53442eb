"""Commands that choose where to open sites: siting."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from geomatch.cli import words
from geomatch.cli.asking import kinds_of, limit_of
from geomatch.cli.doctoring import note_contradiction
from geomatch.cli.making import opened
from geomatch.errors import InputError
from geomatch.geo.coordinates import CoordSys

if TYPE_CHECKING:
    import argparse


def siting(options: argparse.Namespace) -> None:
    """Choose which candidates to open; writes JSON, or tells it in words."""
    from geomatch.files import atomic, candidate_table  # noqa: PLC0415 - each command opens only its own rooms
    from geomatch.services import siting as siting_room  # noqa: PLC0415 - as above
    from geomatch.services import siting_answer  # noqa: PLC0415 - as above

    limit, system = limit_of(options), CoordSys(options.coordsys)
    if options.candidates is None and options.grid is None:
        raise InputError.of("CANDIDATES", "is missing; give a file of candidates, or --grid METRES")
    given = () if options.candidates is None else candidate_table.read_candidates(options.candidates, system)
    region = opened(options.region, options.output)
    if options.candidates is not None:
        note_contradiction(options.candidates, system, region)
    candidates = [*given]
    if options.grid is not None:
        candidates += siting_room.junctions(region, options.grid, limit.profile)
    wanted = siting_room.Wanted(
        siting_room.Objective(options.objective),
        options.p,
        options.budget,
        options.target,
        options.floor,
        options.capacity,
    )
    found = siting_room.siting(region, candidates, limit, wanted, kinds=kinds_of(options))
    if options.output is None:
        print("\n".join(words.siting(found)))
        return
    with atomic.write_beside(options.output) as beside:
        told = siting_answer.members(region, found, system)
        beside.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{options.output}: {len(found.plan.chosen):,} sites; {words.limit_of(limit)}")
