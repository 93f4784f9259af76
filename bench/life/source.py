"""The partner's dataset, month by month: made by a seed, it changes as partners' datasets do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from bench.life.values import (
    AS_OF,
    DIRECTOR,
    DIRECTORS,
    FIELDS,
    FOUNDED,
    HOLDINGS,
    IDENTIFIER,
    PHONE,
    SUBJECTS,
    VISITORS,
    WEBSITE,
    Json,
    snak,
)

COLUMNS = (
    "isil", "name", "short", "town", "founded", "holdings", "holdings_year",
    "phone", "website", "director", "subjects", "visitors", "visitors_year",
)  # fmt: skip
BETWEEN = ";"
_PROPERTIES = {
    "founded": FOUNDED,
    "holdings": HOLDINGS,
    "phone": PHONE,
    "website": WEBSITE,
    "director": DIRECTOR,
    "subjects": FIELDS,
    "visitors": VISITORS,
}
_CHANGES = (0.03, 0.012, 0.012, 0.02)
"""How often a month a field gets another value, none, an old one, another spelling."""

Row = dict[str, str]


@dataclass(frozen=True)
class Release:
    """What the partner published in one month: rows by the record's key."""

    month: int
    rows: Mapping[str, Row]


def releases(records: int, months: int, seed: int) -> list[Release]:
    """The releases of so many months; about that many records in each."""
    rng = Random(seed)
    rows = {row["isil"]: row for row in (_new(number, rng) for number in range(1, records + 1))}
    made, shelved, past = [Release(0, rows)], dict[str, Row](), dict[tuple[str, str], str]()
    number = records
    for month in range(1, months):
        rows = {key: _next_month(row, past, month, rng) for key, row in rows.items()}
        for key in [key for key in rows if rng.random() < 0.006]:
            shelved[key] = rows.pop(key)
        for key in [key for key in shelved if rng.random() < 0.25]:
            rows[key] = shelved.pop(key)
        for _ in range(rng.randrange(1, 3 + records // 100)):
            number += 1
            rows |= {(row := _new(number, rng))["isil"]: row}
        made.append(Release(month, rows))
    return made


def statements(row: Row) -> Iterator[tuple[str, list[Json], list[Json]]]:
    """What a row says: of each property the values, and the qualifiers that each of them has."""
    for column, property_id in _PROPERTIES.items():
        texts = [text for text in row[column].split(BETWEEN) if text]
        if column in ("director", "subjects"):
            names = DIRECTORS | SUBJECTS
            texts = [names[text] for text in texts]
        year = row.get(f"{column}_year")
        qualifiers = [snak(AS_OF, year)] if year and texts else []
        yield property_id, [snak(property_id, text) for text in texts], qualifiers
    yield IDENTIFIER, [snak(IDENTIFIER, row["isil"])], []


def aliases(row: Row) -> list[str]:
    return [text for text in row["short"].split(BETWEEN) if text]


def description(row: Row) -> str:
    return f"museum in {row['town']}" if row["town"] else ""


def _new(number: int, rng: Random) -> Row:
    row = {
        "isil": f"XX-{number:05}",
        "name": f"Museum {number}",
        "town": f"Town {rng.randrange(60)}",
        "holdings_year": "2025",
        "visitors_year": "2025",
    }
    return {name: row.get(name) or _value(name, number, rng) for name in COLUMNS}


def _value(column: str, number: int, rng: Random) -> str:
    match column:
        case "name":
            return f"Museum {number}{rng.choice('abc')}"
        case "town":
            return f"Town {rng.randrange(60)}"
        case "short":
            return BETWEEN.join(f"M{number}{sign}" for sign in "xyz" if rng.random() < 0.5)
        case "founded":
            return str(rng.randrange(1750, 2000))
        case "phone":
            return f"+99 {number:05} {rng.randrange(10**4):04}"
        case "website":
            return f"https://museum-{number}.example/{rng.randrange(10**3)}"
        case "director":
            return rng.choice(list(DIRECTORS)[:20])
        case "subjects":
            return BETWEEN.join(rng.sample(list(SUBJECTS)[:14], rng.randrange(1, 4)))
        case "holdings_year" | "visitors_year":
            return str(rng.randrange(2020, 2027))
    return str(rng.randrange(10**3, 10**6))


def _next_month(row: Row, past: dict[tuple[str, str], str], month: int, rng: Random) -> Row:
    changed = dict(row)
    number = int(row["isil"][3:])
    for column in COLUMNS[1:]:
        chance = rng.random()
        old = past.get((row["isil"], column))
        another, none, again, otherwise = _CHANGES
        if chance < another:
            changed[column] = _value(column, number, rng)
        elif (chance := chance - another) < none and column not in _ALWAYS:
            changed[column] = ""
        elif (chance := chance - none) < again and old:
            changed[column] = old
        elif chance - again < otherwise and column == "phone":
            changed[column] = row[column].replace(" ", "") or _value(column, number, rng)
        if changed[column] != row[column]:
            past[row["isil"], column] = row[column] or old or ""
    return changed


_ALWAYS = frozenset({"name", "holdings_year", "visitors_year"})
