"""A small cache for costly answers that several threads ask for at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class Memo(Generic[T]):
    """Keeps the last answers asked for; each is made once, however many threads wait for it."""

    def __init__(self, size: int) -> None:
        """Hold at most `size` answers."""
        self._size = size
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._held: OrderedDict[Hashable, T] = OrderedDict()

    def held(self, key: Hashable) -> T | None:
        """Give the answer of a key if it is held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give the answer of a key, made now if it is not held; an error of `make` is not kept."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._held:
                    return self._held[key]
            answer = make()
            self.hold(key, answer)
            return answer

    def hold(self, key: Hashable, answer: T) -> None:
        """Keep an answer; the one that was not asked for the longest gives way."""
        with self._lock:
            self._held[key] = answer
            self._held.move_to_end(key)
            self._making.pop(key, None)
            if len(self._held) > self._size:
                self._held.popitem(last=False)
