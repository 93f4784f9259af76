"""What people do to terms and to whole items: names, merges, deletions, identifiers."""

from __future__ import annotations

import json
from typing import Any

from bench.life import values
from bench.life.acts import ACTS, act, identifier_of, plain, remove, undo
from bench.life.scene import Scene, save
from bench.life.values import Json
from sandbox.client import Client

__all__ = ["ACTS"]

# terms


@act
def changes_the_label(scene: Scene, who: Client, item: str, _entity: Json) -> object:
    return _label(who, item, f"Name {scene.rng.randrange(10**6)}")


@act
def removes_the_label(_scene: Scene, who: Client, item: str, entity: Json) -> object:
    return "en" in (entity.get("labels") or {}) and _label(who, item, "")


@act
def changes_the_description(scene: Scene, who: Client, item: str, _entity: Json) -> object:
    text = f"house of things {scene.rng.randrange(10**6)}"
    return who.post(action="wbsetdescription", id=item, language="en", value=text)


@act
def removes_an_alias(scene: Scene, who: Client, item: str, entity: Json) -> object:
    there = (entity.get("aliases") or {}).get("en", [])
    if not there:
        return False
    text = scene.rng.choice(there)["value"]
    return who.post(action="wbsetaliases", id=item, language="en", remove=text)


@act
def adds_aliases_and_a_name_in_swedish(
    scene: Scene, who: Client, item: str, entity: Json
) -> object:
    row = scene.coming.get(identifier_of(scene, entity))
    texts = [f"Alias {scene.rng.randrange(10**6)}", *(scene.subject.aliases(row) if row else [])]
    who.post(action="wbsetaliases", id=item, language="en", add="|".join(texts))
    swedish = f"Museet {scene.rng.randrange(10**6)}"
    return who.post(action="wbsetlabel", id=item, language="sv", value=swedish)


def _label(who: Client, item: str, text: str) -> object:
    return who.post(action="wbsetlabel", id=item, language="en", value=text)


# items


@act
def merges_it_into_another(scene: Scene, who: Client, item: str, _entity: Json) -> object:
    label = {"en": values.term("en", f"Duplicate {scene.rng.randrange(10**6)}")}
    made = _new(who, labels=label)
    return who.post(action="wbmergeitems", fromid=item, toid=made, ignoreconflicts="description")


@act
def merges_another_into_it(scene: Scene, who: Client, item: str, entity: Json) -> object:
    """A duplicate with the same identifier and statements of its own."""
    name = scene.rng.choice(scene.subject.ours)
    known = values.statement(scene.subject.identified(identifier_of(scene, entity) or "none"))
    other = values.statement(scene.subject.another(name, scene.rng), [values.cutting(scene.rng)])
    made = _new(who, claims=[known, other])
    scene.later(
        scene.rng.randrange(1, 15),
        lambda: who.post(
            action="wbmergeitems", fromid=made, toid=item, ignoreconflicts="description"
        ),
    )
    return made


@act
def merges_and_splits_again(scene: Scene, who: Client, item: str, _entity: Json) -> object:
    label = {"en": values.term("en", f"Duplicate {scene.rng.randrange(10**6)}")}
    made = _new(who, labels=label)
    done = who.post(action="wbmergeitems", fromid=item, toid=made, ignoreconflicts="description")
    name = next(name for name, client in scene.people.items() if client is who)

    def split() -> None:
        undo(scene.person(), made, done["to"]["lastrevid"])
        admin = scene.admin
        tokens = admin.ask(action="query", meta="tokens", type="rollback")["query"]["tokens"]
        admin.post(action="rollback", title=item, user=name, token=tokens["rollbacktoken"])

    scene.later(scene.rng.randrange(1, 25), split)
    return done


@act
def deletes(scene: Scene, _who: Client, item: str, _entity: Json) -> object:
    return scene.admin.post(action="delete", title=item)


@act
def deletes_and_brings_back(scene: Scene, _who: Client, item: str, _entity: Json) -> object:
    days = scene.rng.randrange(1, 60)
    scene.later(days, lambda: scene.admin.post(action="undelete", title=item))
    return scene.admin.post(action="delete", title=item)


@act
def removes_the_identifier(scene: Scene, who: Client, item: str, entity: Json) -> object:
    known = (entity.get("claims") or {}).get(scene.subject.identifier)
    return bool(known) and remove(who, known[0])


@act
def removes_the_identifier_for_a_while(
    scene: Scene, who: Client, item: str, entity: Json
) -> object:
    known = (entity.get("claims") or {}).get(scene.subject.identifier)
    if not known:
        return False
    again = values.statement(known[0]["mainsnak"])
    scene.later(scene.rng.randrange(1, 40), lambda: save(scene.person(), item, claims=[again]))
    return remove(who, known[0])


@act
def deprecates_the_identifier(scene: Scene, who: Client, item: str, entity: Json) -> object:
    known = (entity.get("claims") or {}).get(scene.subject.identifier)
    if not known:
        return False
    return save(who, item, claims=[{**plain(known[0]), "rank": "deprecated"}])


@act
def gives_it_another_identifier(scene: Scene, who: Client, item: str, entity: Json) -> object:
    known = (entity.get("claims") or {}).get(scene.subject.identifier)
    if not known:
        return False
    other = scene.subject.identified(f"YY-{scene.rng.randrange(10**5):05}")
    return save(who, item, claims=[{**plain(known[0]), "mainsnak": other}])


@act
def makes_a_second_item(scene: Scene, who: Client, _item: str, entity: Json) -> object:
    known = identifier_of(scene, entity)
    if not known:
        return False
    return _new(who, claims=[values.statement(scene.subject.identified(known))])


def _new(who: Client, **data: Any) -> str:
    made = who.post(action="wbeditentity", new="item", data=json.dumps(data))
    return str(made["entity"]["id"])
