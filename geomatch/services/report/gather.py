"""From a question to a report: every answer, every table, every section."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from geomatch.reporting import definitions
from geomatch.reporting.document import Report
from geomatch.reporting.words import say
from geomatch.services.build_report import OSM_CREDIT
from geomatch.services.layers import made_at
from geomatch.services.report import findings, maps
from geomatch.services.report.method import files_of
from geomatch.services.report.people_tables import people_tables
from geomatch.services.report.place_tables import place_tables
from geomatch.services.report.sections import sections
from geomatch.services.report.standard_tables import standard_tables
from geomatch.services.report.summary import headline, headline_words
from geomatch.services.report.telling import Telling

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.services.report.findings import Asked, Findings

_ORDER = (
    "units", "gaps", "by_cause", "causes", "remedies", "siting", "proof", "profiles", "profile_units", "tiers",
    "tier_units", "bands", "minutes", "lorenz", "week", "kinds", "sites", "counts", "homes",
)  # fmt: skip
"""Tables as a workbook has them: what a reader asks for first, the longest last."""


def gather(region: Region, asked: Asked) -> Report:
    """Make the report of a region for one question.

    Raises:
        InputError: an impossible question, or a siting that was made for another one.
    """
    found = findings.find(region, asked)
    made = {table.key: table for make in (people_tables, standard_tables, place_tables) for table in make(found)}
    tables = {key: made[key] for key in _ORDER if key in made}
    telling = Telling(found, tables)
    language = asked.language
    terms = [column.term for table in tables.values() for column in table.columns if column.term]
    return Report(
        language=language,
        region=telling.name,
        title=say("title", language),
        question=_question(found, telling),
        made=made_at(region),
        number=_number(region, asked),
        synthetic=region.spec.synthetic,
        minutes=telling.minutes,
        limit_m=found.limit.limit_m,
        target=asked.target,
        headline=headline(telling),
        headline_words=headline_words(telling),
        sections=sections(telling),
        tables=tables,
        definitions=definitions.used(terms, language),
        sources=files_of(region, telling),
        credit=OSM_CREDIT,
    )


def _question(found: Findings, telling: Telling) -> tuple[tuple[str, str], ...]:
    asked, say_ = found.asked, telling.say
    kinds = telling.say("comma").join(say_(f"kind_{kind.value}") for kind in asked.kinds)
    return (
        (say_("question"), maps.question_text(asked)),
        (say_("target"), say_("target_text", target=telling.target)),
        (say_("kinds"), kinds or say_("all_kinds")),
    )


def _number(region: Region, asked: Asked) -> str:
    """Hash what the report stands on: the sources' bytes and the question."""
    siting = None if asked.siting is None else [asked.siting.objective, [one.id for one in asked.siting.chosen]]
    told = [
        region.spec.id, [source.sha256 for source in region.sources], asked.limit.profile,
        asked.limit.limit_m, sorted(kind.value for kind in asked.kinds), asked.target, siting,
    ]  # fmt: skip
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:12]
