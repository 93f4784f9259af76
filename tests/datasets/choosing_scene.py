"""What tests of asking people share: rows on pages, and people who write in them."""

from __future__ import annotations

from typing import Any

from bots.core.messages import Message
from bots.datasets.choices.matchpages import MATCHES
from bots.datasets.choices.rowpages import rows_in, written_key
from bots.datasets.choices.valuepages import VALUES
from tests.datasets.ground import TRUSTED
from tests.datasets.scene import (
    FOUNDED,
    ID,
    KIND,
    MUSEUM,
    SITE,
    STAFF,
    Stage,
    claim,
    messages,
)
from tests.wikibase.entities_scene import Person

PAGE = "User:HubBot/match/museums"
ARCHIVE = "User:HubBot/match/museums/decided/1"
VALUE_PAGE = "User:HubBot/values/museums/kinds"


def writing_identifiers(stage: Stage) -> None:
    stage.mapping["statements"].append({"property": ID, "field": "isil", "datatype": "external-id"})
    stage.write()


def like(stage: Stage, item: str, key: str, sure: bool = False, **more: Any) -> None:
    """An item with the record's name; `sure`: with its year, kind and website too."""
    claims = dict(more.pop("claims", {}))
    if sure:
        when = {
            "time": "+1850-00-00T00:00:00Z",
            "precision": 9,
            "timezone": 0,
            "before": 0,
            "after": 0,
            "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
        }
        kind = {"entity-type": "item", "id": MUSEUM, "numeric-id": int(MUSEUM[1:])}
        claims[FOUNDED] = [claim(item, 2, FOUNDED, {"type": "time", "value": when})]
        claims[KIND] = [claim(item, 3, KIND, {"type": "wikibase-entityid", "value": kind})]
        claims[SITE] = [claim(item, 4, SITE, f"https://{key.lower()}.example/")]
    labels = {"en": {"language": "en", "value": f"Museum {key}"}}
    stage.seed(item, labels=labels, claims=claims)


def admin(stage: Stage) -> Person:
    return stage.person(TRUSTED)


def text(stage: Stage, title: str) -> str:
    """A page's text; "" where there is none."""
    found = stage.person().ask(
        action="query", prop="revisions", titles=title, rvprop="content", rvslots="main"
    )
    (one,) = found["query"]["pages"]
    return str(one["revisions"][0]["slots"]["main"]["content"]) if "revisions" in one else ""


def edit(person: Person, title: str, new: str) -> None:
    answer: Any = person.write(action="edit", title=title, text=new)
    assert answer.get("edit", {}).get("result") == "Success", answer


def keys(stage: Stage) -> list[str]:
    """The records whose rows are on the page."""
    return [each.key for each in rows_in(text(stage, PAGE), MATCHES)[0]]


def decide(stage: Stage, person: Person, key: str, said: str, note: str = "") -> None:
    """A person writes a decision into a record's row, over what is there."""
    page = text(stage, PAGE)
    (one,) = [each for each in rows_in(page, MATCHES)[0] if each.key == key]
    call = page[one.call.start : one.call.end]
    given = one.call.value("decision")
    new = call.replace(f"|decision={given}", f"|decision={said}")
    new = new.replace("|note=", f"|note={note}") if note else new
    edit(person, PAGE, page.replace(call, new))


def complete(stage: Stage, person: Person, said: str) -> None:
    """A person writes an item into the only value's row, over what is there."""
    page = text(stage, VALUE_PAGE)
    (one,) = rows_in(page, VALUES)[0]
    assert f"|key={written_key(one.key)}\n" in page
    edit(person, VALUE_PAGE, page.replace(f"|item={one.call.value('item')}\n", f"|item={said}\n"))


def told(stage: Stage) -> dict[str, str]:
    """Message → where, of what is open; each can be said in both languages."""
    found = [each.finding for each in stage.findings()]
    for each in found:
        for language in ("en", "sv"):
            assert messages().text(language, Message(each.message.key, each.message.params))
    return {each.message.key: each.where.removesuffix("line 0") for each in found}


def numbers(stage: Stage, item: str) -> list[str]:
    return [value["amount"] for value in stage.values(item, STAFF)]


def items(stage: Stage, item: str) -> list[str]:
    return [value["id"] for value in stage.values(item, KIND)]


def made(stage: Stage) -> list[str]:
    """The items that carry an identifier."""
    found = stage.items()
    if not found:
        return []
    told = stage.person().ask(action="wbgetentities", ids="|".join(found))["entities"]
    return [item for item, said in told.items() if ID in said.get("claims", ())]


def asks(stage: Stage, mark: int) -> list[str]:
    """The requests since then, each with all its parameters as one text."""
    return [str(dict(each.parameters)) for each in stage.ground.asked_since(mark)]
