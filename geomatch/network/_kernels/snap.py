"""The nearest point of the nearest usable segment, over a grid of straight pieces.

Piece i is the straight line from geometry vertex i to vertex i + 1 of the same polyline.
"""

import numpy as np
from numba import njit


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


@njit(cache=True, nogil=True, inline="always")
def to_piece(cell_xy, slot, x, y):
    """Square of the distance from x, y to the straight piece at a slot, and how far along it (0 to 1) it is nearest."""
    dx = cell_xy[slot, 2] - cell_xy[slot, 0]
    dy = cell_xy[slot, 3] - cell_xy[slot, 1]
    px = x - cell_xy[slot, 0]
    py = y - cell_xy[slot, 1]
    square = dx * dx + dy * dy
    part = 0.0
    if square > 0.0:
        part = min(max((px * dx + py * dy) / square, 0.0), 1.0)
    ex = px - part * dx
    ey = py - part * dy
    return ex * ex + ey * ey, part


@njit(cache=True, nogil=True)
def snap_points(
    cell_xy, piece_edge, piece_along, usable, west, south, cell_m, columns, rows, cell_start, cell_piece,
    xs, ys, order, search_m, out_edge, out_offset, out_access,
):  # fmt: skip
    """Snap points in the given order to the nearest piece of a usable edge, no further than search_m.

    Fills edge (-1 where none is near), offset along the edge and straight access leg (inf where none). Of two pieces
    equally near the one with the smaller number is kept, whatever the order of search.
    """
    hint = -1
    for turn in range(len(order)):
        point = order[turn]
        x = xs[point]
        y = ys[point]
        column = int(np.floor((x - west) / cell_m))
        row = int(np.floor((y - south) / cell_m))
        inset = min(x - west - column * cell_m, west + (column + 1) * cell_m - x)
        inset = min(inset, min(y - south - row * cell_m, south + (row + 1) * cell_m - y))
        best = search_m * search_m
        best_slot = -1
        best_piece = -1
        best_part = 0.0
        if hint >= 0:
            # the street of the point before is most often near: a bound that spares most cells
            apart, part = to_piece(cell_xy, hint, x, y)
            if apart < best:
                best = apart
                best_slot = hint
                best_piece = cell_piece[hint]
                best_part = part
        ring = max(max(-column, column - columns + 1), max(-row, row - rows + 1))
        ring = max(ring, 0)
        last_ring = max(max(column, columns - 1 - column), max(row, rows - 1 - row))
        while ring <= last_ring:
            safe = (ring - 1) * cell_m + inset if ring > 0 else 0.0
            if safe > 0.0 and safe * safe > best:
                break
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                away_y = max(max(south + r * cell_m - y, y - south - (r + 1) * cell_m), 0.0)
                if away_y * away_y > best:
                    continue
                step = 1 if (r == row - ring or r == row + ring or ring == 0) else 2 * ring
                if step == 1:
                    first = max(column - ring, 0)
                    last = min(column + ring, columns - 1)
                    if first > last or cell_start[r * columns + first] == cell_start[r * columns + last + 1]:
                        continue  # a whole row without a street
                c = column - ring
                while c <= column + ring:
                    if 0 <= c < columns:
                        cell = r * columns + c
                        away_x = max(max(west + c * cell_m - x, x - west - (c + 1) * cell_m), 0.0)
                        if away_x * away_x + away_y * away_y > best:
                            c += step
                            continue
                        for slot in range(cell_start[cell], cell_start[cell + 1]):
                            apart, part = to_piece(cell_xy, slot, x, y)
                            if apart > best:
                                continue
                            i = cell_piece[slot]
                            better = apart < best or best_piece < 0 or i < best_piece
                            if better and usable[piece_edge[i]]:
                                best = apart
                                best_slot = slot
                                best_piece = i
                                best_part = part
                    c += step
            ring += 1
        if best_piece < 0:
            out_edge[point] = -1
            out_offset[point] = 0.0
            out_access[point] = np.inf
        else:
            dx = cell_xy[best_slot, 2] - cell_xy[best_slot, 0]
            dy = cell_xy[best_slot, 3] - cell_xy[best_slot, 1]
            out_edge[point] = piece_edge[best_piece]
            out_offset[point] = piece_along[best_piece] + best_part * np.sqrt(dx * dx + dy * dy)
            out_access[point] = np.sqrt(best)
        hint = best_slot


@njit(cache=True, nogil=True)
def order_by_block(xs, ys, west, south, block_m, columns, rows, order):
    """Fill order (P,) with the points by block of the grid, by counting; points outside or nowhere go with its edge."""
    block = np.empty(len(xs), np.int32)
    start = np.zeros(columns * rows + 1, np.int32)
    for i in range(len(xs)):
        column = min(max((xs[i] - west) / block_m, 0.0), columns - 1.0)
        row = min(max((ys[i] - south) / block_m, 0.0), rows - 1.0)
        block[i] = int(row) * columns + int(column) if np.isfinite(column) and np.isfinite(row) else 0
        start[block[i] + 1] += 1
    for b in range(columns * rows):
        start[b + 1] += start[b]
    for i in range(len(xs)):
        order[start[block[i]]] = i
        start[block[i]] += 1
