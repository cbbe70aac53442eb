"""Addresses of channels, each kind's own: taken apart once, and refused where it is none or its host was not named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from geomatch.errors import InputError
from geomatch.sending import hosts
from geomatch.volunteering.channels import ChannelKind

if TYPE_CHECKING:
    from geomatch.sending.hosts import Allowed

LONGEST = 1000
_PLAIN = re.compile(r"[!-~]+")
_KEY = re.compile(r"[A-Za-z0-9_-]{8,200}")
MAILBOX = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}")
_ROBOTS = {
    # host, path before the key, and the parameter that holds the key; none where the path ends with it
    ChannelKind.WECOM: ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key"),
    ChannelKind.DINGTALK: ("oapi.dingtalk.com", "/robot/send", "access_token"),
    ChannelKind.FEISHU: ("open.feishu.cn", "/open-apis/bot/v2/hook/", None),
}
_PORTS = {"http": 80, "https": 443, "smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Target:
    """An address, taken apart.

    Attributes:
        host, port: where.
        is_secure: whether it is spoken to by TLS from the first byte on.
        path: of a webhook, with its query.
        key: of a robot.
        user, password, sender: of a mail server; the sender is who its mails are from.
    """

    host: str
    port: int
    is_secure: bool
    path: str = ""
    key: str = ""
    user: str = ""
    password: str = ""
    sender: str = ""


def checked(kind: ChannelKind, address: str, given: Allowed) -> Target:
    """Take an address apart and see that its host was named.

    Raises:
        InputError: it is none of this kind, or its host was not named.
    """
    target = taken_apart(kind, address)
    hosts.check_named(target.host, given, "address")
    return target


def taken_apart(kind: ChannelKind, address: str) -> Target:
    """Take an address apart; InputError says what one of this kind looks like, and shows none of it."""
    try:
        parts = _parts(address)
        if kind is ChannelKind.WEBHOOK:
            return _webhook(parts)
        return _mail(parts) if kind is ChannelKind.MAIL else _robot(kind, parts)
    except ValueError:  # a port that is no figure is one, too
        raise InputError.of("address", _LOOKS[kind]) from None


def _parts(address: str) -> SplitResult:
    parts = urlsplit(address)
    if len(address) > LONGEST or not _PLAIN.fullmatch(address) or not parts.hostname or parts.fragment:
        raise ValueError
    return parts


def _webhook(parts: SplitResult) -> Target:
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        raise ValueError
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(_host(parts), parts.port or _PORTS[parts.scheme], parts.scheme == "https", path)


def _robot(kind: ChannelKind, parts: SplitResult) -> Target:
    host, path, name = _ROBOTS[kind]
    key = parts.path.removeprefix(path).strip("/") if name is None else "".join(parse_qs(parts.query).get(name, ()))
    is_there = parts.path.startswith(path) if name is None else parts.path == path
    if parts.scheme != "https" or parts.netloc.lower() != host or not is_there or not _KEY.fullmatch(key):
        raise ValueError
    return Target(host, _PORTS["https"], is_secure=True, key=key)


def _mail(parts: SplitResult) -> Target:
    asked = parse_qs(parts.query)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    sender = "".join(asked.get("from", [user]))
    if parts.scheme not in {"smtp", "smtps"} or parts.path not in {"", "/"} or asked.keys() - {"from"}:
        raise ValueError
    if not MAILBOX.fullmatch(sender):
        raise ValueError
    port = parts.port or _PORTS[parts.scheme]
    return Target(_host(parts), port, parts.scheme == "smtps", user=user, password=password, sender=sender)


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().rstrip(".")


_LOOKS = {
    ChannelKind.WEBHOOK: "must look like https://host/path; http:// goes to addresses in named networks only",
    ChannelKind.WECOM: "must be as WeCom shows it: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=...",
    ChannelKind.DINGTALK: "must be as DingTalk shows it: https://oapi.dingtalk.com/robot/send?access_token=...",
    ChannelKind.FEISHU: "must be as Feishu shows it: https://open.feishu.cn/open-apis/bot/v2/hook/...",
    ChannelKind.MAIL: "must look like smtps://user:password@host:465?from=mailbox@host, or smtp:// with STARTTLS",
}
