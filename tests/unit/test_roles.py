"""Every role sees its own area's rows and no others."""

from __future__ import annotations

import pytest

from geomatch.volunteering.roles import Principal, Role, Scope, scope_of

HERE = {"region": "haidian", "unit": "学院路街道", "site": "S1", "team": "T1"}
"""The area of a row."""


def who(role: Role, **area: str) -> Principal:
    """Somebody of a role in Haidian."""
    return Principal("a1", role, "haidian", **area)


@pytest.mark.parametrize(
    ("principal", "sees"),
    [
        (who(Role.CENTRE), True),
        (who(Role.AUDITOR), True),
        (who(Role.OFFICE, unit="学院路街道"), True),
        (who(Role.OFFICE, unit="中关村街道"), False),
        (who(Role.OFFICE), False),
        (who(Role.STATION, site="S1"), True),
        (who(Role.STATION, site="S2"), False),
        (who(Role.STATION), False),
        (who(Role.LEADER, team="T1"), True),
        (who(Role.LEADER, team="T2"), False),
        (who(Role.LEADER), False),
        (who(Role.VOLUNTEER, volunteer="v1"), False),
        (who(Role.RESIDENT), False),
        (who(Role.PROGRAM), True),
        (who(Role.PROGRAM, unit="中关村街道"), False),
        (Principal("a1", Role.CENTRE, "ledu"), False),
    ],
)
def test_a_row_is_seen_by_its_area(principal: Principal, sees: bool) -> None:  # noqa: FBT001 - a column of the table
    """A row of one area that somebody else made, looked at by everyone."""
    assert scope_of(principal).holds(**HERE, accounts=frozenset({"a2"}), volunteers=frozenset({"v2"})) is sees


def test_people_see_what_is_theirs() -> None:
    """A resident sees an order that it made; a volunteer what is offered to it."""
    assert scope_of(who(Role.RESIDENT)).holds(**HERE, accounts=frozenset({"a1"}))
    assert scope_of(who(Role.VOLUNTEER, volunteer="v1")).holds(**HERE, volunteers=frozenset({"v1"}))


def test_someone_without_a_volunteer_is_not_the_volunteer_of_nobody() -> None:
    """A row without a volunteer is not seen by an account without one."""
    assert not Scope("haidian", account="a1").holds(**HERE, volunteers=frozenset())


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_scope(role: Role) -> None:
    """No role falls through, and none sees another region."""
    assert scope_of(who(role)).region == "haidian"
