"""The one table of operations: the routes and the OpenAPI document are both made from it."""

from __future__ import annotations

from dataclasses import replace

from geomatch.web.api import accounts as accounts_api
from geomatch.web.api import activities as activities_api
from geomatch.web.api import answers, handlers, questions
from geomatch.web.api import areas as areas_api
from geomatch.web.api import callups as callups_api
from geomatch.web.api import causes as causes_api
from geomatch.web.api import fairness as fairness_api
from geomatch.web.api import hour_claims as hour_claims_api
from geomatch.web.api import hours as hours_api
from geomatch.web.api import live_sites as live_sites_api
from geomatch.web.api import matching as matching_api
from geomatch.web.api import menu as menu_api
from geomatch.web.api import minutes as minutes_api
from geomatch.web.api import notices as notices_api
from geomatch.web.api import order_taking as order_taking_api
from geomatch.web.api import orders as orders_api
from geomatch.web.api import organisations as organisations_api
from geomatch.web.api import people as people_api
from geomatch.web.api import people_files as people_files_api
from geomatch.web.api import privacy as privacy_api
from geomatch.web.api import report as report_api
from geomatch.web.api import scenario_compare as compare_api
from geomatch.web.api import scenario_places as scenario_places_api
from geomatch.web.api import scenario_shapes as shapes
from geomatch.web.api import scenarios as scenarios_api
from geomatch.web.api import shop as shop_api
from geomatch.web.api import siting as siting_api
from geomatch.web.api import standards as standards_api
from geomatch.web.api import statistics as statistics_api
from geomatch.web.api import whatif as whatif_api
from geomatch.web.api.operation import GEOJSON, Operation
from geomatch.web.guard import ANYBODY

