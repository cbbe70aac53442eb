"""What leaves the machine: to real servers on this one, verified as a receiver would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import json
import socket
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller

from geomatch.sending import addresses, hosts, robots, webhook
from geomatch.volunteering.channels import ChannelKind
from tests.receiving import Receiver, receiver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiosmtpd.smtp import Envelope

HERE = hosts.allowed(["127.0.0.1", "localhost"])
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
STAMP = 1_795_950_000


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A receiver without TLS."""
    with receiver() as told:
        yield told


def post(
    there: Receiver, *, scheme: str = "http", host: str = "127.0.0.1", given: hosts.Allowed = HERE
) -> webhook.Outcome:
    """Post to it."""
    target = addresses.taken_apart(ChannelKind.WEBHOOK, f"{scheme}://{host}:{there.port}/hook?x=1")
    return webhook.post(target, b'{"body":"\xe8\xaf\xb7"}', key="d1", secret=SECRET, timestamp=STAMP, given=given)


def test_a_receiver_can_verify_what_came(there: Receiver) -> None:
    """By the recipe of Standard Webhooks, with nothing of ours; a byte changed is seen."""
    assert post(there) == webhook.Outcome(taken=True, told="HTTP 204")
    ((path, headers, body),) = there.came
    assert path == "/hook?x=1"
    assert json.loads(body) == {"body": "请"}
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()

    def right(given: bytes) -> str:
        return "v1," + base64.b64encode(hmac.new(key, signed + given, hashlib.sha256).digest()).decode()

    assert headers["webhook-signature"] == right(body) != right(body + b" ")
    assert (headers["webhook-id"], headers["idempotency-key"], headers["webhook-timestamp"]) == ("d1", "d1", str(STAMP))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(there: Receiver, status: int) -> None:
    """It would lead to a host that nobody named."""
    with receiver() as other:
        there.status, there.location = status, f"http://127.0.0.1:{other.port}/"
        assert post(there) == webhook.Outcome(taken=False, told=f"HTTP {status}")
        assert other.came == []


@pytest.mark.parametrize(("status", "taken"), [(200, True), (202, True), (400, False), (410, False), (500, False)])
def test_only_2xx_is_taken(there: Receiver, status: int, taken: bool) -> None:  # noqa: FBT001 - expected
    """Anything else is told by its number, and nothing of what was answered is kept."""
    there.status, there.answer = status, b"x" * 2_000_000
    assert post(there) == webhook.Outcome(taken, f"HTTP {status}")


