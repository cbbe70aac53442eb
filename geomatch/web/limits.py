"""How often something may be asked: by account, and by address where nobody is signed in. 429 says when again."""

from __future__ import annotations

import ipaddress
import math
import time
from typing import TYPE_CHECKING

from geomatch.errors import TooManyError
from geomatch.web.buckets import Buckets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geomatch.volunteering.roles import Principal

WRONG_AT_ONCE, WRONG_A_MINUTE = 60, 20
"""Wrong passwords that an address may try, whatever the names; a township's whole desk may sit behind one."""

STRANGE_AT_ONCE, STRANGE_A_MINUTE = 600, 300
"""Sessions and tokens that are none, which an address may show."""

_MINUTE_S = 60.0


class Limits:
    """Counts for all workers of a machine.

    Attributes:
        writes_a_minute: what an account, or an address that nobody need sign in from, may change in a minute, and
            at once; a program's readings count as well. 0 for no limit but that of wrong passwords.
    """

    def __init__(self, path: Path, *, writes_a_minute: int, clock: Callable[[], float] = time.time) -> None:
        """Take where the figures are kept."""
        self._buckets = Buckets(path)
        self._clock = clock
        self.writes_a_minute = writes_a_minute

    def try_password(self, address: str | None) -> None:
        """Raise TooManyError where an address tried too many wrong passwords to try one more."""
        self._count(f"password {_network(address)}", WRONG_AT_ONCE, WRONG_A_MINUTE, only_look=True)

    def wrong_password(self, address: str | None) -> None:
        """Count a password that was wrong; TooManyError where it was one too many."""
        self._count(f"password {_network(address)}", WRONG_AT_ONCE, WRONG_A_MINUTE)

    def strange(self, address: str | None) -> None:
        """Count a session or a token that was none; TooManyError where an address showed too many."""
        if self.writes_a_minute:
            self._count(f"strange {_network(address)}", STRANGE_AT_ONCE, STRANGE_A_MINUTE)

    def account(self, who: Principal) -> None:
        """Count what an account does; TooManyError where it does too much."""
        if self.writes_a_minute:
            self._count(f"account {who.account}", self.writes_a_minute, self.writes_a_minute)

    def anybody(self, address: str | None) -> None:
        """Count what is changed by who need not sign in; TooManyError where an address changes too much."""
        if self.writes_a_minute:
            self._count(f"anybody {_network(address)}", self.writes_a_minute, self.writes_a_minute)

    def _count(self, name: str, at_once: int, a_minute: int, *, only_look: bool = False) -> None:
        wait_s = self._buckets.take(
            name, at_once=at_once, every_s=_MINUTE_S / a_minute, now=self._clock(), only_look=only_look
        )
        if wait_s > 0:
            raise TooManyError("too much in too short a time; try again later", retry_after_s=max(1, math.ceil(wait_s)))


def _network(address: str | None) -> str:
    """Give what one household or office has: an IPv4 address, or 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False).network_address)
    return str(found)
