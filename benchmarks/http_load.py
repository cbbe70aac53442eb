"""Ask a server on this machine over and over: http_load.py PORT CONNECTIONS SECONDS < targets.

One process, keep-alive connections, GET targets from standard input in turn. The answers' bodies are read and dropped;
any status but 200 is counted apart.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Tally:
    """What came back."""

    answered: int = 0
    refused: int = 0
    seconds: list[float] = field(default_factory=list)


async def one_connection(port: int, targets: Iterator[bytes], until: float, tally: Tally) -> None:
    """Ask on one connection until the time is up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (start := time.perf_counter()) < until:
        writer.write(b"GET " + next(targets) + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        ok = await one_answer(reader)
        tally.seconds.append(time.perf_counter() - start)
        tally.answered += ok
        tally.refused += not ok
    writer.close()


async def one_answer(reader: asyncio.StreamReader) -> bool:
    """Read one whole answer; tell whether its status was 200."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.find(b"content-length:")
    if length < 0:
        raise ValueError(head)  # every server here states the length
    await reader.readexactly(int(head[length + 15 : head.index(b"\r\n", length)]))
    return head.startswith(b"http/1.1 200")


async def ask(port: int, connections: int, seconds: float, targets: list[bytes]) -> Tally:
    """Ask on all connections for a while."""
    tally, turn = Tally(), itertools.cycle(targets)
    until = time.perf_counter() + seconds
    await asyncio.gather(*(one_connection(port, turn, until, tally) for _ in range(connections)))
    return tally


def main() -> None:
    """Ask and print."""
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    targets = [line.strip().encode() for line in sys.stdin]
    start = time.perf_counter()
    tally = asyncio.run(ask(port, connections, seconds, targets))
    took = time.perf_counter() - start
    slow = sorted(tally.seconds)[int(len(tally.seconds) * 0.99)]
    print(json.dumps({"per_s": tally.answered / took, "refused": tally.refused, "p99_s": slow}))


if __name__ == "__main__":
    main()
