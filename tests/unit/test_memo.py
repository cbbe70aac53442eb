"""A cache that makes each answer once and keeps the last ones asked for."""

from __future__ import annotations

import threading

import pytest

from geomatch.services.memo import Memo


def test_an_answer_is_made_once_however_many_threads_ask() -> None:
    """Ten threads that ask at once get the same answer, made by one of them."""
    memo: Memo[object] = Memo(2)
    made: list[int] = []
    together = threading.Barrier(10)
    answers: list[object] = []

    def make() -> object:
        made.append(1)
        return object()

    def ask() -> None:
        together.wait()
        answers.append(memo.get("key", make))

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(set(map(id, answers))) == 1


def test_the_answer_not_asked_for_the_longest_gives_way() -> None:
    """With room for two, asking for the first again keeps it and drops the second."""
    memo: Memo[str] = Memo(2)
    for key in ("a", "b", "a", "c"):
        memo.get(key, key.upper)
    assert [memo.held(key) for key in ("a", "b", "c")] == ["A", None, "C"]


def test_an_error_is_not_kept() -> None:
    """Who asks after a failure has the answer made again."""
    memo: Memo[int] = Memo(2)
    with pytest.raises(ZeroDivisionError):
        memo.get("key", lambda: 1 // 0)
    assert memo.get("key", lambda: 7) == 7
