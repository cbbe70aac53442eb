"""Kernels that thin rings, put them on the grid of lon/lat digits, and check that they make a valid polygon."""

from __future__ import annotations

import numpy as np
from numba import njit

_BOUND_OUT_M = 0.4
_BOUND_IN = 2.0
_DAMPING = 0.1


@njit(cache=True, nogil=True)
def thin_ring(ring, bound, n, tolerance_m, keep, stack):
    """List the vertices of a closed ring that Douglas and Peucker (1973) keep, in order; gives how many.

    A vertex marked as bound lies at the longest access leg: the thinned ring may pass outside it by next to nothing.
    """
    far, best = 0, -1.0
    for i in range(1, n):
        d = (ring[i, 0] - ring[0, 0]) ** 2 + (ring[i, 1] - ring[0, 1]) ** 2
        if d > best:
            far, best = i, d
    stack[0, 0], stack[0, 1] = far, n
    stack[1, 0], stack[1, 1] = 0, far
    size, kept = 2, 0
    most = tolerance_m * tolerance_m
    outward = max((tolerance_m / _BOUND_OUT_M) ** 2, 1.0)  # a tolerance of 0 keeps every vertex that turns
    while size > 0:
        size -= 1
        first, last = stack[size, 0], stack[size, 1]
        ax, ay = ring[first, 0], ring[first, 1]
        end = last if last < n else 0
        dx, dy = ring[end, 0] - ax, ring[end, 1] - ay
        inverse = 1.0 / max(dx * dx + dy * dy, 1e-12)
        best, at = most, -1
        for i in range(first + 1, last):
            qx, qy = ring[i, 0] - ax, ring[i, 1] - ay
            t = min(max((qx * dx + qy * dy) * inverse, 0.0), 1.0)
            qx -= t * dx
            qy -= t * dy
            d = qx * qx + qy * qy
            if d > best or bound[i]:
                if bound[i]:
                    d *= outward if dx * qy - dy * qx > 0.0 else _BOUND_IN * _BOUND_IN
                if d > best:
                    best, at = d, i
        if at >= 0:
            stack[size, 0], stack[size, 1] = at, last
            stack[size + 1, 0], stack[size + 1, 1] = first, at
            size += 2
        else:
            keep[kept] = first
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def balance_ring(ring, bound, n, keep, kept, most_m, shift, out):
    """Write the kept vertices, moved so that each side has as much of the true ring to its left as to its right.

    Each side is shifted by its mean distance from the vertices it stands for, and neighbours are joined anew. A chord
    of an arc then errs by 0.26 of its height instead of 0.67. Sides that stand for a bound vertex stay where they are.
    """
    for k in range(kept):
        first = keep[k]
        last = keep[k + 1] if k + 1 < kept else n
        end = last if last < n else 0
        ax, ay = ring[first, 0], ring[first, 1]
        dx, dy = ring[end, 0] - ax, ring[end, 1] - ay
        twice = 0.0
        held = bound[first] or bound[end]
        for i in range(first + 1, last):
            j = i + 1 if i + 1 < n else 0
            twice += (ring[i, 0] - ax) * (ring[j, 1] - ay) - (ring[j, 0] - ax) * (ring[i, 1] - ay)
            held |= bound[i]
        length = np.sqrt(dx * dx + dy * dy)
        shift[k, 0] = -dy / max(length, 1e-9)
        shift[k, 1] = dx / max(length, 1e-9)
        shift[k, 2] = 0.0 if held else -0.5 * twice / max(length, 1e-9)
    for k in range(kept):
        at = keep[k]
        j = k - 1 if k > 0 else kept - 1
        ax, ay, a = shift[j, 0], shift[j, 1], shift[j, 2]
        bx, by, b = shift[k, 0], shift[k, 1], shift[k, 2]
        # the point nearest to where it was that lies on both shifted sides, damped where they are nearly parallel
        xx, xy, yy = ax * ax + bx * bx + _DAMPING, ax * ay + bx * by, ay * ay + by * by + _DAMPING
        px, py = ax * a + bx * b, ay * a + by * b
        determinant = xx * yy - xy * xy
        mx, my = (yy * px - xy * py) / determinant, (xx * py - xy * px) / determinant
        size = np.sqrt(mx * mx + my * my)
        factor = 0.0 if bound[at] else min(1.0, most_m / max(size, 1e-9))
        out[k, 0] = ring[at, 0] + factor * mx
        out[k, 1] = ring[at, 1] + factor * my


