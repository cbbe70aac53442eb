"""Where notices may go: hosts that were named, at addresses that are public or were named as well."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
    Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

SETTING = "GEOMATCH_NOTICE_HOSTS"
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


class RefusedError(OSError):
    """A host, or the address that it has just now, is not one to which notices may go."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What whoever runs the service has named.

    Attributes:
        names: of hosts, in small letters.
        networks: addresses that may be used though they are private, such as 10.1.0.0/16.
    """

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def holds(self, host: str) -> bool:
        """Tell whether a host was named: by its name, or as an address by its network."""
        address = _address(host)
        return host.lower() in self.names if address is None else any(address in each for each in self.networks)

    def is_inside(self, address: Address) -> bool:
        """Tell whether an address lies in a network that was named, which is trusted as far as the wire goes."""
        return any(address in each for each in self.networks)


def allowed(entries: Sequence[str]) -> Allowed:
    """Read the setting: names of hosts, and addresses or networks.

    Raises:
        InputError: names every entry that is neither.
    """
    names, networks = set(), []
    for entry in entries:
        text = entry.strip().lower()
        try:
            networks.append(ipaddress.ip_network(text))
        except ValueError:
            if not _NAME.fullmatch(text) or text.replace(".", "").isdigit():
                told = "must list hosts by name, and addresses or networks such as 10.1.0.0/16, split by commas"
                raise InputError.of(SETTING, told, value=entry) from None
            names.add(text)
    return Allowed(frozenset(names), tuple(networks))


def check_named(host: str, given: Allowed, where: str) -> None:
    """Refuse a host that was not named.

    Raises:
        InputError: names it, and the setting.
    """
    if not given.holds(host):
        told = f"notices may not go to this host; whoever runs the service names it in {SETTING}"
        raise InputError.of(where, told, value=host)


def found(host: str, port: int, given: Allowed) -> list[Address]:
    """Look a host up, once, and give its addresses, each of which was checked: connect to these and to no other.

    Args:
        host: a name, or an address.
        port: of the service.
        given: what was named.

    Raises:
        RefusedError: it was not named, or one of its addresses is private and was not named.
        OSError: it has no address.
    """
    if not given.holds(host):
        raise RefusedError("this host is no longer named in the settings")
    looked = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in looked]
    for address in addresses:
        if not (_is_public(address) or given.is_inside(address)):
            raise RefusedError("the host has a private address that is not named in the settings")
    return list(dict.fromkeys(addresses))


def _is_public(address: Address) -> bool:
    """Tell whether an address is one of the internet's, also where an older one is written inside a newer."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        return address.is_global and not address.is_multicast and (inner is None or _is_public(inner))
    return address.is_global and not address.is_multicast


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
