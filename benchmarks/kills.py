"""Kill the processes of a real service a hundred times under load, and count what is lost or doubled.

    python -m benchmarks.kills REGION DATABASE_URL [KILLS]

REGION is the little region of the tests, built; the database must hold nothing.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from tests import helping
from tests.killing import KILLS_A_LIFE, Heard, assert_nothing_lost_or_doubled, live, open_centre

SEED = 20261129


def main() -> None:
    """Live and die until there were so many kills."""
    folder, url, kills = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 100  # noqa: PLR2004 - as in the docstring
    chance = random.Random(SEED)  # noqa: S311 - no secret
    heard, killed, began = Heard(), 0, time.monotonic()
    with helping.set_up(url) as stage:
        open_centre(stage.database)
        while killed < kills:
            live(folder, stage, heard, chance)
            killed += KILLS_A_LIFE
            print(f"{killed} kills, {time.monotonic() - began:.0f} s", flush=True)
        assert_nothing_lost_or_doubled(stage, heard)
        notices = len(set(stage.there.keys))
    edits = sum(len(editor.added) + len(editor.renamed) for editor in heard.editors)
    orders, hours, fetched = (
        sum(len(getattr(each, name)) for each in heard.helpings) for name in ("placed", "confirmed", "fetched")
    )
    print(
        f"{killed} kills; acknowledged {edits:,} edits, {orders:,} orders, {hours:,} hours, {fetched:,} goods fetched;"
        f" {notices:,} notices delivered in {len(stage.there.came):,} tries; none lost, none doubled;"
        f" {time.monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
