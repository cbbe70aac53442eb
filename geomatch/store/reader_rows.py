"""Those who read notices: what they do not want, where they want to be written to, and which area is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, func, insert, select

from geomatch.store import faults, new_rows
from geomatch.store.among import among, plain, texts
from geomatch.store.tables.accounts import accounts
from geomatch.store.tables.notices import mail_addresses, opt_outs
from geomatch.store.tables.people import volunteers
from geomatch.store.tables.pushes import interests
from geomatch.volunteering.channels import Reader, Wishes
from geomatch.volunteering.notices import Purpose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

_AT_A_TIME = 500
# made once: the worker asks these of every few notices
_OPTED_OUT = select(opt_outs.c.reader, opt_outs.c.purpose).where(
    opt_outs.c.region == bindparam("of"), among(opt_outs.c.reader, texts("readers"))
)
_MAILS = select(mail_addresses.c.reader, mail_addresses.c.address).where(
    mail_addresses.c.region == bindparam("of"), among(mail_addresses.c.reader, texts("readers"))
)
_AREAS = tuple(
    select(table.c.id, table.c.unit, table.c.team).where(
        plain(table.c.region) == bindparam("of"), among(table.c.id, texts("readers"))
    )
    for table in (volunteers, accounts)
)


class ReaderRows:
    """The readers of all regions, inside one unit of work; each is the id of a volunteer or an account."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def opt_out(self, region: str, reader: str, purpose: Purpose, at: datetime) -> None:
        """Note that somebody wants no notices of a purpose; said again it stays as it was."""
        row = {"region": region, "reader": reader, "purpose": purpose.value, "at": at}
        new_rows.written(self._connection, insert(opt_outs).values(row))

    def opt_in(self, region: str, reader: str, purpose: Purpose) -> None:
        """Note that somebody wants them again."""
        mine = and_(opt_outs.c.region == region, opt_outs.c.reader == reader, opt_outs.c.purpose == purpose.value)
        with faults.told():
            self._connection.execute(delete(opt_outs).where(mine))

    def opted_out(self, region: str, readers: Collection[str]) -> frozenset[tuple[str, Purpose]]:
        """Give who of these wants no notices of what."""
        with faults.told():
            rows = self._connection.execute(_OPTED_OUT, {"of": region, "readers": list(readers)}).all()
        return frozenset((reader, Purpose(purpose)) for reader, purpose in rows)

    def out_of(self, region: str, purpose: Purpose) -> frozenset[str]:
        """Give everybody of a region who wants no notices of a purpose."""
        mine = and_(opt_outs.c.region == region, opt_outs.c.purpose == purpose.value)
        with faults.told():
            return frozenset(self._connection.execute(select(opt_outs.c.reader).where(mine)).scalars())

    def set_mail(self, region: str, reader: str, address: str | None, at: datetime) -> None:
        """Note where somebody wants to be written to; None for nowhere."""
        mine = and_(mail_addresses.c.region == region, mail_addresses.c.reader == reader)
        with faults.told():
            self._connection.execute(delete(mail_addresses).where(mine))
            if address is not None:
                row = {"region": region, "reader": reader, "address": address, "at": at}
                self._connection.execute(insert(mail_addresses).values(row))

    def set_interests(self, region: str, reader: str, categories: Collection[str], at: datetime) -> None:
        """Note which categories somebody wants to hear about, in place of those before."""
        mine = and_(interests.c.region == region, interests.c.reader == reader)
        rows = [{"region": region, "reader": reader, "category": each, "at": at} for each in sorted(set(categories))]
        with faults.told():
            self._connection.execute(delete(interests).where(mine))
            if rows:
                self._connection.execute(insert(interests), rows)

    def wishes(self, region: str, reader: str) -> Wishes:
        """Give what somebody asked for."""
        out = frozenset(purpose for _, purpose in self.opted_out(region, [reader]))
        about = select(interests.c.category).where(interests.c.region == region, interests.c.reader == reader)
        mail = select(mail_addresses.c.address).where(
            mail_addresses.c.region == region, mail_addresses.c.reader == reader
        )
        with faults.told():
            categories = tuple(self._connection.execute(about.order_by(interests.c.category)).scalars())
            return Wishes(out, categories, self._connection.execute(mail).scalar_one_or_none())

    def names(self, region: str, of: Collection[str]) -> dict[str, str]:
        """Give the names of accounts: those of the volunteers that they are, else what they sign in by."""
        found: dict[str, str] = {}
        for some in _parts(of):
            query = (
                select(accounts.c.id, func.coalesce(volunteers.c.name, accounts.c.name).label("name"))
                .outerjoin(volunteers, volunteers.c.id == accounts.c.volunteer)
                .where(accounts.c.region == region, accounts.c.id.in_(some))
            )
            with faults.told():
                found |= {row.id: row.name for row in self._connection.execute(query).all()}
        return found

    def people(self, region: str, of: Collection[str]) -> dict[str, str]:
        """Give the names of people by the id of a volunteer or of an account; who is not there is left out."""
        found = self.names(region, of)
        for some in _parts(of):
            query = select(volunteers.c.id, volunteers.c.name).where(
                volunteers.c.region == region, volunteers.c.id.in_(some)
            )
            with faults.told():
                found |= {row.id: row.name for row in self._connection.execute(query).all()}
        return found

    def known(self, region: str, readers: Collection[str]) -> dict[str, Reader]:
        """Give the area and the mailbox of these, by id; who is not there is left out."""
        given = {"of": region, "readers": list(readers)}
        with faults.told():
            mails = {row.reader: row.address for row in self._connection.execute(_MAILS, given)}
            areas = [row for query in _AREAS for row in self._connection.execute(query, given).all()]
        return {reader: Reader(unit, team, mails.get(reader)) for reader, unit, team in areas}


def _parts(readers: Collection[str]) -> Iterator[list[str]]:
    named = sorted(readers)
    for start in range(0, len(named), _AT_A_TIME):
        yield named[start : start + _AT_A_TIME]
