"""What personal data is used for, and who agreed to it: each purpose by itself, in the words of a dated text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.volunteering import people

if TYPE_CHECKING:
    from datetime import date, datetime


class Purpose(StrEnum):
    """What data is used for; the value is what files and URLs say."""

    SERVICE = "service"
    NOTICES = "notices"
    WHEREABOUTS = "whereabouts"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is told of a purpose before anybody agrees.

    Attributes:
        version: of the text; who agreed to an older one is asked again.
        name: in Chinese and English.
        text: in Chinese and English, as it is shown.
        is_sensitive: True where the law asks for an agreement of its own (PIPL 28 to 31).
    """

    version: str
    name: tuple[str, str]
    text: tuple[str, str]
    is_sensitive: bool = False


STATEMENTS: dict[Purpose, Statement] = {
    Purpose.SERVICE: Statement(
        "2026-11",
        ("志愿服务", "Volunteer service"),
        (
            "为安排志愿服务，保存您的姓名、电话、技能和可服务时间；他人只看到姓氏和电话的前三位、后四位。",
            "To arrange service we keep your name, phone, skills and hours; others see them masked.",
        ),
    ),
    Purpose.NOTICES: Statement(
        "2026-11",
        ("通知", "Notices"),
        ("向您发送与服务有关的通知；随时可以退订。", "We send you notices about service; you can opt out at any time."),
    ),
    Purpose.WHEREABOUTS: Statement(
        "2026-11",
        ("常在地点", "Usual places"),
        (
            "为就近派单，保存您常在的地点，精度约二百米；不保存行踪。",
            "To find who is near we keep where you usually are, to about 200 m; we do not follow where you go.",
        ),
        is_sensitive=True,
    ),
    Purpose.CHILD: Statement(
        "2026-11",
        ("未满十四周岁", "Under fourteen"),
        (
            "监护人同意未满十四周岁的孩子参加志愿服务，并陪同。",
            "A guardian agrees that a child under fourteen serves, and comes along.",
        ),
        is_sensitive=True,
    ),
}
"""The text of each purpose that is in force."""


@dataclass(frozen=True, slots=True)
class Consent:
    """That somebody agreed.

    Attributes:
        id: ours.
        subject: id of the volunteer or the account whose data it is.
        purpose: what for.
        version: of the text that was shown.
        by_guardian: True where a guardian agreed.
        account: who recorded it: the person, or the desk that holds the paper.
        at: when.
        withdrawn_at: when it was taken back, or None.
    """

    id: str
    subject: str
    purpose: Purpose
    version: str
    by_guardian: bool
    account: str
    at: datetime
    withdrawn_at: datetime | None = None


def check(purpose: Purpose, version: str, born: date | None, day: date, *, by_guardian: bool) -> None:
    """Refuse an agreement that would not count.

    Args:
        purpose: what for.
        version: of the text that was shown.
        born: day of birth, or None where it is not known.
        day: today, where the person is.
        by_guardian: True where a guardian agrees.

    Raises:
        InputError: to a text that is not in force, by a child itself, or for a child who is none.
    """
    current = STATEMENTS[purpose].version
    if version != current:
        raise InputError.of("version", f"must be {current}, the text that is in force", value=version)
    is_child = born is not None and people.age_on(born, day) < people.CHILD_UNTIL
    if is_child and not by_guardian:
        raise InputError.of("by_guardian", f"under {people.CHILD_UNTIL} only a guardian can agree")
    if purpose is Purpose.CHILD and not is_child:
        raise InputError.of("purpose", f"is for those of whom it is known that they are under {people.CHILD_UNTIL}")
