"""A great call-up of a bundled region, played through the real services: callup.py REGION [PEOPLE EACH SHIFT].

A day of four-hour shifts at every station, with one skill; volunteers invented, their answers seeded. Prints what came
of it and the seconds that it took.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from geomatch.services import callup, sample_people
from geomatch.services.callup_play import Player, Temper
from geomatch.services.region import open_region
from geomatch.store.database import Database
from geomatch.volunteering.callups import Need

SEED = 20261129
OPENED = datetime(2026, 11, 29, 1, tzinfo=UTC)
STARTS = OPENED + timedelta(hours=21)
SKILL = "陪伴老人"

region = open_region(Path(sys.argv[1]))
people = int(sys.argv[2]) if len(sys.argv) > 2 else 2  # noqa: PLR2004 - the second argument
size = sample_people.SIZES[region.spec.id]
rng = np.random.default_rng(SEED)
teams = sample_people.make_teams(region, size.teams, rng)
made = sample_people.make_volunteers(region, teams, size, rng)
with tempfile.TemporaryDirectory() as folder:
    database = Database(f"sqlite:///{folder}/callup.db")
    with database.writing() as work:
        work.people.put_teams(region.spec.id, teams)
        work.people.add(region.spec.id, [replace(each, id=f"{n:024x}") for n, each in enumerate(made)], OPENED)
        work.commit()
    draft = callup.Draft("大征召", "寒潮值守", STARTS, 24, 4, (Need(people), Need(1, SKILL)))
    call = callup.open_call(database.writing(), region, draft, by="bench", at=OPENED)
    played = Player(database, region, call, Temper(), SEED).play()
    database.close()
told = asdict(played) | {"volunteers": len(made), "computing_in_all_s": round(sum(played.computing_s.values()), 1)}
print(json.dumps(told, ensure_ascii=False, indent=1))
