"""Robots of groups (WeCom, DingTalk, Feishu) and mail, by apprise, which is told the host and follows no redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomatch.sending import hosts
from geomatch.sending.outcome import Outcome
from geomatch.volunteering.channels import ChannelKind

if TYPE_CHECKING:
    from geomatch.sending.addresses import Target
    from geomatch.sending.hosts import Allowed

_ANSWER_S = 5.0


def say(kind: ChannelKind, target: Target, title: str, body: str, *, secret: str, given: Allowed) -> Outcome:
    """Let a robot say something to its group; a secret signs where DingTalk asks for it."""
    try:
        hosts.found(target.host, target.port, given)  # TLS then sees that the name is who it says
    except OSError as error:
        return _nobody(error)
    return _notify(_robot(kind, target.key, secret), title, body)


def _robot(kind: ChannelKind, key: str, secret: str) -> Any:
    """Make the robot of one kind; each module is opened by itself, since all of apprise's take seconds."""
    if kind is ChannelKind.WECOM:
        from apprise.plugins.wecombot import NotifyWeComBot  # noqa: PLC0415 - as the docstring says

        return NotifyWeComBot(key, asset=_asset())
    if kind is ChannelKind.DINGTALK:
        from apprise.plugins.dingtalk import NotifyDingTalk  # noqa: PLC0415 - as above

        return NotifyDingTalk(key, secret=secret or None, asset=_asset())
    from apprise.plugins.feishu import NotifyFeishu  # noqa: PLC0415 - as above

    return NotifyFeishu(key, asset=_asset())


def write(target: Target, to: str, title: str, body: str, *, key: str, given: Allowed) -> Outcome:
    """Write a mail; without TLS only to a server in a network that was named.

    Args:
        target: the server.
        to: the mailbox.
        title: its subject.
        body: what it says.
        key: by which the receiver knows it again, the header X-Geomatch-Key.
        given: hosts that were named.
    """
    try:
        addresses = hosts.found(target.host, target.port, given)
    except OSError as error:
        return _nobody(error)
    is_inside = all(map(given.is_inside, addresses))
    mode = "ssl" if target.is_secure else ("insecure" if is_inside and not target.user else "starttls")
    # where TLS names the server, the name is sent; elsewhere the address that was checked
    smtp = str(addresses[0]) if mode == "insecure" else target.host
    from apprise.plugins.email import NotifyEmail  # noqa: PLC0415 - as above

    way = NotifyEmail(
        host=target.host, port=target.port, smtp_host=smtp, secure=mode != "insecure", secure_mode=mode,
        user=target.user or None, password=target.password or None, from_addr=target.sender, targets=[to],
        headers={"X-Geomatch-Key": key}, cto=_ANSWER_S, asset=_asset(),
    )  # fmt: skip
    return _notify(way, title, body)


def _asset() -> Any:
    from apprise import AppriseAsset  # noqa: PLC0415 - as above

    return AppriseAsset(app_id="geomatch", http_redirects=False, storage_mode="memory")


def _notify(way: Any, title: str, body: str) -> Outcome:
    from apprise import NotifyFormat  # noqa: PLC0415 - as above

    taken = bool(way.notify(body=body, title=title, body_format=NotifyFormat.TEXT))
    return Outcome(taken, "taken" if taken else "not taken, or no answer", answered=taken)


def _nobody(error: OSError) -> Outcome:
    told = str(error) if isinstance(error, hosts.RefusedError) else type(error).__name__
    return Outcome(taken=False, told=f"no answer: {told}", answered=False)
