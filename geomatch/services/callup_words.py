"""Use case, a part of callup_wave: what people are told in a call-up, and why they of all people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.window_words import window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.store.callup_ask_rows import Sent
    from geomatch.volunteering.callups import Callup, Post
    from geomatch.volunteering.standby import Ask

CAUSE = "callup_post"
OUTCOME = "callup_place"
_SPEED_MPS = 1000 / 900
"""The pace of the standard profile."""


def asks(
    region: Region, callup: Callup, posts: Collection[Post], sent: Iterable[Sent], at: datetime
) -> Iterator[Notice]:
    """Ask people for posts; the notice is of no use when the time to answer is over."""
    names = {site.id: site.name for site in region.sites}
    named = {post.id: post for post in posts}
    one_each = {(post.starts_at, post.ends_at): post for post in posts}
    shifts = {shift: shift_words(post, region.spec.timezone) for shift, post in one_each.items()}
    reply_by = at + callup.policy.reply_within
    clock = f"{reply_by.astimezone(ZoneInfo(region.spec.timezone)):%H:%M}"
    for each in sent:
        post = named[each.post]
        minutes = max(1, math.ceil(each.walk_m / _SPEED_MPS / 60))
        skill = post.need.skill or "不限技能"
        shift = shifts[post.starts_at, post.ends_at]
        yield Notice(
            region=callup.region,
            key=f"callup:{each.post}:{each.volunteer}",
            purpose=Purpose.CALL_UP,
            cause_kind=CAUSE,
            cause_id=each.post,
            why_zh=f"您步行约 {minutes} 分钟可到，近来被叫得少，{skill}",
            why_en=f"about {minutes} min on foot, not called much lately, {post.need.skill or 'no skill needed'}",
            body=f"【{callup.name}】{callup.words}\n{names[post.site]}，{shift}，{skill}。"
            f"请在 {clock} 前答复；人满即止，之后答复者按先后候补。",
            made_at=at,
            volunteer=each.volunteer,
            expires_at=reply_by,
            urgent=callup.urgent,
        )


def promotions(
    region: Region, callup: Callup, posts: Mapping[str, Post], promoted: Sequence[Ask], at: datetime
) -> Iterator[Notice]:
    """Tell those who stood by that they have a place."""
    names = {site.id: site.name for site in region.sites}
    for ask in promoted:
        post = posts[ask.post]
        yield Notice(
            region=callup.region,
            key=f"callup-place:{ask.id}",
            purpose=Purpose.RESULT,
            cause_kind=OUTCOME,
            cause_id=ask.id,
            why_zh="您在候补名单上，轮到您了",
            why_en="you stood by, and it is your turn",
            body=f"【{callup.name}】有人退出，您递补上岗：{names.get(post.site, post.site)}，"
            f"{shift_words(post, region.spec.timezone)}。来不了请尽快退出，好让下一位接上。",
            made_at=at,
            volunteer=ask.volunteer,
            expires_at=post.ends_at,
            urgent=callup.urgent,
        )


def shift_words(post: Post, timezone: str) -> str:
    """Say when a shift is, in the region's time."""
    return window(post.starts_at, post.ends_at, ZoneInfo(timezone))
