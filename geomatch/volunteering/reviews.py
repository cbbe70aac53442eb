"""Reviews: points of fact that the resident answers, each of them; silence is never counted as good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

MOST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Review:
    """What a resident says of an order that was confirmed; there is no default.

    Attributes:
        order: its id.
        by: account of the resident, or of who wrote down what they said on the phone.
        at: when.
        came_on_time, did_what_was_asked, would_ask_again: as it was.
        asked_for_money: True where somebody asked for money or a gift.
        words: in their own, phone numbers masked; may be empty.
    """

    order: str
    by: str
    at: datetime
    came_on_time: bool
    did_what_was_asked: bool
    would_ask_again: bool
    asked_for_money: bool
    words: str = ""

    def __post_init__(self) -> None:
        if len(self.words) > MOST_WORDS:
            raise InputError.of("words", f"must have {MOST_WORDS} characters at most")


@dataclass(frozen=True, slots=True)
class ReviewFigures:
    """What residents said of orders in a time. Shares are of those who reviewed, and say nothing of the others.

    Attributes:
        confirmed: orders that both sides called done.
        reviewed: those of them that were reviewed.
        by_phone: those of these that staff wrote down for a resident without an account.
        came_on_time, did_what_was_asked, would_ask_again, asked_for_money: how many reviews say so.
    """

    confirmed: int
    reviewed: int
    by_phone: int
    came_on_time: int
    did_what_was_asked: int
    would_ask_again: int
    asked_for_money: int

    @property
    def silent(self) -> int:
        """How many were confirmed and never reviewed."""
        return self.confirmed - self.reviewed

    def share(self, count: int) -> float | None:
        """Share of the reviews; None where there are none."""
        return count / self.reviewed if self.reviewed else None
