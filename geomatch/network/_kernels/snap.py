"""The nearest point of the nearest usable segment, over a grid of straight pieces.

Piece i is the straight line from geometry vertex i to vertex i + 1 of the same polyline.
"""

import numpy as np
from numba import njit

from geomatch.network._kernels.ahead import fetch

TIE_M2 = 1e-6
"""Squares of legs that differ by less are equal: by so much does rounding tell two ways drawn over each other apart."""


LEAST = 1e-300
"""Stands for the square of a length that is nothing."""

BATCH = 128
"""Points at once: few enough that what is read for them stays in the nearest cache."""


@njit(cache=True, nogil=True)
def fill_grid(geom_xy, is_piece, west, south, cell_m, columns, rows, start, pieces, counting):
    """Count (counting) or list the pieces of each cell by their bounding boxes; start is (cells + 1,)."""
    for i in range(len(is_piece)):
        if not is_piece[i]:
            continue
        low_x = min(geom_xy[i, 0], geom_xy[i + 1, 0])
        high_x = max(geom_xy[i, 0], geom_xy[i + 1, 0])
        low_y = min(geom_xy[i, 1], geom_xy[i + 1, 1])
        high_y = max(geom_xy[i, 1], geom_xy[i + 1, 1])
        from_column = int((low_x - west) / cell_m)
        to_column = min(int((high_x - west) / cell_m), columns - 1)
        from_row = int((low_y - south) / cell_m)
        to_row = min(int((high_y - south) / cell_m), rows - 1)
        for row in range(from_row, to_row + 1):
            for column in range(from_column, to_column + 1):
                cell = row * columns + column
                if counting:
                    start[cell + 1] += 1
                else:
                    pieces[start[cell]] = i
                    start[cell] += 1


@njit(cache=True, nogil=True, inline="always", error_model="numpy")
def apart_and_part(px, py, dx, dy):
    """Square of the distance from a piece, and how far along it (0 to 1) it is nearest; lines from the piece's start.

    Whoever calls it needs error_model="numpy" as well: a check of the divisor would be a branch in the middle of it.
    """
    part = min(max((px * dx + py * dy) * (1.0 / max(dx * dx + dy * dy, LEAST)), 0.0), 1.0)
    ex = px - part * dx
    ey = py - part * dy
    return ex * ex + ey * ey, part


@njit(cache=True, nogil=True, inline="always", error_model="numpy")
def to_piece(geom_xy, piece, x, y):
    """Square of the distance from x, y to a straight piece, and how far along it; see `apart_and_part`."""
    start = np.uintp(piece)  # without a sign numba need not ask whether it counts from the end
    end = start + np.uintp(1)
    dx = geom_xy[end, 0] - geom_xy[start, 0]
    dy = geom_xy[end, 1] - geom_xy[start, 1]
    return apart_and_part(x - geom_xy[start, 0], y - geom_xy[start, 1], dx, dy)


@njit(cache=True, nogil=True, inline="always")
def part_at(at, across, up):
    """Number of the part at a place in a cell (0 to 1 both ways), given what near_at holds of the cell."""
    a = int(across * 8.0) & 7
    b = int(up * 8.0) & 7
    finest = (a & 1) | (a & 2) << 1 | (a & 4) << 2 | (b & 1) << 1 | (b & 2) << 2 | (b & 4) << 3
    return (at >> 2) + (finest >> (6 - 2 * (at & 3)))


