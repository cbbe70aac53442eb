"""The service menu, and what a resident's own words most likely mean on it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

GUESSES = 3
_LEAST_LIKENESS = 88.0
"""Of pinyin, in per cent: 李发 is 理发, while 电视 is not 电池."""
_LIKE, _SHORTEST_ALIKE = 0.6, 4
"""What a word counts that is only alike, and how many letters it must have."""


@dataclass(frozen=True, slots=True)
class Service:
    """Something that can be ordered.

    Attributes:
        code: unique in its region.
        category: a statutory category's value, or a district's own.
        name, name_en: as people call it.
        words: in which residents ask for it.
        skills: what whoever helps must be able to do.
        certified: those of them that a certificate must prove.
    """

    code: str
    category: str
    name: str
    name_en: str
    words: tuple[str, ...]
    skills: tuple[str, ...] = ()
    certified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """A service that a text may mean.

    Attributes:
        service: which.
        score: how strongly the text points there; only to be compared.
        because: the words of the menu that the text holds, or nearly holds.
    """

    service: Service
    score: float
    because: tuple[str, ...]


def guess(text: str, menu: Sequence[Service], *, limit: int = GUESSES) -> tuple[Guess, ...]:
    """Give the services that a text most likely means, the best first; none where no word of it is known.

    Long words count more than short ones, and words that only one service has more than those of many. Where nothing
    is held as it is written, what sounds alike counts: homophones, slips of the pen, pinyin.
    """
    said = _plain(text)
    shared = Counter(word for service in menu for word in {*_words(service)})
    found = [_held(service, said, shared) for service in menu]
    if not any(each.score for each in found):
        found = [_alike(service, said, shared) for service in menu]
    likely = [each for each in found if each.score > 0]
    return tuple(sorted(likely, key=lambda each: (-each.score, each.service.code))[:limit])


def _held(service: Service, said: str, shared: Counter[str]) -> Guess:
    words = [word for word in dict.fromkeys(_words(service)) if word in said]
    longest = [word for word in words if not any(word != other and word in other for other in words)]
    return Guess(service, sum(_weight(word, shared) for word in longest), tuple(longest))


def _alike(service: Service, said: str, shared: Counter[str]) -> Guess:
    from rapidfuzz import fuzz  # noqa: PLC0415 - only where nothing fits

    sound = _sound(said)
    words = [
        word
        for word in dict.fromkeys(_words(service))
        if len(_sound(word)) >= _SHORTEST_ALIKE
        and len(_sound(word)) <= len(sound)
        and fuzz.partial_ratio(_sound(word), sound, score_cutoff=_LEAST_LIKENESS)
    ]
    return Guess(service, _LIKE * sum(_weight(word, shared) for word in words), tuple(words))


def _weight(word: str, shared: Counter[str]) -> float:
    return float(len(word) ** 1.5 / shared[word])


@lru_cache(maxsize=4096)
def _words(service: Service) -> tuple[str, ...]:
    return tuple(_plain(word) for word in (service.name, *service.words))


@lru_cache(maxsize=4096)
def _sound(text: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary takes 0.1 s to open

    return "".join(lazy_pinyin(text))


def _plain(text: str) -> str:
    """Fold widths and letters' case, and drop blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
