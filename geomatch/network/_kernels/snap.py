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
def to_piece(geom_xy, i, x, y):
    """Square of the distance from x, y to straight piece i, and how far along it (0 to 1) the nearest point lies."""
    dx = geom_xy[i + 1, 0] - geom_xy[i, 0]
    dy = geom_xy[i + 1, 1] - geom_xy[i, 1]
    px = x - geom_xy[i, 0]
    py = y - geom_xy[i, 1]
    square = dx * dx + dy * dy
    part = 0.0
    if square > 0.0:
        part = min(max((px * dx + py * dy) / square, 0.0), 1.0)
    ex = px - part * dx
    ey = py - part * dy
    return ex * ex + ey * ey, part


@njit(cache=True, nogil=True)
def snap_points(
    geom_xy, piece_edge, piece_along, usable, west, south, cell_m, columns, rows, cell_start, cell_piece,
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
        best_piece = -1
        best_part = 0.0
        if hint >= 0:
            # the street of the point before is most often near: a bound that spares most cells
            apart, part = to_piece(geom_xy, hint, x, y)
            if apart < best:
                best = apart
                best_piece = hint
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
                c = column - ring
                while c <= column + ring:
                    if 0 <= c < columns:
                        cell = r * columns + c
                        away_x = max(max(west + c * cell_m - x, x - west - (c + 1) * cell_m), 0.0)
                        if away_x * away_x + away_y * away_y > best:
                            c += step
                            continue
                        for slot in range(cell_start[cell], cell_start[cell + 1]):
                            i = cell_piece[slot]
                            apart, part = to_piece(geom_xy, i, x, y)
                            better = apart < best or (apart == best and (best_piece < 0 or i < best_piece))
                            if better and usable[piece_edge[i]]:
                                best = apart
                                best_piece = i
                                best_part = part
                    c += step
            ring += 1
        if best_piece < 0:
            out_edge[point] = -1
            out_offset[point] = 0.0
            out_access[point] = np.inf
        else:
            dx = geom_xy[best_piece + 1, 0] - geom_xy[best_piece, 0]
            dy = geom_xy[best_piece + 1, 1] - geom_xy[best_piece, 1]
            out_edge[point] = piece_edge[best_piece]
            out_offset[point] = piece_along[best_piece] + best_part * np.sqrt(dx * dx + dy * dy)
            out_access[point] = np.sqrt(best)
        hint = best_piece
