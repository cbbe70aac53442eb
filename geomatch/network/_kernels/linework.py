"""Kernels that thin lines, cut them into squares, and write them down the way vector tiles do."""

from __future__ import annotations

import numpy as np
from numba import njit

from geomatch.network._kernels.grown import grown

_MOVE, _LINE, _CLOSE = 1, 2, 7


@njit(cache=True, nogil=True)
def chain(u, v, group, by_u, by_v, order, start):
    """List edges so that each follows one of its group that ends where it begins, as far as there is one.

    by_u and by_v sort the edges by group and node. Fills order (n,) and start, where each chain begins, and gives how
    many chains there are.
    """
    n = len(u)
    following, preceded, seen = np.full(n, -1, np.int64), np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    i, j = 0, 0
    while i < n and j < n:
        ends, begins = by_v[i], by_u[j]
        if group[ends] == group[begins] and v[ends] == u[begins]:
            following[ends] = begins
            preceded[begins] = True
            i += 1
            j += 1
        elif group[ends] < group[begins] or (group[ends] == group[begins] and v[ends] < u[begins]):
            i += 1
        else:
            j += 1
    chains, filled = 0, 0
    for closed in (False, True):  # of closed chains any edge is the first
        for head in range(n):
            if seen[head] or preceded[head] != closed:
                continue
            start[chains] = filled
            chains += 1
            edge = head
            while edge >= 0 and not seen[edge]:
                seen[edge] = True
                order[filled] = edge
                filled += 1
                edge = following[edge]
    return chains


@njit(cache=True, nogil=True, inline="always")
def _apart2(xy, i, a, b, scale):
    """Squared distance of vertex i from the straight line between vertices a and b."""
    ax, ay = xy[a, 0] * scale, xy[a, 1] * scale
    px, py = xy[i, 0] * scale - ax, xy[i, 1] * scale - ay
    dx, dy = xy[b, 0] * scale - ax, xy[b, 1] * scale - ay
    length2 = dx * dx + dy * dy
    t = min(max((px * dx + py * dy) / length2, 0.0), 1.0) if length2 > 0.0 else 0.0
    px -= t * dx
    py -= t * dy
    return px * px + py * py


@njit(cache=True, nogil=True)
def _thin(xy, first, last, scale, tolerance, stack, kept):
    """List in kept the vertices that thinning leaves (Douglas and Peucker 1973), both ends included; gives how many."""
    count, waiting = 1, 1
    kept[0], stack[0] = first, last
    while waiting > 0:  # the part between the last kept vertex and the one on the stack
        near, far = kept[count - 1], stack[waiting - 1]
        worst, at = tolerance * tolerance, -1
        for i in range(near + 1, far):
            apart = _apart2(xy, i, near, far, scale)
            if apart > worst:
                worst, at = apart, i
        if at >= 0:
            stack[waiting] = at
            waiting += 1
        else:
            kept[count] = far
            count += 1
            waiting -= 1
    return count


@njit(cache=True, nogil=True)
def _inside(x0, y0, dx, dy, west, north, east, south):
    """The part of a stretch, 0 to 1, that lies in a box (Liang and Barsky 1984); the first beyond the second: none."""
    enter, leave = 0.0, 1.0
    for start, step, low, high in ((x0, dx, west, east), (y0, dy, north, south)):
        if step == 0.0:
            if start < low or start > high:
                return 1.0, 0.0
            continue
        one, other = (low - start) / step, (high - start) / step
        enter = max(enter, min(one, other))
        leave = min(leave, max(one, other))
    return enter, leave


@njit(cache=True, nogil=True, inline="always")
def _square(place, side):
    """The column or row of squares in which a place lies."""
    return np.int64(np.floor(place / side))


@njit(cache=True, nogil=True, inline="always")
def _put(units, n, first, x, y, column, row, side):
    """Append a place in whole units from its square's corner unless the part, from `first` on, ends there already."""
    ux, uy = np.int32(np.rint(x) - column * side), np.int32(np.rint(y) - row * side)
    if n > first and units[n - 1, 0] == ux and units[n - 1, 1] == uy:
        return n
    units[n, 0], units[n, 1] = ux, uy
    return n + 1


