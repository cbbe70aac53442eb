"""Walks bounded by a limit, from many places one after another; nodes wait in buckets.

Letters and places as in walk.py. The buckets are circular lists (Knuth 1968, 2.2.5): `links` (N + buckets, 2) holds
what stands before and after each node, and after the nodes the head of each bucket; who waits nowhere, and the head of
an empty bucket, stand alone, before and after themselves. So a node is moved without asking where it stood.
"""

import numpy as np
from numba import njit

from geomatch.network._kernels.grown import grown

INF = np.inf

BUCKET_M = 32.0

FOR_EACH = 512
"""Slots made beforehand for what each place reaches: memory that is not written on costs nothing, moving it does."""


@njit(cache=True, nogil=True, inline="always")
def queue(links, nodes, node, there):
    """Put a node in the bucket of its walk, from wherever it was; tells whether it waited nowhere before."""
    before = links[node, 0]
    after = links[node, 1]
    links[before, 1] = after
    links[after, 0] = before
    head = nodes + (int(there / BUCKET_M) & (len(links) - nodes - 1))
    first = links[head, 1]
    links[head, 1] = node
    links[first, 0] = node
    links[node, 0] = head
    links[node, 1] = first
    return before == node


@njit(cache=True, nogil=True, inline="always")
def take(links, head):
    """Take the first node out of a bucket that has one."""
    node = links[head, 1]
    after = links[node, 1]
    links[head, 1] = after
    links[after, 0] = head
    links[node, 0] = node
    links[node, 1] = node
    return node


@njit(cache=True, nogil=True)
def empty_buckets(nodes, buckets):
    """Links with nothing queued; the number of buckets must be a power of 2."""
    links = np.empty((nodes + buckets, 2), np.int32)
    for i in range(nodes + buckets):
        links[i, 0] = i
        links[i, 1] = i
    return links


@njit(cache=True, nogil=True)
def clean(nodes, buckets):
    """What a bounded search writes on, as it must find it: walk (N,) all inf, touched (N,), links."""
    return np.full(nodes, INF), np.empty(nodes, np.int32), empty_buckets(nodes, buckets)


@njit(cache=True, nogil=True)
def bounded_reach(arc_start, arc_head, arc_cost, node_1, walk_1, node_2, walk_2, limit_m, walk, touched, links):
    """Walk from one place to every node within the limit; gives how many there are.

    `walk` (N,) holds inf at entry; at exit the walk of each of the `touched[:count]` nodes, all <= limit_m and final.
    The caller puts inf back at those nodes. The place is given by the walks to the two ends of its edge.

    Nodes wait in a ring of buckets (Dial 1969, with buckets wider than the shortest arc: a node may be walked from
    again while its own bucket is emptied). The ring is longer than the longest arc; nothing is queued at exit.
    """
    nodes = len(walk)
    ring = len(links) - nodes - 1
    waiting = 0
    count = 0
    for side in range(2):
        node = node_1 if side == 0 else node_2
        there = walk_1 if side == 0 else walk_2
        if there <= limit_m and there < walk[node]:
            if walk[node] == INF:
                touched[count] = node
                count += 1
            walk[node] = there
            waiting += queue(links, nodes, node, there)
    bucket = int(min(walk_1, walk_2) / BUCKET_M) if waiting > 0 else 0
    while waiting > 0:
        head_of_bucket = nodes + (bucket & ring)
        while links[head_of_bucket, 1] != head_of_bucket:
            node = take(links, head_of_bucket)
            waiting -= 1
            key = walk[node]
            for arc in range(arc_start[node], arc_start[node + 1]):
                head = arc_head[arc]
                there = key + arc_cost[arc]
                if there < walk[head] and there <= limit_m:
                    if walk[head] == INF:
                        touched[count] = head
                        count += 1
                    walk[head] = there
                    if arc_start[head + 1] - arc_start[head] > 1:  # a dead end leads nowhere new
                        waiting += queue(links, nodes, head, there)
        bucket += 1
    return count


@njit(cache=True, nogil=True, inline="always")
def to_ends(place_edge, place_offset, place_access, edge_length_m, factor, place):
    """Walks from a place that is on the network to the u and the v end of its edge."""
    edge = place_edge[place]
    along = place_offset[place] * factor[edge]
    back = (edge_length_m[edge] - place_offset[place]) * factor[edge]
    return place_access[place] + along, place_access[place] + back


