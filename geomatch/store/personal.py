"""Of every column of every table: whether it is about a person, and what becomes of it when the person asks.

A column that is in no list here fails a test: nothing is kept that nobody thought of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomatch.volunteering.people import coarse_degrees
from geomatch.volunteering.retention import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

GONE = "已注销"
"""What stands where the name of somebody stood who asked to be forgotten."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What becomes of the columns of one table.

    Attributes:
        plain: columns that say nothing of a person, by themselves and beside an id.
        subjects: columns that hold the id of a volunteer or an account: rows of a person are found by them. An id stays
            and is a pseudonym, once nothing else says whose it was; ledgers stand on it.
        actors: columns that hold the id of whoever did something; the row is not about them.
        blank: column about a person -> what stands there after a deletion; a function makes it of what stood there.
        hidden: secrets, which are in no export either.
        blurred: columns among `blank` that say something of somebody else, too: an export shows them as blanked.
        goes: True where the rows of a person are deleted whole.
    """

    plain: str = ""
    subjects: str = ""
    actors: str = ""
    blank: Mapping[str, Any] = field(default_factory=dict)
    blurred: str = ""
    hidden: str = ""
    goes: bool = False

    @property
    def columns(self) -> list[str]:
        """Every column that is spoken for."""
        return [*f"{self.plain} {self.subjects} {self.actors} {self.hidden}".split(), *self.blank]


TREATMENTS: dict[str, Treatment] = {
    "accounts": Treatment(
        plain="region role unit site team is_open created_at",
        subjects="id volunteer",
        blank={"name": GONE},  # with name_key, made of the id: see services/privacy.py
        hidden="name_key secret",
    ),
    "sessions": Treatment(plain="started_at ends_at", subjects="account", hidden="hash", goes=True),
    "tokens": Treatment(
        plain="id scopes created_at ends_at revoked_at", subjects="account", blank={"name": GONE}, hidden="hash",
        goes=True,
    ),
    "sign_in_failures": Treatment(plain="id at", hidden="name_key"),  # for a quarter of an hour
    "identities": Treatment(plain="region kind", subjects="subject", hidden="key", goes=True),
    "volunteers": Treatment(
        plain="region team unit trained is_professional changed_at",
        subjects="id",
        blank={
            "number": None, "name": GONE, "phone": "", "skills": [], "certificates": [], "hours": [], "on_duty": False,
            "places": [], "languages": ["zh"], "born": None, "insured_until": None, "guardian_agreed": False,
        },
    ),
    "teams": Treatment(plain="region id name level category parent organisation unit"),
    "organisations": Treatment(plain="region id name kind unit sites"),
    "own_categories": Treatment(plain="region code name name_en"),
    "skills": Treatment(plain="region code name category needs_certificate"),
    "consents": Treatment(
        plain="id region purpose version by_guardian at withdrawn_at", subjects="subject", actors="account"
    ),
    "retention_rules": Treatment(plain="region kind days"),
    "data_requests": Treatment(plain="id region kind at", subjects="subject", actors="account"),
    "menu_services": Treatment(plain="region code category name name_en words skills certified changed_at"),
    "orders": Treatment(
        plain="id region unit site team category service need starts_at ends_at people_needed taken for_other way state"
        " moves version deadline step placed_at changed_at",
        subjects="requester",
        actors="taken_by",
        blank={
            "words": "", "lon": coarse_degrees, "lat": coarse_degrees, "address": "", "contact_name": GONE,
            "contact_phone": "", "consent": "",
        },
    ),
    "order_moves": Treatment(plain="order seq before after actor at", subjects="who", blank={"why": ""}),
    "offers": Treatment(
        plain="id region order team state phase offered_at answered_at", subjects="volunteer", actors="by",
        blank={"why": ""},
    ),
    "duties": Treatment(
        plain="id region kind subject starts_at ends_at state changed_at begun_at done_at", subjects="volunteer",
        blank={"lon": coarse_degrees, "lat": coarse_degrees}, blurred="lon lat",
    ),
    "reviews": Treatment(
        plain="order region at came_on_time did_what_was_asked would_ask_again asked_for_money", subjects="by",
        blank={"words": ""},
    ),
    "contact_looks": Treatment(plain="id region order role at", actors="account", blank={"why": ""}),
    "outbox": Treatment(
        plain="id region key purpose cause_kind cause_id why_zh why_en made_at not_before expires_at urgent state"
        " released_at told",
        subjects="volunteer account",
        blank={"body": ""},
    ),
    "deliveries": Treatment(plain="id region notice channel state tries next_at ended_at told"),
    "pushes": Treatment(plain="id region unit why_zh why_en put made_at", actors="account", blank={"body": ""}),
    "interests": Treatment(plain="region category at", subjects="reader", goes=True),
    "opt_outs": Treatment(plain="region purpose at", subjects="reader", goes=True),
    "mail_addresses": Treatment(plain="region at", subjects="reader", blank={"address": ""}, goes=True),
    "channels": Treatment(plain="id region name kind address purposes unit team is_open made_at", hidden="secret"),
    "notice_rules": Treatment(plain="region quiet_from quiet_until most_a_day timezone"),
    "jobs": Treatment(
        plain="id region kind key payload state due_at attempts holder lease_until last_error ended_at"
    ),
    "idempotency_keys": Treatment(
        plain="key asked status headers at", subjects="account", blank={"body": ""}, goes=True
    ),
    "changes": Treatment(plain="seq region what row at"),
    "scenarios": Treatment(
        plain="id region name name_key note question build_id built_at hash before after created_at updated_at version"
    ),
    "sites": Treatment(
        plain="region id name kind place parent unit hours services capacity closed_at filed edited version changed_at",
        actors="changed_by",
    ),
    "site_imports": Treatment(plain="region edition at kept"),
    "callups": Treatment(
        plain="id region name words policy urgent wave opened_at closed_at", actors="opened_by"
    ),
    "callup_posts": Treatment(plain="id callup site unit starts_at ends_at people skill certified held phase"),
    "callup_asks": Treatment(
        plain="id callup post region wave state walk_m asked_at answered_at ticket", subjects="volunteer",
        actors="swaps_with",
    ),
    "activities": Treatment(
        plain="id region title category place lon lat starts_at ends_at signup_until seats words made_at unit site team"
        " audience is_cancelled version",
        actors="made_by", hidden="secret",
    ),
    "sign_ups": Treatment(
        plain="id activity number state at checked_in_at checked_out_at", subjects="account volunteer",
        actors="checked_by",
    ),
    "published_figures": Treatment(
        plain="id region key measure value bound as_written unit team category first last published_on source at",
        actors="account",
    ),
    # choices of the matcher are kept to be made again: they name volunteers by id only
    "matchings": Treatment(plain="id region order batch phase wanted chosen record at", actors="by"),
    "matching_settings": Treatment(plain="region settings at", actors="by"),
    "blocked_pairs": Treatment(plain="region at", subjects="account volunteer", actors="by", goes=True),
    # the chain of hours and the points are ledgers: nothing in them is ever changed, and they name nobody but by id
    "hour_entries": Treatment(
        plain="region number kind cause starts_at ends_at minutes evidence entered_at counts_from note before hash",
        subjects="volunteer", actors="witness entered_by",
    ),
    "hour_heads": Treatment(plain="region number hash"),
    "hour_rules": Treatment(plain="region rounding public_days"),
    "hour_anchors": Treatment(plain="region at number hash"),
    "site_secrets": Treatment(plain="region site made_at", hidden="secret"),
    "code_failures": Treatment(plain="id at", subjects="account", goes=True),
    "hour_visits": Treatment(
        plain="id region site came_at left_at state minutes number", subjects="volunteer account open_for"
    ),
    "hour_claims": Treatment(
        plain="id region evidence site starts_at ends_at made_at state decided_at number", subjects="volunteer",
        actors="made_by decided_by", blank={"note": "", "why": ""},
    ),
    "hour_objections": Treatment(
        plain="id region number made_at state decided_at", subjects="account", actors="decided_by",
        blank={"words": "", "why": ""},
    ),
    "goods": Treatment(plain="id region site name price stock stocked is_open changed_at"),
    "point_rules": Treatment(plain="region per_hour last_days"),
    "point_balances": Treatment(plain="region balance", subjects="account"),
    "point_legs": Treatment(plain="transaction region points", subjects="account"),
    "point_transactions": Treatment(plain="id region kind cause at why", actors="who"),
    "redemptions": Treatment(
        plain="id region goods site pieces points state made_at ends_at ended_at", subjects="volunteer",
        actors="ended_by", blank={"why": ""}, hidden="code",
    ),
}  # fmt: skip
"""By the table's name."""

