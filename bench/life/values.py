"""Properties and items of the simulated wiki, and values as Wikibase's JSON has them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

IDENTIFIER, FOUNDED, HOLDINGS, PHONE, WEBSITE, DIRECTOR, FIELDS, VISITORS = (
    "P791", "P571", "P1436", "P1329", "P856", "P1037", "P101", "P1174",
)  # fmt: skip
AS_OF, END, STATED_IN, RETRIEVED, REFERENCE_URL, PAGES, APPLIES_TO = (
    "P585", "P582", "P248", "P813", "P854", "P304", "P518",
)  # fmt: skip
DATATYPES = {
    IDENTIFIER: "external-id",
    FOUNDED: "time",
    HOLDINGS: "quantity",
    PHONE: "string",
    WEBSITE: "url",
    DIRECTOR: "wikibase-item",
    FIELDS: "wikibase-item",
    VISITORS: "quantity",
    AS_OF: "time",
    END: "time",
    STATED_IN: "wikibase-item",
    RETRIEVED: "time",
    REFERENCE_URL: "url",
    PAGES: "string",
    APPLIES_TO: "wikibase-item",
}
OURS = (FOUNDED, HOLDINGS, PHONE, WEBSITE, DIRECTOR, FIELDS, VISITORS)
"""What the dataset speaks of, beside the identifier."""
SINGLE = (FOUNDED, HOLDINGS, PHONE, WEBSITE, DIRECTOR, VISITORS)

DATASET, SECOND_DATASET, NEWSPAPER, DEPARTMENT = "Q9001", "Q9002", "Q9003", "Q9004"
DATASETS = (DATASET, SECOND_DATASET)
DIRECTORS = {f"Director {number}": f"Q{9100 + number}" for number in range(1, 31)}
SUBJECTS = {f"subject {number}": f"Q{9200 + number}" for number in range(1, 21)}

Json = dict[str, Any]
_DATA_VALUES = {
    "time": "time",
    "quantity": "quantity",
    "wikibase-item": "wikibase-entityid",
}


def snak(property_id: str, text: str, datatype: str = "") -> Json:
    """A snak with a value: 1850, 1850-02-03, 185x, 1200, Q9001, or a text."""
    datatype = datatype or DATATYPES[property_id]
    return {
        "snaktype": "value",
        "property": property_id,
        "datavalue": {
            "type": _DATA_VALUES.get(datatype, "string"),
            "value": _value(datatype, text),
        },
    }


def no_value(property_id: str) -> Json:
    """A snak that says that there is none."""
    return {"snaktype": "novalue", "property": property_id}


def reference(**values: str) -> Json:
    """A reference with a snak a property."""
    return {"snaks": {name: [snak(name, text)] for name, text in values.items()}}


def cutting(rng: Random) -> Json:
    """A reference of people's own: an article in a newspaper."""
    url = f"https://newspaper.example/{rng.randrange(10**6)}"
    return reference(**{STATED_IN: NEWSPAPER, REFERENCE_URL: url})


def statement(
    main: Json,
    references: Sequence[Json] = (),
    qualifiers: Sequence[Json] = (),
    rank: str = "normal",
    of: str = "",
) -> Json:
    """A statement, as wbeditentity takes it; a seeded one needs an id: `of` is its item."""
    made: Json = {"type": "statement", "mainsnak": main, "rank": rank}
    if of:
        made["id"] = f"{of}${uuid.uuid4()}"
    if references:
        made["references"] = list(references)
    if qualifiers:
        made["qualifiers"] = {each["property"]: [each] for each in qualifiers}
    return made


def another(property_id: str, rng: Random) -> Json:
    """A value that nobody else says."""
    datatype = DATATYPES[property_id]
    match property_id:
        case "P571":
            return snak(property_id, str(rng.randrange(1400, 1700)))
        case "P1329":
            return snak(property_id, f"+99 {rng.randrange(10**6):06}")
        case "P856":
            return snak(property_id, f"https://people.example/{rng.randrange(10**6)}")
        case "P1037":
            return snak(property_id, rng.choice(list(DIRECTORS.values())[20:]))
        case "P101":
            return snak(property_id, rng.choice(list(SUBJECTS.values())[14:]))
    if datatype == "quantity":
        return snak(property_id, str(rng.randrange(10**6, 10**7)))
    return snak(property_id, f"X-{rng.randrange(10**9)}")


def term(language: str, text: str) -> Mapping[str, str]:
    """A label, description or alias."""
    return {"language": language, "value": text}


def _value(datatype: str, text: str) -> Any:
    if datatype == "wikibase-item":
        return {"entity-type": "item", "id": text, "numeric-id": int(text[1:])}
    if datatype == "quantity":
        return {"amount": f"+{text}", "unit": "1"}
    if datatype != "time":
        return text
    precision, day = 11, text
    if text.endswith("x"):
        precision, day = 8, f"{text[:-1]}0-00-00"
    elif len(text) == 4:
        precision, day = 9, f"{text}-00-00"
    return {
        "time": f"+{day}T00:00:00Z",
        "timezone": 0,
        "before": 0,
        "after": 0,
        "precision": precision,
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
    }
