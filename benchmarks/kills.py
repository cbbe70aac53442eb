"""Kill the processes of a real service a hundred times under load, and count what is lost or doubled.

    python -m benchmarks.kills REGION DATABASE_URL [KILLS]

REGION is the little region of the tests, built; the database must hold nothing.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from tests.killing import KILLS_A_LIFE, assert_nothing_lost_or_doubled, live, open_centre

SEED = 20261129


def main() -> None:
    """Live and die until there were so many kills."""
    folder, url, kills = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 100  # noqa: PLR2004 - as in the docstring
    chance = random.Random(SEED)  # noqa: S311 - no secret
    open_centre(url)
    editors, killed, began = [], 0, time.monotonic()
    while killed < kills:
        editors += live(folder, url, killed, chance)
        killed += KILLS_A_LIFE
    assert_nothing_lost_or_doubled(url, editors)
    edits = sum(len(editor.added) + len(editor.renamed) for editor in editors)
    told = f"{killed} kills, {edits:,} edits acknowledged, none lost, none doubled"
    print(f"{told}, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
