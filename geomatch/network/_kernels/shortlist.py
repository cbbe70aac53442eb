"""Shortlists: for every part of a cell of the snap grid, the few pieces that can be nearest somewhere in it.

A cell is one part, or 2 x 2, 4 x 4 or 8 x 8 of them: so many that their lists are short. What can be nearest is told
square by square, see `tell`. Parts and squares are numbered in Morton order, which makes the squares of a part
neighbours.
"""

import numpy as np
from numba import njit

from geomatch.network._kernels.grown import grown
from geomatch.network._kernels.snap import to_piece

SLACK_M = 0.01
"""Far above what rounding does, in float32 as well, and what the search lets count as equally near (TIE_M2)."""

SHORT = 6
"""Lists no longer than this on average are short enough; shorter ones cost more memory than they spare time."""

FEW = 4
"""Where so few pieces come into question, looking closer costs more time than it spares."""

ACROSS = 8
"""Squares across a cell that are looked at, each a bit of a mask."""

TOGETHER = 16
"""Neighbouring squares that are looked at together, by those pieces alone that can be nearest in any of them."""

HALF = np.float32(0.5)

EVERYWHERE = np.uint64(0xFFFFFFFFFFFFFFFF)


@njit(cache=True, nogil=True)
def shortlists(geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, from_row, to_row, near_at):
    """Make the lists of every cell in some rows that a street meets, and of its neighbours.

    Fills near_at int32 (cells,) and gives near_start int32 (parts + 1,) and near_piece int32 (M,): a cell's first part
    is near_at >> 2 and it has 4 ** (near_at & 3) of them; where no list is kept, near_at stays what it must be at
    entry, minus the number of the first ring of cells around it that a street meets. Pieces ascend in every list.
    """
    near_start = np.zeros(1024, np.int32)
    near_piece = np.empty(1024, np.int32)
    seen_by = np.full(len(geom_xy), -1, np.int32)
    held = np.empty(len(geom_xy), np.int32)
    apart = np.empty(len(geom_xy))
    middle = middles(cell_m / ACROSS)
    least = np.empty((3, TOGETHER), np.float32)
    room = 0
    parts = 0
    filled = 0
    for row in range(from_row, to_row):
        for column in range(columns):
            if near_at[row * columns + column] < -1:
                continue
            count = candidates(
                geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, row, column, seen_by, held, apart
            )
            if count > room:
                room = 2 * count
                line = np.empty((room, 5), np.float32)
                every, near = np.arange(room, dtype=np.int32), np.empty(room, np.int32)
                samples = np.empty((4, room, TOGETHER), np.float32)
                mask, quarters, squares = np.empty((3, room), np.uint64)
            mask[:count] = EVERYWHERE
            if count > FEW:
                lines_of(geom_xy, west + column * cell_m, south + row * cell_m, held, count, line)
                tell_all(
                    held, line, every[:count], near, middle, cell_m / ACROSS, samples, least, quarters, squares, mask
                )
            level = 0
            while level < 3 and listed(mask, count, level) > SHORT << 2 * level:
                level += 1
            near_at[row * columns + column] = parts << 2 | level
            near_start = grown(near_start, parts + 65)
            near_piece = grown(near_piece, filled + (count << 2 * level))
            for part in range(1 << 2 * level):
                wanted = bits_of(part, level)
                for i in range(count):
                    near_piece[filled] = held[i]
                    filled += (mask[i] & wanted) != 0
                parts += 1
                near_start[parts] = filled
    return near_start[: parts + 1].copy(), near_piece[:filled].copy()


@njit(cache=True, nogil=True)
def rings_to_streets(cell_start, columns, rows):
    """How many rings of cells lie between each cell and the next that a street meets (Rosenfeld and Pfaltz 1968)."""
    rings = np.full(columns * rows, columns + rows, np.int32)
    for way in range(2):
        back = 1 if way == 0 else -1
        for i in range(columns * rows):
            cell = i if way == 0 else columns * rows - 1 - i
            if cell_start[cell] != cell_start[cell + 1]:
                rings[cell] = 0
                continue
            row = cell // columns - back
            column = cell % columns
            if 0 <= column - back < columns:
                rings[cell] = min(rings[cell], rings[cell - back] + 1)
            if 0 <= row < rows:
                for c in range(max(column - 1, 0), min(column + 2, columns)):
                    rings[cell] = min(rings[cell], rings[row * columns + c] + 1)
    return rings


