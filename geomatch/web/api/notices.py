"""Notices, channels and pushes over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from geomatch.errors import NotAllowedError
from geomatch.services import channels as channel_service
from geomatch.services import notices as notice_service
from geomatch.services import pushing as push_service
from geomatch.volunteering.categories import check_category
from geomatch.volunteering.channels import DeliveryState, Wishes
from geomatch.volunteering.notices import NoticeRules
from geomatch.volunteering.pushing import Audience
from geomatch.volunteering.roles import Role
from geomatch.web.api import account_shapes
from geomatch.web.api import notice_shapes as shapes
from geomatch.web.api.operation import Operation
from geomatch.web.api.replies import Reply
from geomatch.web.guard import SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.channels import Shown
    from geomatch.services.pushing import Reached
    from geomatch.services.region import Region
    from geomatch.volunteering.notices import Posted
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_CENTRE: frozenset[Role | None] = frozenset({Role.CENTRE})
_PUSH: frozenset[Role | None] = frozenset({Role.CENTRE, Role.OFFICE})
_PEOPLE = SIGNED_IN - {Role.PROGRAM}


def notices(served: Served, _region: Region, asked: shapes.NoticesQuestion, *, who: Principal) -> Json:
    """List one's own notices, or, for an office, those of its area without what they say."""
    if asked.of == "area" and who.role not in notice_service.OVERSEERS:
        raise NotAllowedError("this account has no area; ask for its own notices")
    find = notice_service.of_area if asked.of == "area" else notice_service.mine
    matched, page = find(served.database.reading(), who, asked.state, limit=asked.limit, offset=asked.offset)
    return {"numberMatched": matched, "numberReturned": len(page), "notices": [_notice(each) for each in page]}


def notice(served: Served, _region: Region, notice_id: str, _asked: account_shapes.Nothing, *, who: Principal) -> Json:
    """Say of one notice why it was sent, what became of it, and which ways it went."""
    told = notice_service.told(served.database.reading(), who, notice_id)
    ways = [
        {
            "id": way.id, "channel": told.channels.get(way.channel, ""), "state": way.state, "tries": way.tries,
            "next_at": way.next_at if way.state is DeliveryState.WAITING else None, "ended_at": way.ended_at,
            "told": way.told,
        }
        for way in told.ways
    ]  # fmt: skip
    return _notice(told.posted) | {"ways": ways}