@njit(cache=True, nogil=True)
def cut_lines(xy, start, scale, tolerance, side, margin, edges):
    """Thin lines and cut them into squares.

    edges: first column and row, last column and row that are made. Gives the line, column, row and end of each part,
    and the parts' places in whole units from their square's corner. A part of one place only is left out.
    """
    longest = 2
    for line in range(len(start) - 1):
        longest = max(longest, start[line + 1] - start[line])
    stack, kept = np.empty(longest, np.int64), np.empty(longest, np.int64)
    parts, units = np.empty((1024, 4), np.int64), np.empty((4096, 2), np.int32)
    part, n = 0, 0
    for line in range(len(start) - 1):
        if start[line + 1] - start[line] < 2:
            continue
        count = _thin(xy, start[line], start[line + 1] - 1, scale, tolerance, stack, kept)
        low_x = high_x = xy[kept[0], 0] * scale
        low_y = high_y = xy[kept[0], 1] * scale
        for i in range(1, count):
            x, y = xy[kept[i], 0] * scale, xy[kept[i], 1] * scale
            low_x, high_x, low_y, high_y = min(low_x, x), max(high_x, x), min(low_y, y), max(high_y, y)
        columns = max(_square(low_x - margin, side), edges[0]), min(_square(high_x + margin, side), edges[2])
        rows = max(_square(low_y - margin, side), edges[1]), min(_square(high_y + margin, side), edges[3])
        for row in range(rows[0], rows[1] + 1):
            for column in range(columns[0], columns[1] + 1):
                parts, units = grown(parts, part + count), grown(units, n + 2 * count)
                west, north = column * side - margin, row * side - margin
                east, south = west + side + 2 * margin, north + side + 2 * margin
                first, is_open = n, False
                for i in range(count - 1):
                    x, y = xy[kept[i], 0] * scale, xy[kept[i], 1] * scale
                    dx, dy = xy[kept[i + 1], 0] * scale - x, xy[kept[i + 1], 1] * scale - y
                    enter, leave = _inside(x, y, dx, dy, west, north, east, south)
                    if enter <= leave:
                        if not is_open:
                            n = _put(units, n, first, x + enter * dx, y + enter * dy, column, row, side)
                        n = _put(units, n, first, x + leave * dx, y + leave * dy, column, row, side)
                    is_open = enter <= leave == 1.0
                    if not is_open or i == count - 2:
                        if n - first > 1:
                            parts[part] = line, column, row, n
                            part += 1
                        else:
                            n = first
                        first = n
    return parts[:part], units[:n]


@njit(cache=True, nogil=True)
def _write(out, at, value):
    """Write a whole number of seven bits a byte; gives the next free place."""
    while value > 0x7F:
        out[at] = value & 0x7F | 0x80
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@njit(cache=True, nogil=True)
def draw(units, ring_end, closed, order, feature_end, out, out_end):
    """Write features as the commands of a vector tile; each has the rings of order from the one before's end to its.

    A closed ring is given without its last place, which is its first.
    """
    at, rank = 0, 0
    for feature in range(len(feature_end)):
        pen_x = pen_y = 0
        while rank < feature_end[feature]:
            ring = order[rank]
            rank += 1
            first = ring_end[ring - 1] if ring > 0 else 0
            for i in range(first, ring_end[ring]):
                if i == first:
                    at = _write(out, at, _MOVE | 1 << 3)
                elif i == first + 1:
                    at = _write(out, at, _LINE | (ring_end[ring] - i) << 3)
                x, y = np.int64(units[i, 0]), np.int64(units[i, 1])
                at = _write(out, at, (x - pen_x) << 1 ^ (x - pen_x) >> 63)
                at = _write(out, at, (y - pen_y) << 1 ^ (y - pen_y) >> 63)
                pen_x, pen_y = x, y
            if closed[ring]:
                at = _write(out, at, _CLOSE | 1 << 3)
        out_end[feature] = at
    return at
