"""Causes and remedies as sentences, in Chinese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from geomatch.planning.causes.found import CauseKind, RemedyKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomatch.network.profiles import Limit
    from geomatch.planning.causes.found import Cause, Obstacle, Remedy

    Language = Literal["zh", "en"]

_CAUSES = {
    "zh": {
        CauseKind.NONE_NEAR: "附近没有站点：直线 {limit} 米内一个也没有",
        CauseKind.BARRIER: "被{obstacle}隔开：{site}直线 {straight} 米，步行却要 {walk} 米",
        CauseKind.DETOUR: "路绕：{site}直线 {straight} 米，沿街走要 {walk} 米",
        CauseKind.CLOSED: "没有开门的站点：{site}步行 {walk} 米，但这时关门或时间未知",
        CauseKind.STEPS: "要走台阶{between}：没有台阶就走得到{site}",
        CauseKind.PACE: "走得慢：成人同样的时间走得到，步行 {walk} 米",
        CauseKind.HOME_OFF: "数据问题：住处附近没有可走的街道",
        CauseKind.ISLAND: "数据问题：这里的街道与有站点的路网不相连{across}",
        CauseKind.SITE_OFF: "数据问题：{site}的位置不在街道旁，等于没有",
    },
    "en": {
        CauseKind.NONE_NEAR: "no site near: none within {limit} m even as the crow flies",
        CauseKind.BARRIER: "cut off by {obstacle}: {site} is {straight} m away, the walk is {walk} m",
        CauseKind.DETOUR: "streets wind: {site} is {straight} m away, the walk is {walk} m",
        CauseKind.CLOSED: "not known to be open at that hour: {site}, {walk} m on foot",
        CauseKind.STEPS: "steps on the way{between}: without them {site} would be within reach",
        CauseKind.PACE: "a slower walk: an adult gets there in the same minutes, {walk} m",
        CauseKind.HOME_OFF: "data: no street near the homes that may be walked",
        CauseKind.ISLAND: "data: the streets here join no streets with a site{across}",
        CauseKind.SITE_OFF: "data: {site} stands at no street, so nobody reaches it",
    },
}
_REMEDIES = {
    "zh": {
        RemedyKind.SHOP: "在 {site} 开驿站",
        RemedyKind.SITE: "在{place}开新站",
        RemedyKind.HOURS: "{site}这时也开门",
        RemedyKind.BRIDGE: "{between}架天桥或开过街通道，跨{crosses}，{length} 米",
        RemedyKind.GATE: "{between}开一道门，{length} 米",
        RemedyKind.PATH: "{between}打通小路，{length} 米",
        RemedyKind.RAMP: "{between}修坡道，绕开台阶，{length} 米",
        RemedyKind.PLACE: "改正 {site} 的位置，移到街边",
    },
    "en": {
        RemedyKind.SHOP: "open a partner shop at {site}",
        RemedyKind.SITE: "a new site {place}",
        RemedyKind.HOURS: "longer hours at {site}, so that it is open then",
        RemedyKind.BRIDGE: "a footbridge or crossing over {crosses} {between}, {length} m",
        RemedyKind.GATE: "a gate {between}, {length} m",
        RemedyKind.PATH: "a path {between}, {length} m",
        RemedyKind.RAMP: "a ramp past the steps {between}, {length} m",
        RemedyKind.PLACE: "set {site} right, to its street",
    },
}
_OBSTACLES = {
    "zh": {
        "water": "河湖", "railway": "铁路", "road": "禁止步行的道路", "compound": "封闭院落", "wall": "围墙",
        "steps": "台阶",
    },
    "en": {
        "water": "water", "railway": "a railway", "road": "a road closed to walkers", "compound": "private land",
        "wall": "a wall", "steps": "steps",
    },
}  # fmt: skip
_SITE = {"zh": "最近的站点", "en": "the nearest site"}


def cause(told: Cause, limit: Limit, names: Mapping[str, str], language: Language = "zh") -> str:
    """Say why, in one sentence.

    Args:
        told: the cause.
        limit: how far is within reach.
        names: of the sites, by id.
        language: "zh" or "en".
    """
    apart, between = ("，隔着", " ") if language == "zh" else ("; between is ", " ")
    across = "" if told.obstacle is None else apart + obstacle(told.obstacle, language)
    return _CAUSES[language][told.kind].format(
        limit=_metres(limit.limit_m),
        site=_SITE[language] if told.site is None else names[told.site],
        straight=_metres(told.straight_m),
        walk=_metres(told.walk_m),
        obstacle="" if told.obstacle is None else obstacle(told.obstacle, language),
        across=across,
        between=f"{between}{_between(told.streets, (), language)}".rstrip() if told.streets else "",
    )


def remedy(told: Remedy, language: Language = "zh") -> str:
    """Say what could be done, in one sentence; whom it wins is left to the figures."""
    crosses = ("、" if language == "zh" else " and ").join(obstacle(one, language) for one in told.crosses)
    return _REMEDIES[language][told.kind].format(
        site="" if told.site is None else told.site.name or told.site.id,
        place=_place(told, language),
        between="" if told.length_m is None else _between(told.streets, told.spots, language),
        crosses=crosses,
        length=_metres(told.length_m),
    )


def obstacle(told: Obstacle, language: Language = "zh") -> str:
    """Name what is between."""
    return told.name or _OBSTACLES[language][told.kind]


def _between(streets: Sequence[str], spots: Sequence[tuple[float, float]], language: Language) -> str:
    """Say between which two streets; by their places where the extract has no names."""
    ends = [name or _degrees(spot) for name, spot in zip(streets, spots, strict=True)] if spots else list(streets)
    ends = list(dict.fromkeys(filter(None, ends)))
    if len(ends) == 1:
        return f"在{ends[0]}一带" if language == "zh" else f"near {ends[0]}"
    return f"在{'与'.join(ends)}之间" if language == "zh" else f"between {' and '.join(ends)}"


def _place(told: Remedy, language: Language) -> str:
    streets = list(filter(None, told.streets))[:2]
    if not streets:
        spot = _degrees(told.spots[0])
        return f" {spot} " if language == "zh" else f"at {spot}"
    if len(streets) == 1:
        return f"{streets[0]}旁" if language == "zh" else f"by {streets[0]}"
    return f"{'与'.join(streets)}路口" if language == "zh" else f"where {' and '.join(streets)} meet"


def _degrees(spot: tuple[float, float]) -> str:
    return f"{spot[0]:.5f}, {spot[1]:.5f}"


def _metres(metres: float | None) -> str:
    return "-" if metres is None else f"{metres:,.0f}"
