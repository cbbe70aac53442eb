"""The kernel of a wave: pairs of volunteer and station, the best first, each asked for a post or passed over.

Oracle: tests/unit/test_mobilisation.py, which does the same with plain lists.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def ask(
    pair_site, pair_volunteer, pair_walk_m, site_start,
    from_s, until_s, need, is_night, is_alone, week, limit_m, wanted,
    can, hours, is_minor, chance, kept_start, kept_from_s, kept_until_s, seen_start, seen_post,
    only_skilled, only_usual, is_free, out_pair, out_post, count,
):  # fmt: skip
    """Ask in one pass; gives how many are asked now. `wanted`, `is_free` and the two lists are written on.

    Pairs are tried in the order given. `site_start` (S + 1,) is the slice of each site's posts; of posts are all that
    follow up to `wanted`: the shift, the bit that a volunteer must have (-1 where none), what no minor is asked for,
    the hours of the week (P, 3), how far somebody may walk, and how many that say yes are still to be expected. Of
    volunteers are all up to `seen_post`: bits, week, chance, and the slices of times that no shift may touch and of
    posts that they were asked for. A pass is for posts that need something, or for those that need nothing, and for
    shifts in a volunteer's week, or for any. `count` says how many stand in the two lists already.
    """
    is_done = np.zeros(len(site_start) - 1, np.bool_)  # stations that want nobody more in this pass
    for pair in range(len(pair_site)):
        volunteer = pair_volunteer[pair]
        if is_done[pair_site[pair]] or not is_free[volunteer]:
            continue
        best, wants = -1, False
        for post in range(site_start[pair_site[pair]], site_start[pair_site[pair] + 1]):
            if wanted[post] <= 0.0 or (need[post] >= 0) != only_skilled:
                continue
            wants = True
            if pair_walk_m[pair] > limit_m[post]:
                continue
            if best >= 0 and wanted[post] <= wanted[best]:
                continue
            if need[post] >= 0 and not (can[volunteer] >> need[post]) & 1:
                continue
            if is_minor[volunteer] and (is_night[post] or is_alone[post]):
                continue
            if only_usual and _misses(hours, volunteer, week, post):
                continue
            if _is_kept(kept_start, kept_from_s, kept_until_s, volunteer, from_s[post], until_s[post]):
                continue
            if _was_seen(seen_start, seen_post, volunteer, post):
                continue
            best = post
        is_done[pair_site[pair]] = not wants
        if best >= 0:
            out_pair[count] = pair
            out_post[count] = best
            count += 1
            is_free[volunteer] = False
            wanted[best] -= chance[volunteer]
    return count


@njit(cache=True, nogil=True)
def _misses(hours, volunteer, week, post):
    for word in range(3):  # noqa: SIM110 - numba knows no any() of a generator
        if week[post, word] & ~hours[volunteer, word]:
            return True
    return False


@njit(cache=True, nogil=True)
def _is_kept(kept_start, kept_from_s, kept_until_s, volunteer, from_s, until_s):
    for slot in range(kept_start[volunteer], kept_start[volunteer + 1]):
        if from_s < kept_until_s[slot] and until_s > kept_from_s[slot]:
            return True
    return False


@njit(cache=True, nogil=True)
def _was_seen(seen_start, seen_post, volunteer, post):
    for slot in range(seen_start[volunteer], seen_start[volunteer + 1]):  # noqa: SIM110 - as above
        if seen_post[slot] == post:
            return True
    return False
