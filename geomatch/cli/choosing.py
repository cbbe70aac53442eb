"""Commands that choose where to open sites: siting."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from geomatch.cli import words
from geomatch.cli.asking import kinds_of, limit_of
from geomatch.cli.making import opened
from geomatch.errors import InputError
from geomatch.geo.coordinates import CoordSys

if TYPE_CHECKING:
    import argparse


def siting(options: argparse.Namespace) -> None:
    """Choose which candidates to open; writes JSON, or tells it in words."""
    from geomatch.files import atomic, candidate_table  # noqa: PLC0415 - each command opens only its own rooms
    from geomatch.planning.siting.answer import Objective  # noqa: PLC0415 - as above
    from geomatch.services import siting as siting_room  # noqa: PLC0415 - as above
    from geomatch.services import siting_told  # noqa: PLC0415 - as above

    limit, system = limit_of(options), CoordSys(options.coordsys)
    if options.candidates is None and options.grid is None:
        raise InputError.of("CANDIDATES", "is missing; give a file of candidates, or --grid METRES")
    given = () if options.candidates is None else candidate_table.read_candidates(options.candidates, system)
    region = opened(options.region, options.output)
    wanted = siting_room.Wanted(Objective(options.objective), options.p, options.budget, options.target, options.floor)
    answer = siting_room.site(region, given, limit, wanted=wanted, kinds=kinds_of(options), grid_m=options.grid)
    if options.output is None:
        print("\n".join(words.siting(answer)))
        return
    with atomic.write_beside(options.output) as beside:
        told = siting_told.members(region, answer, system)
        beside.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{options.output}: {len(answer.siting.chosen):,} sites; {words.limit_of(limit)}")