@njit(cache=True, nogil=True)
def to_digits(xy, n, centre, half_m, lon_terms, lat_terms, digits):
    """Unproject n points by two polynomials and round to 1e-7 degrees, as whole numbers (n, 2)."""
    degree = lon_terms.shape[0] - 1
    for p in range(n):
        x, y = (xy[p, 0] - centre[0]) / half_m, (xy[p, 1] - centre[1]) / half_m
        lon, lat = 0.0, 0.0
        for i in range(degree, -1, -1):
            a, b = 0.0, 0.0
            for j in range(degree - i, -1, -1):
                a = a * y + lon_terms[i, j]
                b = b * y + lat_terms[i, j]
            lon = lon * x + a
            lat = lat * x + b
        digits[p, 0] = np.int64(np.floor(lon * 1e7 + 0.5))
        digits[p, 1] = np.int64(np.floor(lat * 1e7 + 0.5))


@njit(cache=True, nogil=True, inline="always")
def _side(ax, ay, bx, by, px, py):
    return (bx - ax) * (py - ay) - (by - ay) * (px - ax)


@njit(cache=True, nogil=True)
def _touch(ax, ay, bx, by, cx, cy, dx, dy):
    """Whether two segments share a point; exact on whole numbers. Their boxes are known to overlap."""
    s1, s2 = _side(ax, ay, bx, by, cx, cy), _side(ax, ay, bx, by, dx, dy)
    if (s1 > 0 and s2 > 0) or (s1 < 0 and s2 < 0):
        return False
    s3, s4 = _side(cx, cy, dx, dy, ax, ay), _side(cx, cy, dx, dy, bx, by)
    return not ((s3 > 0 and s4 > 0) or (s3 < 0 and s4 < 0))


@njit(cache=True, nogil=True)
def rings_apart(digits, ring_end, rings, after, x_low):
    """Whether no two segments of the rings meet but neighbours at their common vertex."""
    n = ring_end[rings - 1]
    start = 0
    for r in range(rings):
        for i in range(start, ring_end[r]):
            after[i] = i + 1 if i + 1 < ring_end[r] else start
        start = ring_end[r]
    for i in range(n):
        x_low[i] = min(digits[i, 0], digits[after[i], 0])
    order = np.argsort(x_low[:n])
    for k in range(n):
        i = order[k]
        j = after[i]
        ax, ay, bx, by = digits[i, 0], digits[i, 1], digits[j, 0], digits[j, 1]
        if ax == bx and ay == by:
            return False
        high, bottom, top = max(ax, bx), min(ay, by), max(ay, by)
        for m in range(k + 1, n):
            o = order[m]
            if x_low[o] > high:
                break
            q = after[o]
            cx, cy, dx, dy = digits[o, 0], digits[o, 1], digits[q, 0], digits[q, 1]
            if min(cy, dy) > top or max(cy, dy) < bottom:
                continue
            if o == j or q == i:
                # neighbours: only a fold back upon itself is a fault
                px, py, fx, fy = (ax, ay, dx, dy) if o == j else (bx, by, cx, cy)
                vx, vy = (bx, by) if o == j else (ax, ay)
                if _side(vx, vy, px, py, fx, fy) == 0 and (px - vx) * (fx - vx) + (py - vy) * (fy - vy) > 0:
                    return False
            elif _touch(ax, ay, bx, by, cx, cy, dx, dy):
                return False
    return True


@njit(cache=True, nogil=True)
def _holds(digits, start, end, px, py):
    """Whether a ring holds a point (crossing number)."""
    odd = False
    j = end - 1
    for i in range(start, end):
        if (digits[i, 1] > py) != (digits[j, 1] > py):
            side = _side(digits[j, 0], digits[j, 1], digits[i, 0], digits[i, 1], px, py)
            if (side > 0) == (digits[i, 1] > digits[j, 1]) and side != 0:
                odd = not odd
        j = i
    return odd


@njit(cache=True, nogil=True)
def own_holes(digits, ring_end, rings, twice_area, owner):
    """Give each ring its outer ring (itself, if it is one); False where rings do not alternate as they must.

    Rings are known not to cross. `twice_area` (signed) and `owner` are filled.
    """
    start = 0
    for r in range(rings):
        total = 0
        ox, oy = digits[start, 0], digits[start, 1]
        for i in range(start + 1, ring_end[r] - 1):
            total += _side(ox, oy, digits[i, 0], digits[i, 1], digits[i + 1, 0], digits[i + 1, 1])
        twice_area[r] = total
        start = ring_end[r]
    for r in range(rings):
        at = ring_end[r - 1] if r > 0 else 0
        px, py = digits[at, 0], digits[at, 1]
        depth, inner = 0, -1
        for o in range(rings):
            if (
                o != r
                and abs(twice_area[o]) > abs(twice_area[r])
                and _holds(digits, ring_end[o - 1] if o > 0 else 0, ring_end[o], px, py)
            ):
                depth += 1
                if inner < 0 or abs(twice_area[o]) < abs(twice_area[inner]):
                    inner = o
        outer = twice_area[r] > 0
        if outer != (depth % 2 == 0):
            return False
        owner[r] = r if outer else inner
        if not outer and twice_area[inner] <= 0:
            return False
    return True