def wishes(served: Served, _region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:
    """Tell what one asked for."""
    return _wishes(notice_service.wishes(served.database.reading(), who))


def set_wishes(served: Served, _region: Region, asked: shapes.WishesDraft, *, who: Principal) -> Json:
    """Say what one wants; opting out ends at once what was not sent yet."""
    given = Wishes(frozenset(asked.opted_out), tuple(asked.interests), asked.mail)
    return _wishes(notice_service.set_wishes(served.database.writing(), who, given, at=datetime.now(UTC)))


def rules(served: Served, region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:  # noqa: ARG001
    """Tell the quiet hours and the cap of the region."""
    return _rules(notice_service.rules(served.database.reading(), region.spec.id))


def set_rules(served: Served, region: Region, asked: shapes.RulesDraft, *, who: Principal) -> Json:  # noqa: ARG001
    """Set the quiet hours and the cap of the region."""
    quiet = time.fromisoformat(asked.quiet_from), time.fromisoformat(asked.quiet_until)
    given = NoticeRules(*quiet, asked.most_a_day, asked.timezone)
    return _rules(notice_service.set_rules(served.database.writing(), region.spec.id, given))


def add_channel(served: Served, region: Region, asked: shapes.ChannelDraft, *, who: Principal) -> Json:  # noqa: ARG001
    """Open a way out; the secret by which a webhook signs is told this once."""
    made = channel_service.add(
        served.database.writing(), region.spec.id, asked.name, kind=asked.kind, address=asked.address,
        purposes=asked.purposes, notice_hosts=served.notice_hosts, at=datetime.now(UTC), secret=asked.secret,
        unit=asked.unit, team=asked.team,
    )  # fmt: skip
    shown = channel_service.shown(made, {})
    return _channel(shown) | {"secret": None if asked.secret else made.secret or None}


def channels(served: Served, region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:  # noqa: ARG001
    """List the ways out of the region, with what became of the deliveries by each."""
    found = channel_service.listed(served.database.reading(), region.spec.id)
    return {"channels": [_channel(each) for each in found]}


def close_channel(
    served: Served, region: Region, channel_id: str, _asked: account_shapes.Nothing, *, who: Principal  # noqa: ARG001
) -> Reply:  # fmt: skip
    """Close a way out at once."""
    channel_service.close(served.database.writing(), channel_id, region=region.spec.id)
    return Reply(None)


def reach(served: Served, region: Region, asked: shapes.AudienceDraft, *, who: Principal) -> Json:
    """Say how many a push would reach; nothing is sent."""
    audience = _audience(served, region, asked)
    found = push_service.reached(served.database.reading(), region, who, audience, at=datetime.now(UTC))
    return _reached(found)


def push(served: Served, region: Region, asked: shapes.PushDraft, *, who: Principal) -> Json:
    """Tell the volunteers of an area something; the same text reaches nobody twice on one day."""
    made, found = push_service.push(
        served.database.writing(), region, who, _audience(served, region, asked), asked.body, at=datetime.now(UTC),
        lasts=timedelta(hours=asked.hours),
    )  # fmt: skip
    return _reached(found) | {"id": made.id, "put": made.put}


def pushes(served: Served, _region: Region, asked: shapes.PushesQuestion, *, who: Principal) -> Json:
    """List what was sent to areas, the newest first; an office sees its own."""
    matched, page = push_service.listed(served.database.reading(), who, limit=asked.limit, offset=asked.offset)
    told = [
        {
            "id": each.id, "account": each.account, "unit": each.unit, "body": each.body,
            "why": {"zh": each.why_zh, "en": each.why_en}, "put": each.put, "made_at": each.made_at, "states": states,
        }
        for each, states in page
    ]  # fmt: skip
    return {"numberMatched": matched, "numberReturned": len(page), "pushes": told}


def _audience(served: Served, region: Region, asked: shapes.AudienceDraft) -> Audience:
    circle, given = None, asked.circle
    if given is not None:
        circle = push_service.circle_of(
            region, site=given.site, lon=given.lon, lat=given.lat, minutes=given.minutes, profile=given.profile
        )
        served.check_inside(region, circle.lon, circle.lat)
    interests = tuple(check_category(each, "interests") for each in asked.interests)
    return Audience(asked.unit, tuple(dict.fromkeys(asked.skills)), interests, circle)


def _notice(posted: Posted) -> Json:
    notice = posted.notice
    return {
        "id": posted.id, "purpose": notice.purpose, "body": notice.body,
        "why": {"zh": notice.why_zh, "en": notice.why_en}, "cause": {"kind": notice.cause_kind, "id": notice.cause_id},
        "volunteer": notice.volunteer, "account": notice.account, "urgent": notice.urgent, "state": posted.state,
        "told": posted.told, "made_at": notice.made_at, "not_before": posted.not_before,
        "expires_at": notice.expires_at, "released_at": posted.released_at,
    }  # fmt: skip


def _wishes(given: Wishes) -> Json:
    return {"opted_out": sorted(given.opted_out), "interests": given.interests, "mail": given.mail}


def _rules(given: NoticeRules) -> Json:
    return {
        "quiet_from": given.quiet_from.strftime("%H:%M"), "quiet_until": given.quiet_until.strftime("%H:%M"),
        "most_a_day": given.most_a_day, "timezone": given.timezone,
    }  # fmt: skip


def _channel(shown: Shown) -> Json:
    channel = shown.channel
    return {
        "id": channel.id, "name": channel.name, "kind": channel.kind, "host": shown.host,
        "purposes": sorted(channel.purposes), "unit": channel.unit, "team": channel.team, "is_open": channel.is_open,
        "made_at": channel.made_at, "deliveries": {state.value: count for state, count in shown.counts.items()},
    }  # fmt: skip


def _reached(found: Reached) -> Json:
    return {
        "reaches": len(found.volunteers), "opted_out": found.opted_out, "full_today": found.full_today,
        "why": {"zh": found.why_zh, "en": found.why_en},
    }  # fmt: skip


_AT = "/regions/<region_id>"
_CHANNELS, _WISHES, _RULES = f"{_AT}/notice-channels", f"{_AT}/notice-wishes", f"{_AT}/notice-rules"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "notices", f"{_AT}/notices", notices, shapes.NoticesQuestion, shapes.NoticesTold,
            "One's own notices, or those of one's area", allowed=_PEOPLE,
        ),
        Operation(
            "notice", f"{_AT}/notices/<notice_id>", notice, account_shapes.Nothing, shapes.NoticeWays,
            "One notice: why it was sent, and which ways it went", allowed=_PEOPLE,
        ),
        Operation(
            "notice_wishes", _WISHES, wishes, account_shapes.Nothing, shapes.WishesTold,
            "What one asked for: opting out, interests, a mailbox", allowed=_PEOPLE,
        ),
        Operation(
            "notice_wishes_set", _WISHES, set_wishes, shapes.WishesDraft, shapes.WishesTold,
            "Opt out and in, at once", method="PUT", allowed=_PEOPLE,
        ),
        Operation(
            "notice_rules", _RULES, rules, account_shapes.Nothing, shapes.RulesTold, "Quiet hours and the cap a day",
            allowed=_PEOPLE,
        ),
        Operation(
            "notice_rules_set", _RULES, set_rules, shapes.RulesDraft, shapes.RulesTold,
            "Set quiet hours and the cap a day", method="PUT", allowed=_CENTRE,
        ),
        Operation(
            "notice_channel_add", _CHANNELS, add_channel, shapes.ChannelDraft, shapes.NewChannel, "Open a way out",
            method="POST", status=201, allowed=_CENTRE,
        ),
        Operation(
            "notice_channels", _CHANNELS, channels, account_shapes.Nothing, shapes.ChannelsTold,
            "The ways out of a region", allowed=_CENTRE,
        ),
        Operation(
            "notice_channel_close", f"{_CHANNELS}/<channel_id>", close_channel, account_shapes.Nothing, None,
            "Close a way out", method="DELETE", status=204, allowed=_CENTRE,
        ),
        Operation(
            "push_reach", f"{_AT}/pushes/reach", reach, shapes.AudienceDraft, shapes.ReachTold,
            "How many a push would reach", method="POST", allowed=_PUSH,
        ),
        Operation(
            "push", f"{_AT}/pushes", push, shapes.PushDraft, shapes.PushTold,
            "Tell the volunteers of an area something", method="POST", status=201, allowed=_PUSH, keyed=True,
        ),
        Operation(
            "pushes", f"{_AT}/pushes", pushes, shapes.PushesQuestion, shapes.PushesTold, "What was sent to areas",
            allowed=_PUSH,
        ),
    )
)  # fmt: skip