@njit(cache=True, nogil=True, error_model="numpy")
def nearest_around(
    geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, near_at, piece_edge, usable, search_m, x, y
):
    """Nearest usable piece by rings of cells around x, y: its number, the square of the distance, how far along it.

    It is -1 where there is none within search_m. Of two pieces equally near (see TIE_M2) the one with the smaller
    number is kept, whatever the order of search.
    """
    east = x - west
    north = y - south
    column = int(np.floor(east / cell_m))
    row = int(np.floor(north / cell_m))
    inset = min(east - column * cell_m, (column + 1) * cell_m - east)
    inset = min(inset, min(north - row * cell_m, (row + 1) * cell_m - north))
    best = search_m * search_m
    best_piece = -1
    best_part = 0.0
    outside = max(max(max(-column, column - columns + 1), max(-row, row - rows + 1)), 0)
    inner = min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)
    ring = max(outside, -near_at[inner] - outside)  # no street in any ring before
    last_ring = max(max(column, columns - 1 - column), max(row, rows - 1 - row))
    while ring <= last_ring:
        safe = (ring - 1) * cell_m + inset if ring > 0 else 0.0
        if safe > 0.0 and safe * safe > best + TIE_M2:
            break
        for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            away_y = max(max(r * cell_m - north, north - (r + 1) * cell_m), 0.0)
            if away_y * away_y > best + TIE_M2:
                continue
            step = 1 if (r == row - ring or r == row + ring or ring == 0) else 2 * ring
            if step == 1:
                first = max(column - ring, 0)
                last = min(column + ring, columns - 1)
                if first > last or cell_start[r * columns + first] == cell_start[r * columns + last + 1]:
                    continue  # a whole row without a street
            for c in range(column - ring, column + ring + 1, step):
                away_x = max(max(c * cell_m - east, east - (c + 1) * cell_m), 0.0)
                if not 0 <= c < columns or away_x * away_x + away_y * away_y > best + TIE_M2:
                    continue
                cell = r * columns + c
                for slot in range(cell_start[cell], cell_start[cell + 1]):
                    piece = cell_piece[slot]
                    apart, part = to_piece(geom_xy, piece, x, y)
                    if apart > best + TIE_M2:
                        continue
                    better = apart < best - TIE_M2 or best_piece < 0 or piece < best_piece
                    if better and usable[piece_edge[piece]]:
                        best = apart
                        best_piece = piece
                        best_part = part
        ring += 1
    return best_piece, best, best_part


@njit(cache=True, nogil=True, inline="always")
def place_on(geom_xy, piece_along, piece, apart, part):
    """Metres along its edge and straight leg of a point whose nearest piece is known; 0 and inf where it is -1."""
    if piece < 0:
        return 0.0, np.inf
    start = np.uintp(piece)
    end = start + np.uintp(1)
    dx = geom_xy[end, 0] - geom_xy[start, 0]
    dy = geom_xy[end, 1] - geom_xy[start, 1]
    return piece_along[start] + part * np.sqrt(dx * dx + dy * dy), np.sqrt(apart)


@njit(cache=True, nogil=True)
def in_a_row(geom_xy, near_piece, x, y, first, last, of_piece, lines):
    """Put the shortlists of points one after another: the piece, int32 (M,), and the lines from its start.

    The lines, float64 (4, M), are the way to the point and the way along the piece.
    """
    listed = np.uintp(0)
    for i in range(len(first)):
        for slot in range(first[i], last[i]):
            start = np.uintp(near_piece[np.uintp(slot)])  # without a sign numba need not ask if it counts from the end
            end = start + np.uintp(1)
            of_piece[listed] = start
            lines[0, listed] = x[i] - geom_xy[start, 0]
            lines[1, listed] = y[i] - geom_xy[start, 1]
            lines[2, listed] = geom_xy[end, 0] - geom_xy[start, 0]
            lines[3, listed] = geom_xy[end, 1] - geom_xy[start, 1]
            listed += np.uintp(1)


@njit(cache=True, nogil=True, error_model="numpy")
def measure(px, py, dx, dy):
    """What `to_piece` tells of many pieces, several at once: squares of distances in place of px, shares of py."""
    for slot in range(len(px)):
        px[slot], py[slot] = apart_and_part(px[slot], py[slot], dx[slot], dy[slot])


@njit(cache=True, nogil=True)
def keep_nearest(first, last, of_piece, row_apart, row_part, piece, apart, part):
    """Fill each point's nearest piece from what was measured in a row; where its list is empty, 0, inf and 0."""
    slot = np.uintp(0)
    for i in range(len(first)):
        best, best_apart = slot, np.inf
        for _ in range(first[i], last[i]):
            better = row_apart[slot] < best_apart - TIE_M2  # pieces ascend: of equals the first is kept
            best_apart = row_apart[slot] if better else best_apart
            best = slot if better else best
            slot += np.uintp(1)
        listed = first[i] < last[i]
        piece[i] = of_piece[best] if listed else 0
        part[i] = row_part[best] if listed else 0.0
        apart[i] = best_apart


