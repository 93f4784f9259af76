"""What people do to statements among which a bot writes: all that a merge has a row for, and more.

An act gets the scene, who acts, the item and what it says; False: there was nothing to do it to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bench.life import values
from bench.life.scene import Scene, save
from bench.life.values import Json
from sandbox.client import Client

Act = Callable[[Scene, Client, str, Json], object]
ACTS: dict[str, Act] = {}
"""All acts on statements, terms (acts_items.py) and items, by name."""


def act(does: Act) -> Act:
    """Enter an act into the list."""
    ACTS[does.__name__] = does
    return does


def every_statement(scene: Scene, entity: Json) -> Iterator[Json]:
    """All statements but identifiers, without hashes, so that they can be changed and sent."""
    for property_id, claims in (entity.get("claims") or {}).items():
        if property_id != scene.subject.identifier:
            yield from (plain(claim) for claim in claims)


def is_bots(scene: Scene, reference: Json) -> bool:
    """Whether a reference names one of the datasets."""
    return any(
        snak.get("datavalue", {}).get("value", {}).get("id") in scene.subject.datasets
        for snak in reference["snaks"].get(values.STATED_IN, [])
    )


def bots(scene: Scene, entity: Json, *names: str) -> Json | None:
    """One of the statements in which the bot's reference stands, of certain properties."""
    found = [
        claim
        for claim in every_statement(scene, entity)
        if any(is_bots(scene, each) for each in claim.get("references", []))
        and (not names or claim["mainsnak"]["property"] in names)
    ]
    return scene.rng.choice(found) if found else None


def name_of(claim: Json) -> str:
    return str(claim["mainsnak"]["property"])


def identifier_of(scene: Scene, entity: Json) -> str:
    """The identifier that an item has; "" for none."""
    for claim in (entity.get("claims") or {}).get(scene.subject.identifier, []):
        if claim["mainsnak"]["snaktype"] == "value":
            return str(claim["mainsnak"]["datavalue"]["value"])
    return ""


def plain(found: Any) -> Any:
    if isinstance(found, dict):
        dropped = ("hash", "datatype", "snaks-order", "qualifiers-order")
        return {key: plain(value) for key, value in found.items() if key not in dropped}
    return [plain(each) for each in found] if isinstance(found, list) else found


# values


