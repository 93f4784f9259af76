"""Who may run now, and who said stop: leases and the stop pages as they were seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from bots.core.plan import Target
from bots.core.stop import Stop
from bots.core.store.records import LeaseHeld, StopSeen, lease_of, stop_of
from bots.core.store.schema import leases, stops


class Control:
    """The part of the store that holds bots back."""

    engine: Engine

    def take_lease(self, name: str, holder: str, now: datetime, seconds: float) -> LeaseHeld:
        """Take or renew a lease; what is in the store afterwards, which may be another's."""
        values = {"holder": holder, "expires": now + timedelta(seconds=seconds)}
        for _attempt in range(2):
            try:
                with self.engine.begin() as connection:
                    _renew_or_take(connection, name, values, now)
            except (IntegrityError, OperationalError):
                continue  # MariaDB: another process took it in the same instant
            break
        with self.engine.connect() as connection:
            held = _lease(connection, name)
        return held or LeaseHeld(name, "", now, now)

    def end_lease(self, name: str, holder: str) -> None:
        """Give up a lease, if it is `holder`'s."""
        with self.engine.begin() as connection:
            connection.execute(
                delete(leases).where(leases.c.name == name, leases.c.holder == holder)
            )

    def leases(self) -> list[LeaseHeld]:
        """All leases that are held, expired ones too."""
        with self.engine.connect() as connection:
            return [lease_of(row) for row in connection.execute(select(leases))]

    def see_stop(self, bot: str, site: str, stop: Stop | None, now: datetime) -> None:
        """Keep what the stop pages said when the bot last looked."""
        target = stop.target if stop else Target(site, "")
        values = {
            "checked": now,
            "site": target.site,
            "title": target.title,
            "stopped": int(stop is not None),
            "user": stop.user if stop else "",
            "since": stop.timestamp if stop else None,
            "revid": stop.revid if stop else 0,
            "text": stop.text if stop else "",
        }
        with self.engine.begin() as connection:
            connection.execute(delete(stops).where(stops.c.bot == bot))
            connection.execute(insert(stops).values(bot=bot, **values))

    def stops(self) -> list[StopSeen]:
        """The stop pages as each bot last saw them."""
        with self.engine.connect() as connection:
            return [stop_of(row) for row in connection.execute(select(stops))]


def _lease(connection: Connection, name: str, *, lock: bool = False) -> LeaseHeld | None:
    query = select(leases).where(leases.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return lease_of(row) if row else None


def _renew_or_take(
    connection: Connection, name: str, values: Mapping[str, object], now: datetime
) -> None:
    renewed = connection.execute(
        update(leases)
        .where(leases.c.name == name, leases.c.holder == values["holder"])
        .values(expires=values["expires"])
    )
    if renewed.rowcount:
        return
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.expires <= now))
    if _lease(connection, name, lock=True) is None:
        connection.execute(insert(leases).values(name=name, since=now, **values))