_OPEN = (
    Operation(
        "regions",
        "/regions",
        handlers.regions,
        questions.RegionsQuestion,
        answers.Regions,
        "The regions that are served",
        kept=True,
    ),
    Operation(
        "nearest_anywhere",
        "/nearest",
        handlers.nearest_anywhere,
        questions.NearestQuestion,
        answers.Nearest,
        "The sites nearest to a point by walking, in the region that holds it",
        media=GEOJSON,
    ),
    Operation(
        "sites",
        "/regions/<region_id>/sites",
        handlers.sites,
        questions.SitesQuestion,
        answers.Sites,
        "The sites of a region",
        media=GEOJSON,
        kept=True,
    ),
    Operation(
        "nearest",
        "/regions/<region_id>/nearest",
        handlers.nearest,
        questions.NearestQuestion,
        answers.Nearest,
        "The sites of a region nearest to a point by walking",
        media=GEOJSON,
    ),
    Operation(
        "lookup",
        "/regions/<region_id>/lookup",
        handlers.lookup,
        questions.LookupQuestion,
        answers.Lookup,
        "The nearest sites of many points",
        method="POST",
    ),
    Operation(
        "circles",
        "/regions/<region_id>/circles",
        handlers.circles,
        questions.CirclesQuestion,
        answers.Circles,
        "The ground from which sites, or a point, can be walked to",
        media=GEOJSON,
        kept=True,
    ),
    Operation(
        "coverage",
        "/regions/<region_id>/coverage",
        handlers.coverage,
        questions.CoverageQuestion,
        answers.Coverage,
        "Who has a site within reach, township by township",
        kept=True,
    ),
    Operation(
        "gaps",
        "/regions/<region_id>/gaps",
        handlers.gaps,
        questions.GapsQuestion,
        answers.Gaps,
        "Where people live with no site within reach",
        media=GEOJSON,
        kept=True,
    ),
    Operation(
        "causes",
        "/regions/<region_id>/causes",
        causes_api.causes,
        causes_api.CausesQuestion,
        causes_api.Causes,
        "Why each gap is there, and what-ifs that would win its people",
        kept=True,
    ),
    Operation(
        "standards",
        "/regions/<region_id>/standards",
        standards_api.standards,
        standards_api.StandardsQuestion,
        standards_api.Standards,
        "Who keeps the standards: every preset, a target, pass or fail by township",
        kept=True,
    ),
    Operation(
        "profiles",
        "/regions/<region_id>/profiles",
        standards_api.profiles,
        standards_api.ProfilesQuestion,
        standards_api.Profiles,
        "Who has a site within reach, every profile side by side",
        kept=True,
    ),
    Operation(
        "minutes",
        "/regions/<region_id>/minutes",
        minutes_api.minutes,
        questions.CoverageQuestion,
        minutes_api.MinutesToNearest,
        "How many minutes people walk to their nearest site, as a distribution",
        kept=True,
    ),
    Operation(
        "fairness",
        "/regions/<region_id>/fairness",
        fairness_api.fairness,
        questions.CoverageQuestion,
        fairness_api.Fairness,
        "How unevenly people walk: over-claim, Gini, Lorenz curve, supply within reach (2SFCA)",
        kept=True,
    ),
    Operation(
        "criticality",
        "/regions/<region_id>/criticality",
        fairness_api.criticality,
        questions.CoverageQuestion,
        fairness_api.Criticality,
        "All sites, ranked by the people who lose their cover if that one closes",
        media=GEOJSON,
        kept=True,
    ),
    Operation(
        "week",
        "/regions/<region_id>/week",
        fairness_api.week,
        fairness_api.WeekQuestion,
        fairness_api.Week,
        "Who has an open site within reach, hour by hour of a week",
        kept=True,
    ),
    Operation(
        "sensitivity",
        "/regions/<region_id>/sensitivity",
        fairness_api.sensitivity,
        questions.CoverageQuestion,
        fairness_api.Sensitivity,
        "How far the headline moves with speed and access legs",
        kept=True,
    ),
    Operation(
        "areas",
        "/regions/<region_id>/areas",
        areas_api.areas,
        questions.CoverageQuestion,
        areas_api.Areas,
        "Each home to its nearest site: areas that tile the covered ground",
        media=GEOJSON,
        kept=True,
    ),
    Operation(
        "siting",
        "/regions/<region_id>/siting",
        siting_api.siting,
        siting_api.SitingQuestion,
        siting_api.SitingFigures,
        "Which places to open beside the sites that there are, and how near that is to the best",
        method="POST",
    ),
    Operation(
        "whatif",
        "/regions/<region_id>/whatif",
        whatif_api.whatif,
        whatif_api.WhatIfQuestion,
        whatif_api.WhatIfFigures,
        "Coverage if sites came, went or moved, or a footbridge or gate were there; nothing is saved",
        method="POST",
    ),
    Operation(
        "scenario_save",
        "/regions/<region_id>/scenarios",
        scenarios_api.save,
        shapes.ScenarioDraft,
        shapes.Scenario,
        "Save a what-if under a name",
        method="POST",
        status=201,
        stored=True,
    ),
    Operation(
        "scenarios",
        "/regions/<region_id>/scenarios",
        scenarios_api.listed,
        shapes.ScenariosQuestion,
        shapes.Scenarios,
        "The saved what-ifs of a region",
        stored=True,
    ),
    Operation(
        "scenario",
        "/scenarios/<scenario_id>",
        scenarios_api.opened,
        shapes.ScenarioQuestion,
        shapes.Scenario,
        "One saved what-if, with its figures then and now",
        stored=True,
    ),
    Operation(
        "scenario_change",
        "/scenarios/<scenario_id>",
        scenarios_api.change,
        shapes.ScenarioDraft,
        shapes.Scenario,
        "Write a saved what-if over",
        method="PUT",
        if_match="required",
        stored=True,
    ),
    Operation(
        "scenario_delete",
        "/scenarios/<scenario_id>",
        scenarios_api.remove,
        shapes.ScenarioEnd,
        None,
        "Delete a saved what-if",
        method="DELETE",
        status=204,
        if_match="optional",
        stored=True,
    ),
    Operation(
        "scenario_file",
        "/scenarios/<scenario_id>/file",
        scenarios_api.file,
        shapes.ScenarioEnd,
        shapes.ScenarioFile,
        "A saved what-if as a file that can be saved again",
        stored=True,
    ),
    Operation(
        "scenario_places",
        "/scenarios/<scenario_id>/geojson",
        scenario_places_api.scenario_places,
        shapes.ScenarioQuestion,
        scenario_places_api.ScenarioPlaces,
        "The sites and links of a saved what-if as a file for other tools",
        media=GEOJSON,
        stored=True,
    ),
    Operation(
        "scenario_compare",
        "/scenarios/compare",
        compare_api.compare,
        compare_api.CompareQuestion,
        compare_api.Comparison,
        "Two saved what-ifs side by side, or one beside the region as it is",
        stored=True,
    ),
    Operation(
        "scenario_compare_map",
        "/scenarios/compare/map",
        compare_api.compare_map,
        compare_api.CompareQuestion,
        compare_api.CompareMap,
        "The ground on which two saved what-ifs differ",
        media=GEOJSON,
        stored=True,
    ),
    *report_api.OPERATIONS,
    *menu_api.OPEN,
)
"""What the contract opens to everybody: streets, sites, plans."""

_GUARDED = (
    *live_sites_api.OPERATIONS,
    *accounts_api.OPERATIONS,
    *people_api.OPERATIONS,
    *people_files_api.OPERATIONS,
    *notices_api.OPERATIONS,
    *hours_api.OPERATIONS,
    *hour_claims_api.OPERATIONS,
    *shop_api.OPERATIONS,
    *organisations_api.OPERATIONS,
    *matching_api.OPERATIONS,
    *privacy_api.OPERATIONS,
    *activities_api.OPERATIONS,
    *statistics_api.OPERATIONS,
    *callups_api.OPERATIONS,
)

_ORDERS = (*menu_api.OPERATIONS, *orders_api.OPERATIONS, *order_taking_api.OPERATIONS)

OPERATIONS = (*(replace(operation, allowed=ANYBODY) for operation in _OPEN), *_GUARDED, *_ORDERS)