@njit(cache=True, nogil=True, inline="always")
def room_for(filled, done, places):
    """How many slots to make where some of the places have filled theirs: a quarter more than so many for each."""
    return filled + filled // 4 + filled * (places - done) // done * 5 // 4


@njit(cache=True, nogil=True)
def reach_many(
    arc_start, arc_head, arc_cost, edge_u, edge_v, edge_length_m, factor,
    place_edge, place_offset, place_access, order, limit_m, buckets,
):  # fmt: skip
    """Reach of each of S places, taken in the given order: the nodes within the limit, in order of first touch.

    Gives first and last (S,), each place's slice of the nodes and their walks, and these.
    """
    walk, touched, links = clean(len(arc_start) - 1, buckets)
    first = np.zeros(len(place_edge), np.int64)
    last = np.zeros(len(place_edge), np.int64)
    out_node = np.empty(FOR_EACH * len(place_edge), np.int32)
    out_walk = np.empty(FOR_EACH * len(place_edge))
    filled = 0
    for turn in range(len(order)):
        place = order[turn]
        edge = place_edge[place]
        first[place] = filled
        if edge >= 0:
            from_u, from_v = to_ends(place_edge, place_offset, place_access, edge_length_m, factor, place)
            count = bounded_reach(
                arc_start, arc_head, arc_cost, edge_u[edge], from_u, edge_v[edge], from_v, limit_m,
                walk, touched, links,
            )  # fmt: skip
            if filled + count > len(out_node):
                room = room_for(filled + count, turn + 1, len(order))
                out_node = grown(out_node, room)
                out_walk = grown(out_walk, room)
            for i in range(count):
                node = touched[i]
                out_node[filled + i] = node
                out_walk[filled + i] = walk[node]
                walk[node] = INF
            filled += count
        last[place] = filled
    return first, last, out_node[:filled], out_walk[:filled]


@njit(cache=True, nogil=True)
def within_many(
    arc_start, arc_head, arc_edge, arc_cost, edge_u, edge_v, edge_length_m, factor,
    place_edge, place_offset, place_access, point_offset, point_access, point_by_edge, edge_point_start,
    limit_m, buckets,
):  # fmt: skip
    """Every pair of place and point with a walk within the limit: CSR by place of points and walks.

    `point_by_edge` orders the points by edge and `edge_point_start` (E + 1,) gives each edge's slice of it.
    """
    walk, touched, links = clean(len(arc_start) - 1, buckets)
    start = np.zeros(len(place_edge) + 1, np.int64)
    out_point = np.empty(FOR_EACH * len(place_edge), np.int32)
    out_walk = np.empty(FOR_EACH * len(place_edge))
    filled = 0
    for place in range(len(place_edge)):
        home = place_edge[place]
        if home < 0:
            start[place + 1] = filled
            continue
        offset = place_offset[place]
        access = place_access[place]
        from_u, from_v = to_ends(place_edge, place_offset, place_access, edge_length_m, factor, place)
        count = bounded_reach(
            arc_start, arc_head, arc_cost, edge_u[home], from_u, edge_v[home], from_v, limit_m,
            walk, touched, links,
        )  # fmt: skip
        for visit in range(-1, count):
            # visit -1 is the place's own edge, walked directly; its turn at a touched node is passed over
            first = 0 if visit < 0 else arc_start[touched[visit]]
            last = 1 if visit < 0 else arc_start[touched[visit] + 1]
            for arc in range(first, last):
                edge = home if visit < 0 else arc_edge[arc]
                u = edge_u[edge]
                if visit >= 0 and (edge == home or (u != touched[visit] and walk[u] < INF)):
                    continue
                if edge_point_start[edge] == edge_point_start[edge + 1]:
                    continue
                at_u = walk[u]
                at_v = walk[edge_v[edge]]
                length = edge_length_m[edge]
                for slot in range(edge_point_start[edge], edge_point_start[edge + 1]):
                    point = point_by_edge[slot]
                    along = point_offset[point]
                    there = min(at_u + along * factor[edge], at_v + (length - along) * factor[edge])
                    if visit < 0:
                        there = min(there, access + abs(along - offset) * factor[edge])
                    there += point_access[point]
                    if there <= limit_m:
                        if filled == len(out_point):
                            room = room_for(filled, place + 1, len(place_edge))
                            out_point = grown(out_point, room)
                            out_walk = grown(out_walk, room)
                        out_point[filled] = point
                        out_walk[filled] = there
                        filled += 1
        for i in range(count):
            walk[touched[i]] = INF
        start[place + 1] = filled
    return start, out_point[:filled], out_walk[:filled]
