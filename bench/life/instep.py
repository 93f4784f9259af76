"""Whether the wiki is in step with the source where people have no hand: zeros alone are cheap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bench.life.judge import Case
from bench.life.ledger import Ledger
from bench.life.snapshot import claim
from bench.life.source import Row, statements
from bench.life.values import Json, statement


def behind(case: Case, rows: Mapping[str, Row]) -> tuple[int, tuple[str, ...]]:
    """How many slots of records are free of people's hands, and in which of them the wiki lags."""
    name = case.rules.identifier
    owners = Counter(
        identifier
        for ledger in case.ledgers.values()
        for identifier in ledger.now.identifiers(name)
    )
    free, late = 0, list[str]()
    for item, ledger in case.ledgers.items():
        known = ledger.now.identifiers(name) & rows.keys()
        if len(known) != 1 or ledger.was_gone:
            continue
        (key,) = known
        if owners[key] != 1 or len(ledger.now.identifiers(name)) != 1:
            continue
        if case.served(key) - {item}:
            continue  # the record is another item's, whatever people did to that one's identifier
        for property_id, snaks, qualifiers in statements(rows[key]):
            if property_id == name or not snaks or ledger.hand_of_people(property_id):
                continue
            free += 1
            if not _says(case, ledger, snaks, qualifiers):
                late.append(f"{item} {property_id}")
    return free, tuple(late)


def _says(case: Case, ledger: Ledger, snaks: list[Json], qualifiers: list[Json]) -> bool:
    standing = [
        each
        for each in ledger.now.claims.values()
        if each.alive and not each.qualifier(case.rules.end)
    ]
    wanted = [claim(statement(snak, (), qualifiers, of="Q0"), case.rules) for snak in snaks]
    return all(
        any((each.slot, each.value) == (want.slot, want.value) for each in standing)
        for want in wanted
    )