OF_ORDERS = frozenset({"order_moves", "contact_looks", "reviews"})
"""Tables whose rows are about whoever an order is for, as well; `order` names the order."""

CONTACTS = {"orders": ("contact_name", "contact_phone")}
"""Where a person may be named who has no account: by name and telephone number."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What is blanked, or goes, when its time is over.

    Attributes:
        table: its name.
        since: the column from which time is counted.
        columns: which are blanked, as in TREATMENTS; none where whole rows go.
        where: column -> values that it must have, for instance states in which nothing happens any more.
    """

    table: str
    since: str
    columns: tuple[str, ...] = ()
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


_OVER = {"state": ("confirmed", "reviewed", "declined", "expired", "cancelled")}
_PLACE = ("address", "contact_name", "contact_phone", "lon", "lat")
CLOCKS: dict[Kind, tuple[Clock, ...]] = {
    Kind.ORDER_CONTACTS: (
        Clock("orders", "changed_at", _PLACE, _OVER),
        Clock("duties", "ends_at", ("lon", "lat")),
    ),
    Kind.WORDS: (
        Clock("orders", "changed_at", ("words", "consent"), _OVER),
        Clock("order_moves", "at", ("why",)),
        Clock("offers", "offered_at", ("why",)),
        Clock("reviews", "at", ("words",)),
        Clock("hour_claims", "made_at", ("note", "why"), {"state": ("agreed", "refused")}),
        Clock("hour_objections", "made_at", ("words", "why"), {"state": ("upheld", "dismissed")}),
    ),
    Kind.NOTICES: (Clock("outbox", "made_at", ("body",)), Clock("pushes", "made_at", ("body",))),
    Kind.LOOKS: (Clock("contact_looks", "at"),),
    Kind.WITHDRAWN_CONSENTS: (Clock("consents", "withdrawn_at"),),
}
"""What each kind of data is, in tables; closed accounts are in services/privacy.py, since their names are unique."""
