"""A choice in words: why this volunteer, why not the others, and what was missing where nobody could come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.volunteering.matching import BAR_NAMES, Factors, Miss

if TYPE_CHECKING:
    from geomatch.volunteering.matching import Choice

LANGUAGES = ("zh", "en")
_MINUTE_S = 60.0
_LIKELY, _UNLIKELY = 0.7, 0.3


def why(factors: Factors, language: str = "zh") -> str:
    """Say why somebody stands where it stands, what speaks for it first."""
    return "；".join(_zh(factors)) if language == "zh" else "; ".join(_en(factors))


def _zh(factors: Factors) -> list[str]:
    said = [f"步行 {_minutes(factors.walk_s)} 分钟"]
    said.append(f"近30天服务 {factors.load} 次" if factors.load else "近30天还没有任务")
    if factors.trained:
        said.append(f"完成培训 {factors.trained} 次")
    if factors.rest_s < 0:
        said.append("已有一段时间没有被叫到")
    if factors.chance >= _LIKELY:
        said.append("多半会接单")
    elif factors.chance <= _UNLIKELY:
        said.append("不太会接单")
    return said


def _en(factors: Factors) -> list[str]:
    said = [f"{_minutes(factors.walk_s)} min on foot"]
    said.append(_counted(factors.load, "task") + " in 30 days" if factors.load else "no task in 30 days")
    if factors.trained:
        said.append(_counted(factors.trained, "training"))
    if factors.rest_s < 0:
        said.append("not called for a while")
    if factors.chance >= _LIKELY:
        said.append("likely to accept")
    elif factors.chance <= _UNLIKELY:
        said.append("unlikely to accept")
    return said


def why_not(other: Factors | Miss, language: str = "zh") -> str:
    """Say why somebody nearer was not asked first."""
    at = LANGUAGES.index(language)
    if isinstance(other, Miss):
        return ("、" if at == 0 else ", ").join(BAR_NAMES[bar][at] for bar in other.bars)
    return (f"排第 {other.rank}：{why(other)}", f"ranked {other.rank}: {why(other, 'en')}")[at]


def why_nobody(choice: Choice, language: str = "zh") -> str:
    """Say which bars kept everybody away, the commonest first, and who was nearest to fitting; empty where some may."""
    if choice.eligible:
        return ""
    at = LANGUAGES.index(language)
    if choice.nearest_miss is None:
        return ("附近没有志愿者", "there is no volunteer around")[at]
    kept = sorted(choice.barred.items(), key=lambda item: -item[1])
    counts = ("，" if at == 0 else ", ").join(_kept(BAR_NAMES[bar][at], count, at) for bar, count in kept)
    missing = why_not(choice.nearest_miss, language)
    return (f"{counts}。最接近的一位只差：{missing}", f"{counts}. Nearest to fitting, but: {missing}")[at]


def why_missing(choice: Choice, language: str = "zh") -> str:
    """Say why nobody, or too few, were found for an order of a batch: none may, or others needed those who may."""
    told = (
        f"可来的 {choice.eligible} 人要么已派出，要么派给了同批的其他单",
        f"of the {choice.eligible} who may come, others of the batch were given those who are missing",
    )
    return told[LANGUAGES.index(language)] if choice.eligible else why_nobody(choice, language)


def _kept(words: str, count: int, at: int) -> str:
    return (f"{count} 人{words}", f"{count}: {words}")[at]


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / _MINUTE_S))