@njit(cache=True, nogil=True, error_model="numpy")
def snap_points(
    geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, near_at, near_start, near_piece,
    piece_edge, piece_along, usable, search_m, xs, ys, order, out_edge, out_offset, out_access,
):  # fmt: skip
    """Snap points, taken in the given order, to the nearest piece of a usable edge, no further than search_m.

    Fills edge (-1 where none is near), offset along the edge and straight access leg (inf where none). Goes step by
    step for many points at once, and measures the pieces of all their shortlists in one row. What a step will read the
    step before asks for, so that one waits for the memory once a step and not once a point.
    """
    cells_per_m = 1.0 / cell_m
    size = min(BATCH, len(order))
    x, y = np.empty(size), np.empty(size)
    first, last = np.empty(size, np.int32), np.empty(size, np.int32)
    piece, apart, part = np.empty(size, np.int32), np.empty(size), np.empty(size)
    cell, across_cell, up_cell = np.empty(size, np.int32), np.empty(size), np.empty(size)
    edge, offset = np.empty(size, np.int32), np.empty(size)
    room = -1
    for begin in range(0, len(order), BATCH):
        batch = min(BATCH, len(order) - begin)
        for i in range(begin + BATCH, min(begin + 2 * BATCH, len(order))):
            fetch(xs, order[i])
            fetch(ys, order[i])
        for i in range(batch):
            at = np.uintp(order[begin + i])
            x[i], y[i] = xs[at], ys[at]
            fetch(out_edge, at)
            fetch(out_offset, at)
            fetch(out_access, at)
        listed = 0
        for i in range(batch):
            across, up = (x[i] - west) * cells_per_m, (y[i] - south) * cells_per_m
            column, row = int(np.floor(across)), int(np.floor(up))
            inside = 0 <= column < columns and 0 <= row < rows
            cell[i] = row * columns + column if inside else -1
            across_cell[i], up_cell[i] = across - column, up - row
            if inside:
                fetch(near_at, cell[i])
        for i in range(batch):
            at = near_at[np.uintp(cell[i])] if cell[i] >= 0 else -1
            cell[i] = part_at(at, across_cell[i], up_cell[i]) if at >= 0 else -1  # from here on the part of it
            fetch(near_start, cell[i])
        for i in range(batch):
            chosen = max(cell[i], 0)
            first[i] = near_start[np.uintp(chosen)]
            last[i] = near_start[np.uintp(chosen) + np.uintp(1)] if cell[i] >= 0 else first[i]
            listed += last[i] - first[i]
            fetch(near_piece, first[i])
            fetch(near_piece, last[i] - 1)
        if listed > room:
            room = 2 * listed
            of_piece, lines = np.empty(room, np.int32), np.empty((4, room))
        for i in range(batch):
            for slot in range(first[i], last[i]):
                fetch(geom_xy, near_piece[np.uintp(slot)])
        in_a_row(geom_xy, near_piece, x, y, first[:batch], last[:batch], of_piece, lines)
        measure(lines[0, :listed], lines[1, :listed], lines[2, :listed], lines[3, :listed])
        keep_nearest(first[:batch], last[:batch], of_piece, lines[0], lines[1], piece, apart, part)
        for i in range(batch):
            fetch(piece_edge, piece[i])
            fetch(piece_along, piece[i])
        for i in range(batch):
            edge[i] = piece_edge[np.uintp(piece[i])]
        for i in range(batch):
            if first[i] == last[i] or not usable[np.uintp(edge[i])]:
                piece[i], apart[i], part[i] = nearest_around(
                    geom_xy, west, south, cell_m, columns, rows, cell_start, cell_piece, near_at, piece_edge, usable,
                    search_m, x[i], y[i],
                )  # fmt: skip
                edge[i] = piece_edge[piece[i]] if piece[i] >= 0 else -1
        for i in range(batch):
            offset[i], apart[i] = place_on(geom_xy, piece_along, piece[i], apart[i], part[i])
        for i in range(batch):
            at = np.uintp(order[begin + i])
            out_edge[at], out_offset[at], out_access[at] = edge[i], offset[i], apart[i]


@njit(cache=True, nogil=True)
def by_block(xs, ys, west, south, block_m, columns, rows):
    """Order points by block of the grid, by counting: int32 (P,). Those outside or nowhere go with the grid's edge."""
    block = np.empty(len(xs), np.int32)
    start = np.zeros(columns * rows + 1, np.int32)
    blocks_per_m = 1.0 / block_m
    for i in range(len(xs)):
        across, up = (xs[i] - west) * blocks_per_m, (ys[i] - south) * blocks_per_m
        across, up = max(0.0, across), max(0.0, up)  # in this order what is no number becomes 0 as well
        block[i] = int(min(up, rows - 1.0)) * columns + int(min(across, columns - 1.0))
    for i in range(len(xs)):
        start[np.uintp(block[i]) + np.uintp(1)] += 1
    for b in range(columns * rows):
        start[b + 1] += start[b]
    order = np.empty(len(xs), np.int32)
    for i in range(len(xs)):
        at = np.uintp(block[i])
        order[np.uintp(start[at])] = i
        start[at] += 1
    return order