@njit(cache=True, nogil=True, error_model="numpy")
def candidates(
    geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, row, column, seen_by, held, apart
):  # fmt: skip
    """Fill held with the pieces that can be nearest somewhere in a cell, ascending; gives how many."""
    cell = row * columns + column
    x = west + (column + 0.5) * cell_m
    y = south + (row + 0.5) * cell_m
    diagonal_m = cell_m * np.sqrt(2.0)
    least = np.inf
    count = 0
    ring = 0
    while ring <= max(columns, rows) and (ring - 0.5) * cell_m <= np.sqrt(least) + diagonal_m + SLACK_M:
        for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            step = 1 if (r == row - ring or r == row + ring or ring == 0) else 2 * ring
            for c in range(column - ring, column + ring + 1, step):
                if not 0 <= c < columns:
                    continue
                for slot in range(cell_start[r * columns + c], cell_start[r * columns + c + 1]):
                    piece = cell_piece[slot]
                    if seen_by[piece] != cell:
                        seen_by[piece] = cell
                        apart[count], _ = to_piece(geom_xy, piece, x, y)
                        least = min(least, apart[count])
                        held[count] = piece
                        count += 1
        ring += 1
    most = (np.sqrt(least) + diagonal_m + SLACK_M) ** 2
    kept = 0
    for i in range(count):
        held[kept] = held[i]
        kept += apart[i] <= most
    held[:kept].sort()
    return kept


@njit(cache=True, nogil=True)
def middles(side_m):
    """Middles of the squares of a cell from its corner, in Morton order: float32 (2, ACROSS ** 2)."""
    middle = np.empty((2, ACROSS * ACROSS), np.float32)
    for square in range(ACROSS * ACROSS):
        column = 0
        row = 0
        for bit in range(3):
            column |= (square >> 2 * bit & 1) << bit
            row |= (square >> 2 * bit + 1 & 1) << bit
        middle[0, square] = (column + 0.5) * side_m
        middle[1, square] = (row + 0.5) * side_m
    return middle


@njit(cache=True, nogil=True, error_model="numpy")
def lines_of(geom_xy, west, south, held, count, line):
    """Copy the held pieces: x and y of one end from the cell's corner, the way to the other, one over its square."""
    for i in range(count):
        piece = held[i]
        dx = geom_xy[piece + 1, 0] - geom_xy[piece, 0]
        dy = geom_xy[piece + 1, 1] - geom_xy[piece, 1]
        line[i, 0] = geom_xy[piece, 0] - west
        line[i, 1] = geom_xy[piece, 1] - south
        line[i, 2] = dx
        line[i, 3] = dy
        line[i, 4] = 1.0 / max(dx * dx + dy * dy, 1e-30)


@njit(cache=True, nogil=True)
def tell_all(held, line, every, near, middle, side_m, samples, least, quarters, squares, mask):
    """Note in each piece's mask in which squares of the cell it can be nearest.

    The quarters of the cell are told as squares before, and each looks closer at those pieces only that it is left.
    """
    count = len(every)
    mask[:count] = 0
    side = np.float32(side_m)
    across = np.float32(np.sqrt(TOGETHER))
    x, y = HALF * (middle[:, ::TOGETHER] + middle[:, TOGETHER - 1 :: TOGETHER])
    tell(held, line, every, x, y, across * side, samples, least, quarters)
    for quarter in range(len(x)):
        nearby = 0
        for i in range(count):
            near[nearby] = i
            nearby += quarters[i] >> np.uint64(quarter) & np.uint64(1)
        first = quarter * TOGETHER
        xs, ys = middle[0, first : first + TOGETHER], middle[1, first : first + TOGETHER]
        tell(held, line, near[:nearby], xs, ys, side, samples, least, squares)
        for i in range(nearby):
            mask[near[i]] |= squares[i] << np.uint64(first)