def test_a_silent_receiver_is_left(there: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time for one word."""
    monkeypatch.setattr(webhook, "CONNECT_S", 0.3)
    there.wait_s = 1.0
    assert post(there) == webhook.Outcome(taken=False, told="no answer: took too long", answered=False)


def test_a_receiver_that_answers_a_byte_at_a_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte is in time, the whole is not."""
    monkeypatch.setattr(webhook, "WHOLE_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            taken, _ = server.accept()
            with taken, suppress(OSError):
                for _ in range(100):
                    taken.sendall(b"H")
                    time.sleep(0.05)

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        began = time.monotonic()
        assert not post(Receiver(server.getsockname()[1])).taken
        assert time.monotonic() - began < 3
        dripping.join(10)


def test_nobody_there_is_told(there: Receiver) -> None:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        there.port = server.getsockname()[1]
    assert post(there) == webhook.Outcome(taken=False, told="no answer: ConnectionRefusedError", answered=False)


def test_what_is_private_or_not_named_any_more_gets_nothing(there: Receiver) -> None:
    """At the moment of sending, whatever was allowed when the channel was made."""
    for given in (hosts.allowed(["localhost"]), hosts.allowed([])):
        assert not post(there, host="localhost", given=given).taken
    assert there.came == []


def test_the_address_that_was_checked_is_the_one_that_is_used(there: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means another address a moment later changes nothing: it is looked up once."""
    asked = []
    true_one = socket.getaddrinfo

    def changing(host: str, *rest: object, **more: object) -> object:
        asked.append(host)
        return true_one("127.0.0.1" if host != "hook.example" or asked.count(host) == 1 else "127.0.0.2", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    assert post(there, host="hook.example", given=hosts.allowed(["hook.example", "127.0.0.1"])).taken
    assert asked.count("hook.example") == 1
    assert there.came[0][1]["host"] == f"hook.example:{there.port}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that nobody signed, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


def test_over_tls_the_name_must_be_its_own(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is trusted and of that name is sent to; one that is not trusted, or of another name, is not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with receiver(context) as there:
        given = hosts.allowed(["localhost", "127.0.0.1", "::1"])
        assert "TLS failed" in post(there, scheme="https", host="localhost", given=given).told
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert post(there, scheme="https", host="localhost", given=given).taken
        assert "TLS failed" in post(there, scheme="https", host="127.0.0.1", given=given).told
        assert len(there.came) == 1


class Mailbox:
    """Takes every mail, or none."""

    def __init__(self) -> None:
        self.came: list[Envelope] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail."""
        self.came.append(envelope)
        return self.answer


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, int]]:
    """A mail server of this machine, and its port."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


def write(port: int, given: hosts.Allowed = HERE, *, query: str = "from=notices@office.cn") -> webhook.Outcome:
    """Write a mail."""
    target = addresses.taken_apart(ChannelKind.MAIL, f"smtp://127.0.0.1:{port}?{query}")
    return robots.write(target, "wang@example.cn", "派单", "请接单\n为何收到：您离得近", key="d1", given=given)


def test_a_mail_arrives_with_its_key(mail: tuple[Mailbox, int]) -> None:
    """From the office, to one reader, in Chinese."""
    box, port = mail
    assert write(port).taken
    (came,) = box.came
    assert (came.mail_from, came.rcpt_tos) == ("notices@office.cn", ["wang@example.cn"])
    message = message_from_bytes(came.content, policy=policy.default)
    assert (message["subject"], message["x-geomatch-key"]) == ("派单", "d1")
    assert "为何收到" in message.get_content()


def test_a_mail_that_is_not_taken_is_told(mail: tuple[Mailbox, int]) -> None:
    """Refused by the server, or no server there, or not named any more."""
    box, port = mail
    box.answer = "554 no"
    assert not write(port).taken
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = server.getsockname()[1]
    assert not write(nobody).taken
    count = len(box.came)
    assert write(port, hosts.allowed([])).told == "no answer: this host is no longer named in the settings"
    assert len(box.came) == count


ROBOTS = {
    ChannelKind.WECOM: ("wecombot", "NotifyWeComBot", lambda said: said["text"]["content"]),
    ChannelKind.DINGTALK: ("dingtalk", "NotifyDingTalk", lambda said: said["text"]["content"]),
    ChannelKind.FEISHU: ("feishu", "NotifyFeishu", lambda said: said["content"]["text"]),
}


@pytest.mark.parametrize("kind", sorted(ROBOTS))
def test_a_robot_says_it_to_its_group(there: Receiver, kind: ChannelKind, monkeypatch: pytest.MonkeyPatch) -> None:
    """With apprise's own address led to this machine; no redirect is followed, and no answer is no success."""
    module, name, text_of = ROBOTS[kind]
    robot = getattr(importlib.import_module(f"apprise.plugins.{module}"), name)
    monkeypatch.setattr(robot, "notify_url", f"http://127.0.0.1:{there.port}/{{key}}{{token}}".replace(
        "{key}" if kind is not ChannelKind.WECOM else "{token}", ""))  # fmt: skip
    target = addresses.Target("127.0.0.1", 443, is_secure=True, key="abc123def456")

    def say() -> bool:
        return robots.say(kind, target, "工作", "有新点单", secret="", given=HERE).taken

    there.status, there.answer = 200, b"{}"
    assert say()
    path, _, body = there.came[0]
    assert path == "/abc123def456"
    assert "有新点单" in text_of(json.loads(body))
    with receiver() as other:
        there.status, there.location = 302, f"http://127.0.0.1:{other.port}/"
        assert not say()
        assert other.came == []
