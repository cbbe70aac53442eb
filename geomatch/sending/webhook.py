"""Signed webhooks: a POST of JSON that its receiver can verify, know again, and refuse when it is old.

The headers are those of the Standard Webhooks specification: webhook-id, webhook-timestamp and webhook-signature,
which is "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body" by the secret, of which the part after "whsec_" is
base64. Idempotency-Key repeats the id.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import secrets
import socket
import ssl
import threading
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from geomatch.sending import hosts
from geomatch.sending.outcome import Outcome

if TYPE_CHECKING:
    from geomatch.sending.addresses import Target
    from geomatch.sending.hosts import Address, Allowed

PREFIX = "whsec_"
_SECRET_BYTES = 32
CONNECT_S, WHOLE_S = 5.0, 10.0
"""Seconds for a connection, and for all of it: a receiver that answers a byte at a time is left."""
_MOST_ANSWER = 4096


def fresh_secret() -> str:
    """Make a secret that nobody can guess."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """Sign a body as its receiver will: with the key and the time, so that neither can be changed."""
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(raw, f"{key}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def post(target: Target, body: bytes, *, key: str, secret: str, timestamp: int, given: Allowed) -> Outcome:
    """Send one body; 2xx is taken, and no redirect is followed.

    Args:
        target: where.
        body: JSON.
        key: by which the receiver knows it again.
        secret: that of the channel.
        timestamp: seconds since 1970.
        given: hosts that were named.
    """
    headers = {
        "Content-Type": "application/json", "User-Agent": "geomatch", "Idempotency-Key": key, "webhook-id": key,
        "webhook-timestamp": str(timestamp), "webhook-signature": signature(secret, key, timestamp, body),
    }  # fmt: skip
    try:
        addresses = hosts.found(target.host, target.port, given)
        if not target.is_secure and not all(map(given.is_inside, addresses)):
            return Outcome(taken=False, told="http:// goes to addresses in named networks only", answered=False)
        status = _exchange(_Connection(target, addresses), target.path, body, headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(taken=False, told=f"no answer: {_said(error)}", answered=False)
    taken = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    return Outcome(taken, f"HTTP {status}")


class _Connection(http.client.HTTPConnection):
    """A connection to the first of the checked addresses that answers, whatever the name means by then."""

    def __init__(self, target: Target, addresses: list[Address]) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_S)
        self.default_port = http.client.HTTPS_PORT if target.is_secure else http.client.HTTP_PORT
        self._target = target
        self._addresses = addresses

    def connect(self) -> None:
        """Connect, and where it is secure see that whoever answers is the host that was named."""
        self.sock = self._plain()
        if self._target.is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._target.host)

    def _plain(self) -> socket.socket:
        for address in self._addresses[:-1]:
            try:
                return socket.create_connection((str(address), self._target.port), CONNECT_S)
            except OSError:
                continue
        return socket.create_connection((str(self._addresses[-1]), self._target.port), CONNECT_S)


def _exchange(connection: _Connection, path: str, body: bytes, headers: dict[str, str]) -> int:
    """Ask and read the status; what else is answered is read no further than a few kilobytes, and not kept."""
    over = threading.Timer(WHOLE_S, _cut, [connection])
    over.daemon = True
    over.start()
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read(_MOST_ANSWER)
    finally:
        over.cancel()
        connection.close()
    return answer.status


def _cut(connection: _Connection) -> None:
    with suppress(OSError, AttributeError):  # it was closed just now
        connection.sock.shutdown(socket.SHUT_RDWR)


def _said(error: Exception) -> str:
    """Tell an error in few words, without the address that it may hold."""
    if isinstance(error, hosts.RefusedError):
        return str(error)
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({error.reason or type(error).__name__})"
    return "took too long" if isinstance(error, TimeoutError) else type(error).__name__