@njit(cache=True, nogil=True)
def tell(held, line, some, xs, ys, side, samples, least, squares):
    """Tell in which squares, by their middles, each of some pieces can be nearest: bit by bit in `squares`.

    A piece is out if it is further than another one all over the square. The square of the distance from a piece bends
    by 0 to 2 in every direction; so the difference of two, less the most that it falls towards a corner by its slope
    at the middle, falls by no more than half the square of the side below that. The other one is here what is nearest
    at the middle. A piece is out too if its start is all that is near of it, since the piece before it ends there and
    is kept of equals; and if its end is, where the piece after it is nearer all over the square. All in float32,
    several squares at once.
    """
    least[0] = np.inf
    for i in range(len(some)):
        look(line, np.uintp(some[i]), xs, ys, samples[:, i], least)
    for square in range(len(xs)):
        least[0, square] += HALF * side * side + np.float32(SLACK_M) * (np.sqrt(least[0, square]) / HALF + side)
    for i in range(len(some)):
        piece = some[i]
        follows = i > 0 and held[some[i - 1]] == held[piece] - 1
        is_followed = i + 1 < len(some) and held[some[i + 1]] == held[piece] + 1
        after = i + 1 if is_followed else i
        along = spread(line, piece, side)
        before_start = -along if follows else np.float32(-np.inf)
        past_end = np.float32(1.0) + along if is_followed else np.float32(np.inf)
        into_next = spread(line, some[after], side) if line[some[after], 4] * SLACK_M**2 < 1.0 else np.float32(np.inf)
        bits = np.uint64(0)
        for square in range(len(xs)):
            turned = abs(samples[1, i, square] - least[1, square]) + abs(samples[2, i, square] - least[2, square])
            is_out = samples[0, i, square] - side * turned > least[0, square]
            is_out |= samples[3, i, square] < before_start
            is_out |= (samples[3, i, square] > past_end) & (samples[3, after, square] > into_next)
            bits |= np.uint64(not is_out) << np.uint64(square)
        squares[i] = bits


@njit(cache=True, nogil=True)
def look(line, i, xs, ys, sample, least):
    """See a piece from places: fills square of the distance, way from it, and where along it the foot would be.

    Keeps the first three of the nearest at each place in `least`.
    """
    for at in range(len(xs)):
        px = xs[at] - line[i, 0]
        py = ys[at] - line[i, 1]
        part = (px * line[i, 2] + py * line[i, 3]) * line[i, 4]
        sample[3, at] = part
        part = min(max(part, np.float32(0.0)), np.float32(1.0))
        ex = px - part * line[i, 2]
        ey = py - part * line[i, 3]
        apart = ex * ex + ey * ey
        sample[0, at], sample[1, at], sample[2, at] = apart, ex, ey
        nearer = apart < least[0, at]
        least[0, at] = apart if nearer else least[0, at]
        least[1, at] = ex if nearer else least[1, at]
        least[2, at] = ey if nearer else least[2, at]


@njit(cache=True, nogil=True, inline="always")
def spread(line, i, side):
    """How far the feet from within a square lie along a piece from that of its middle, with some slack; as parts."""
    to_corner = HALF * side * (abs(line[i, 2]) + abs(line[i, 3])) * line[i, 4]
    return to_corner + np.float32(SLACK_M) * np.sqrt(line[i, 4])


@njit(cache=True, nogil=True, inline="always")
def bits_of(part, level):
    """Bits of a mask that are the squares of a part."""
    run = np.uint64(64 >> 2 * level)
    return (EVERYWHERE >> (np.uint64(64) - run)) << (np.uint64(part) * run)


@njit(cache=True, nogil=True)
def listed(mask, count, level):
    """How long the lists of a cell are together if it is divided to a level."""
    together = 0
    for part in range(1 << 2 * level):
        wanted = bits_of(part, level)
        for i in range(count):
            together += (mask[i] & wanted) != 0
    return together
