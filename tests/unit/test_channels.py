"""Channels: which notices go by which, and how long a try waits for the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from geomatch.errors import InputError
from geomatch.sending import addresses, hosts
from geomatch.volunteering.channels import (
    KIND_NAMES,
    MOST_TRIES,
    ROBOTS,
    Channel,
    ChannelKind,
    Reader,
    check_purposes,
    leads_to,
    pause_after,
)
from geomatch.volunteering.notices import Notice, NoticeState, Posted, Purpose

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
CHANNEL = Channel(
    "c1", "little", "平台", ChannelKind.WEBHOOK, "https://a.example/", "", frozenset(Purpose), None, None,
    is_open=True, made_at=NOW,
)  # fmt: skip
NOTICE = Notice("little", "k", Purpose.OFFER, "order", "o1", "您离得近", "you are near", "请接单", NOW, volunteer="v1")
POSTED = Posted("n1", NOTICE, NoticeState.WAITING, NOW)


@pytest.mark.parametrize(
    ("channel", "reader", "leads"),
    [
        (CHANNEL, Reader(), True),
        (replace(CHANNEL, purposes=frozenset({Purpose.PUSH})), Reader(), False),
        (replace(CHANNEL, unit="A"), Reader("A"), True),
        (replace(CHANNEL, unit="A"), Reader("B"), False),
        (replace(CHANNEL, unit="A"), Reader(), False),
        (replace(CHANNEL, unit="A", team="t1"), Reader("A", "t2"), False),
        (replace(CHANNEL, kind=ChannelKind.MAIL), Reader(), False),
        (replace(CHANNEL, kind=ChannelKind.MAIL), Reader(mail="a@b.cn"), True),
    ],
)
def test_a_channel_leads_to_readers_of_its_area(channel: Channel, reader: Reader, leads: bool) -> None:  # noqa: FBT001 - expected
    """By purpose, township and team; mail to those who gave a mailbox."""
    assert leads_to(channel, Purpose.OFFER, reader) is leads


@pytest.mark.parametrize("kind", sorted(ROBOTS))
def test_a_robot_tells_a_group_nothing_that_is_for_one_person(kind: ChannelKind) -> None:
    """Work of the office and nothing else."""
    check_purposes(kind, frozenset({Purpose.STAFF}))
    with pytest.raises(InputError, match="only staff"):
        check_purposes(kind, frozenset({Purpose.STAFF, Purpose.OFFER}))
    with pytest.raises(InputError, match="at least one"):
        check_purposes(kind, frozenset())


def test_pauses_grow_to_an_hour_and_all_tries_take_half_a_day_at_most() -> None:
    """Half a minute, a minute, two; never more than an hour."""
    pauses = [pause_after(tries) for tries in range(1, MOST_TRIES)]
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)
    assert sum(pauses, timedelta()) < timedelta(hours=12)


def test_every_kind_has_its_words() -> None:
    """In both languages."""
    assert set(KIND_NAMES) == set(ChannelKind)


def test_hosts_are_named_by_name_and_networks_by_their_bits() -> None:
    """Whatever the case; an address counts by its network."""
    given = hosts.allowed(["Hooks.example.org", "10.1.0.0/16", "::1"])
    assert [given.holds(host) for host in ("hooks.EXAMPLE.org", "10.1.2.3", "::1")] == [True] * 3
    assert [given.holds(host) for host in ("example.org", "x.hooks.example.org", "10.2.0.1", "8.8.8.8")] == [False] * 4


@pytest.mark.parametrize("entry", ["https://a.example", "a b", "*.example.org", "10.1.2.3.4", "10.0.0.1/8", "-a.cn"])
def test_an_entry_that_is_no_host_is_named(entry: str) -> None:
    """And what an entry looks like."""
    with pytest.raises(InputError, match="GEOMATCH_NOTICE_HOSTS") as raised:
        hosts.allowed(["a.example", entry])
    assert raised.value.faults[0].value == entry


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "::1", "::ffff:10.0.0.1", "fd00::1",
     "2002:7f00:1::", "224.0.0.1"],
)  # fmt: skip
def test_a_private_address_is_refused_unless_it_was_named(address: str) -> None:
    """Also where a newer address holds an older one."""
    assert not hosts._is_public(ip_address(address))
    assert hosts.found(address, 443, hosts.allowed([address])) == [ip_address(address)]


def test_an_address_of_the_internet_is_public() -> None:
    """Of either kind."""
    assert all(hosts._is_public(ip_address(each)) for each in ("8.8.8.8", "2400:3200::1", "::ffff:8.8.8.8"))


def test_a_named_host_whose_name_leads_inside_is_refused() -> None:
    """A name is no pass for a private address: localhost may be named, its address must be named as well."""
    with pytest.raises(hosts.RefusedError, match="private address"):
        hosts.found("localhost", 80, hosts.allowed(["localhost"]))
    assert hosts.found("localhost", 80, hosts.allowed(["localhost", "127.0.0.0/8", "::1"]))


ROBOT_ADDRESSES = {
    ChannelKind.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-123-def",
    ChannelKind.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=abc123def456",
    ChannelKind.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/abc-123-def",
}


@pytest.mark.parametrize("kind", sorted(ROBOT_ADDRESSES))
def test_the_address_of_a_robot_is_taken_as_its_app_shows_it(kind: ChannelKind) -> None:
    """The key is found in it, and only that app's host will do."""
    address = ROBOT_ADDRESSES[kind]
    assert addresses.taken_apart(kind, address).key in {"abc-123-def", "abc123def456"}
    for wrong in (address.replace("https", "http"), address.replace("://", "://evil.example/"), address[:-12]):
        with pytest.raises(InputError, match="must be as"):
            addresses.taken_apart(kind, wrong)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (ChannelKind.WEBHOOK, "ftp://a.example/"),
        (ChannelKind.WEBHOOK, "https://user:word@a.example/"),
        (ChannelKind.WEBHOOK, "https://a.example/\r\nX: y"),
        (ChannelKind.WEBHOOK, "https://a.example:port/"),
        (ChannelKind.WEBHOOK, "https://[::1/"),
        (ChannelKind.WEBHOOK, "https:///path"),
        (ChannelKind.WEBHOOK, "https://a.example/" + "x" * 1000),
        (ChannelKind.MAIL, "smtps://mail.example.org"),
        (ChannelKind.MAIL, "smtps://a%40b.cn:word@mail.example.org?smtp=evil.example"),
        (ChannelKind.MAIL, "mailto://a%40b.cn@mail.example.org"),
    ],
)
def test_an_address_that_is_none_is_refused_without_showing_it(kind: ChannelKind, address: str) -> None:
    """It may hold a password."""
    with pytest.raises(InputError, match="must look like") as raised:
        addresses.taken_apart(kind, address)
    assert raised.value.faults[0].value is None


def test_an_address_is_taken_apart() -> None:
    """Host, port, path and the rest; a host that was not named is refused."""
    given = hosts.allowed(["a.example", "mail.example.org"])
    hook = addresses.checked(ChannelKind.WEBHOOK, "https://A.example:8443/x?y=1", given)
    assert hook == addresses.Target("a.example", 8443, is_secure=True, path="/x?y=1")
    mail = addresses.checked(ChannelKind.MAIL, "smtp://notices%40b.cn:p%2Fw@mail.example.org", given)
    assert (mail.port, mail.user, mail.password, mail.sender) == (587, "notices@b.cn", "p/w", "notices@b.cn")
    with pytest.raises(InputError, match="GEOMATCH_NOTICE_HOSTS"):
        addresses.checked(ChannelKind.WEBHOOK, "https://b.example/", given)