@act
def replaces_our_value(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    if claim is None:
        return False
    claim["mainsnak"] = scene.subject.another(name_of(claim), scene.rng)
    if scene.rng.random() < 0.5:
        claim["references"] = [values.cutting(scene.rng)]
    return save(who, item, claims=[claim])


@act
def says_the_day(scene: Scene, who: Client, item: str, entity: Json) -> object:
    return _dates(scene, who, item, entity, lambda year: f"{year}-03-14")


@act
def says_the_decade(scene: Scene, who: Client, item: str, entity: Json) -> object:
    return _dates(scene, who, item, entity, lambda year: f"{year[:3]}x")


def _dates(
    scene: Scene, who: Client, item: str, entity: Json, said: Callable[[str], str]
) -> object:
    claim = bots(scene, entity, *scene.subject.dated)
    if claim is None or claim["mainsnak"]["snaktype"] != "value":
        return False
    year = claim["mainsnak"]["datavalue"]["value"]["time"][1:5]
    claim["mainsnak"] = values.snak(name_of(claim), said(year), "time")
    return save(who, item, claims=[claim])


@act
def says_there_is_none_instead(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity, *scene.subject.single)
    if claim is None:
        return False
    claim["mainsnak"] = values.no_value(name_of(claim))
    return save(who, item, claims=[claim])


@act
def says_there_is_none_beside(scene: Scene, who: Client, item: str, _entity: Json) -> object:
    name = scene.rng.choice(scene.subject.ours)
    return save(who, item, claims=[values.statement(values.no_value(name))])


@act
def says_another_beside(scene: Scene, who: Client, item: str, _entity: Json) -> object:
    name = scene.rng.choice(scene.subject.ours)
    rank = scene.rng.choice(("normal", "preferred"))
    cited = [values.cutting(scene.rng)]
    made = values.statement(scene.subject.another(name, scene.rng), cited, rank=rank)
    return save(who, item, claims=[made])


@act
def says_it_before_us(scene: Scene, who: Client, item: str, entity: Json) -> object:
    """What the partner will publish next month is on the wiki already."""
    row = scene.coming.get(identifier_of(scene, entity))
    if row is None:
        return False
    said = [(name, snaks[0], more) for name, snaks, more in scene.subject.says(row) if snaks]
    if not said:
        return False
    name, snak, qualifiers = scene.rng.choice(said)
    if name == scene.subject.identifier:
        return False
    made = values.statement(snak, [values.cutting(scene.rng)], qualifiers)
    return save(who, item, claims=[made])


@act
def corrects_beside_and_deprecates(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    if claim is None:
        return False
    claim["rank"] = "deprecated"
    other = scene.subject.another(name_of(claim), scene.rng)
    right = values.statement(other, [values.cutting(scene.rng)], rank="preferred")
    return save(who, item, claims=[claim, right])


@act
def changes_and_changes_back(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    if claim is None:
        return False
    wrong = {**claim, "mainsnak": scene.subject.another(name_of(claim), scene.rng)}
    save(who, item, claims=[wrong])
    return save(who, item, claims=[claim])


# ranks


@act
def deprecates(scene: Scene, who: Client, item: str, entity: Json) -> object:
    return _ranks(scene, who, item, entity, "deprecated")


@act
def prefers(scene: Scene, who: Client, item: str, entity: Json) -> object:
    return _ranks(scene, who, item, entity, "preferred")


@act
def deprecates_for_a_week(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    if claim is None or claim["rank"] == "deprecated":
        return False
    scene.later(scene.rng.randrange(1, 12), lambda: save(scene.person(), item, claims=[claim]))
    return save(who, item, claims=[{**claim, "rank": "deprecated"}])


def _ranks(scene: Scene, who: Client, item: str, entity: Json, rank: str) -> object:
    claim = bots(scene, entity)
    if claim is None or claim["rank"] == rank:
        return False
    return save(who, item, claims=[{**claim, "rank": rank}])


# removals


@act
def removes(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    return claim is not None and remove(who, claim)


@act
def vandalises_and_is_reverted(scene: Scene, _who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    if claim is None:
        return False
    done = remove(scene.people["Vandal"], claim)
    revid = done["pageinfo"]["lastrevid"]
    scene.later(scene.rng.randrange(1, 20), lambda: undo(scene.person(), item, revid))
    return done


@act
def vandalises_a_value_and_is_reverted(
    scene: Scene, _who: Client, item: str, entity: Json
) -> object:
    claim = bots(scene, entity)
    if claim is None:
        return False
    wrong = {**claim, "mainsnak": scene.subject.another(name_of(claim), scene.rng)}
    revid = save(scene.people["Vandal"], item, claims=[wrong])["entity"]["lastrevid"]
    scene.later(scene.rng.randrange(1, 20), lambda: undo(scene.person(), item, revid))
    return True


@act
def removes_and_types_it_again(scene: Scene, who: Client, item: str, entity: Json) -> object:
    """The value comes back without our reference."""
    claim = bots(scene, entity)
    if claim is None:
        return False
    again = values.statement(claim["mainsnak"], [values.cutting(scene.rng)])
    scene.later(scene.rng.randrange(1, 40), lambda: save(scene.person(), item, claims=[again]))
    return remove(who, claim)


@act
def moves_it_into_a_new_statement(scene: Scene, who: Client, item: str, entity: Json) -> object:
    """The same in every part, but for its id."""
    claim = bots(scene, entity)
    if claim is None:
        return False
    again = {key: value for key, value in claim.items() if key != "id"}
    remove(who, claim)
    return save(who, item, claims=[again])


@act
def empties_the_item_and_is_reverted(scene: Scene, _who: Client, item: str, _e: Json) -> object:
    vandal = scene.people["Vandal"]
    done = vandal.post(action="wbeditentity", id=item, clear=1, data="{}")
    revid = done["entity"]["lastrevid"]
    scene.later(scene.rng.randrange(1, 10), lambda: undo(scene.person(), item, revid))
    return done


@act
def reverts_our_edit(scene: Scene, who: Client, item: str, _entity: Json) -> object:
    return _revert_bot(scene, who, item) is not None


@act
def reverts_our_edit_and_is_reverted(scene: Scene, who: Client, item: str, _entity: Json) -> object:
    revid = _revert_bot(scene, who, item)
    if revid is None:
        return False
    scene.later(scene.rng.randrange(1, 20), lambda: undo(scene.person(), item, revid))
    return True


def _revert_bot(scene: Scene, who: Client, item: str) -> int | None:
    asked = {"action": "query", "prop": "revisions", "titles": item, "rvprop": "ids|user"}
    answer = scene.admin.ask(**asked, rvlimit=20)
    made = answer["query"]["pages"][0]["revisions"]
    found = next((each["revid"] for each in made[:-1] if each["user"] == scene.bot), None)
    return None if found is None else undo(who, item, found)


def remove(who: Client, claim: Json) -> Any:
    return who.post(action="wbremoveclaims", claim=claim["id"])


def undo(who: Client, item: str, revid: int) -> int:
    return int(who.post(action="edit", title=item, undo=revid)["edit"]["newrevid"])


# references and qualifiers


@act
def cites_a_newspaper(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    if claim is None:
        return False
    claim["references"] = [*claim["references"], values.cutting(scene.rng)]
    return save(who, item, claims=[claim])


@act
def removes_our_reference(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    if claim is None:
        return False
    claim["references"] = [each for each in claim["references"] if not is_bots(scene, each)]
    return save(who, item, claims=[claim])


@act
def cites_something_else_instead(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    if claim is None:
        return False
    claim["references"] = [values.cutting(scene.rng)]
    return save(who, item, claims=[claim])


@act
def completes_our_reference(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity)
    if claim is None:
        return False
    for each in (each for each in claim["references"] if is_bots(scene, each)):
        page = str(scene.rng.randrange(500))
        each["snaks"][values.PAGES] = [values.snak(values.PAGES, page)]
    return save(who, item, claims=[claim])


@act
def looks_it_up_anew(scene: Scene, who: Client, item: str, entity: Json) -> object:
    """The day on which our reference was retrieved is people's."""
    claim = bots(scene, entity)
    if claim is None:
        return False
    for each in (each for each in claim["references"] if is_bots(scene, each)):
        day = scene.clock.now.date().isoformat()
        each["snaks"][values.RETRIEVED] = [values.snak(values.RETRIEVED, day)]
    return save(who, item, claims=[claim])


@act
def adds_a_qualifier(scene: Scene, who: Client, item: str, entity: Json) -> object:
    return _qualifies(scene, who, item, entity, values.APPLIES_TO, values.DEPARTMENT)


@act
def says_that_it_ended(scene: Scene, who: Client, item: str, entity: Json) -> object:
    return _qualifies(scene, who, item, entity, values.END, "2024")


def _qualifies(scene: Scene, who: Client, item: str, entity: Json, name: str, text: str) -> object:
    claim = bots(scene, entity)
    if claim is None or name in (claim.get("qualifiers") or {}):
        return False
    qualifiers = {**(claim.get("qualifiers") or {}), name: [values.snak(name, text)]}
    return save(who, item, claims=[{**claim, "qualifiers": qualifiers}])


@act
def changes_our_qualifier(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity, *scene.subject.qualified)
    if claim is None or not scene.subject.qualified:
        return False
    name = scene.subject.qualified[name_of(claim)]
    year = str(scene.rng.randrange(1990, 2010))
    claim["qualifiers"] = {name: [values.snak(name, year, "time")]}
    return save(who, item, claims=[claim])


@act
def removes_our_qualifier(scene: Scene, who: Client, item: str, entity: Json) -> object:
    claim = bots(scene, entity, *scene.subject.qualified)
    if not scene.subject.qualified or claim is None or not claim.pop("qualifiers", None):
        return False
    return save(who, item, claims=[claim])
