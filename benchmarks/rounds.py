"""Races: each side waits in its own process with as many threads as any other, and the rounds alternate."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from typing import TYPE_CHECKING, Any

import worker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ROUNDS = 5
HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - joined to a command line


class Side:
    """One side of a race: a process that does jobs when told, with so many threads."""

    def __init__(self, name: str, command: Sequence[str], threads: int = 1) -> None:
        self.name = name
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **worker.told(threads)},
        )

    def run(self, job: str) -> tuple[float, Any]:
        """Do a job once: its seconds and what it answered."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError(self.name)
        self._process.stdin.write(f"{job}\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(worker.ANSWER):
                answer = json.loads(line.removeprefix(worker.ANSWER))
                return float(answer["seconds"]), answer["result"]
        raise RuntimeError(f"{self.name} stopped while doing {job!r}")

    def stop(self) -> None:
        """Let the process end."""
        self._process.communicate(timeout=60)


def race(sides: Sequence[Side], job: str, *, rounds: int = ROUNDS, warm: int = 1) -> dict[str, float]:
    """Median seconds of each side over alternating rounds, the first ones not counted."""
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(warm + rounds):
        for side in sides:
            took, _ = side.run(job)
            if number >= warm:
                seconds[side.name].append(took)
    return {name: statistics.median(values) for name, values in seconds.items()}


def race_commands(
    commands: Mapping[str, Sequence[str]], *, rounds: int = ROUNDS, cwd: Path | None = None
) -> dict[str, float]:
    """Median seconds of whole processes, start to end, in alternating rounds after one that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            done = subprocess.run(
                command,
                check=False,
                capture_output=True,
                text=True,
                cwd=cwd,
                env={**os.environ, **worker.told(1)},
            )
            took = time.perf_counter() - start
            if done.returncode:
                raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
            if number:
                seconds[name].append(took)
    return {name: statistics.median(values) for name, values in seconds.items()}
