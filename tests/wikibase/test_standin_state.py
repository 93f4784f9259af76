"""What the stand-in keeps is what a real Wikibase keeps: hashes, sizes, numbers, to the letter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.wikibase.entities import encode, php_size, shown, stored
from sandbox.wikibase.hashes import reference_hash, snak_hash
from sandbox.wikibase.phpjson import dumps, loads
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.state import SEEDER, State

RECORDED = Path(__file__).parent / "recorded" / "action"
REAL = Path(__file__).parents[3] / "shared" / "data" / "wikidata-entities"


def _parts(value: Any, *keys: str) -> Iterator[dict[str, Any]]:
    """All objects in a JSON value that have these keys."""
    if isinstance(value, dict):
        if all(key in value for key in keys):
            yield value
        for part in value.values():
            yield from _parts(part, *keys)
    elif isinstance(value, list):
        for part in value:
            yield from _parts(part, *keys)


def _recordings() -> Iterator[Any]:
    for path in RECORDED.glob("*.json"):
        yield json.loads(path.read_text("utf-8"))


def test_every_recorded_snak_has_the_hash_that_it_has_here() -> None:
    snaks = [snak for one in _recordings() for snak in _parts(one, "snaktype", "hash")]

    assert len(snaks) > 60
    assert [snak["hash"] for snak in snaks] == [snak_hash(snak) for snak in snaks]


def test_every_recorded_reference_has_the_hash_that_it_has_here() -> None:
    references = [one for recorded in _recordings() for one in _parts(recorded, "hash", "snaks")]

    assert len(references) > 10
    for reference in references:
        snaks = [snak for group in reference["snaks"].values() for snak in group]
        assert reference_hash(snaks) == reference["hash"]
        assert reference_hash(reversed(snaks)) == reference["hash"]


def test_a_recorded_revision_has_the_sha1_and_the_size_that_it_has_here() -> None:
    recorded = json.loads((RECORDED / "ok_query_revisions_of_item.json").read_text("utf-8"))
    revision = recorded["body"]["query"]["pages"][0]["revisions"][0]
    first = json.loads((RECORDED / "ok_wbgetentities_one.json").read_text("utf-8"))
    entity = first["body"]["entities"]["Q101134"]
    entity["labels"]["de"] = {"language": "de", "value": "Beispiel 1795218742"}
    entity["descriptions"]["en"]["value"] = "a sample, second text"
    entity["descriptions"]["de"] = {"language": "de", "value": "ein Beispiel"}
    entity["aliases"]["en"].append({"language": "en", "value": "Smp2"})
    entity["aliases"]["de"] = [{"language": "de", "value": text} for text in ("Bsp", "Bsp2")]

    kept = State().seed(entity)

    assert (kept.sha1, kept.size) == (revision["sha1"], revision["size"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (52.0, "52"),
        (-0.5, "-0.5"),
        (1e-9, "1.0e-9"),
        (0.0001, "0.0001"),
        (2.777777777777778e-05, "2.777777777777778e-5"),
        (1e15, "1.0e+15"),
        (1.5e300, "1.5e+300"),
        (123456789012345678901, "123456789012345678901"),
        ("1.0 and 1e-5,", '"1.0 and 1e-5,"'),
    ],
)
def test_numbers_are_printed_as_php_prints_them(value: Any, text: str) -> None:
    assert dumps([value, {"a": value}]) == f'[{text},{{"a":{text}}}]'
    assert loads(dumps([value])) == [value]


@pytest.mark.skipif(not REAL.exists(), reason="the real entities are not on this machine")
def test_a_real_entity_comes_back_as_it_was_seeded() -> None:
    for path in REAL.glob("*.json"):
        read = loads(path.read_text("utf-8"))
        for entity in read.get("entities", {"": read}).values():
            datatypes = {
                snak["property"]: snak["datatype"] for snak in _parts(entity, "snaktype", "hash")
            }
            again = shown(stored(entity), datatypes.get)
            _without_urls(entity)
            for field in ("labels", "descriptions", "aliases", "claims", "sitelinks"):
                assert again.get(field, {}) == (entity.get(field) or {}), (path.name, field)


def _without_urls(entity: dict[str, Any]) -> None:
    for link in (entity.get("sitelinks") or {}).values():
        link.pop("url", None)
    for statement in _parts(entity, "mainsnak"):
        if not statement.get("qualifiers"):
            statement.pop("qualifiers", None)
            statement.pop("qualifiers-order", None)
        if not statement.get("references"):
            statement.pop("references", None)


def test_an_entity_with_nothing_in_it_is_kept_as_php_keeps_it() -> None:
    entity = stored({"id": "Q1", "type": "item"})

    assert encode(entity) == (
        '{"type":"item","id":"Q1","labels":[],"descriptions":[],"aliases":[],"claims":[],'
        '"sitelinks":[]}'
    )
    assert php_size({"a": [1, True, None, "ä"]}) == len(
        'a:1:{s:1:"a";a:4:{i:0;i:1;i:1;b:1;i:2;N;i:3;s:2:"xx";}}'
    )


def test_what_is_in_a_file_is_there_again(tmp_path: Path) -> None:
    path = str(tmp_path / "wikibase.sqlite")
    first = State(path)
    revision = first.seed({"id": "Q7", "type": "item"})
    first.close()

    again = State(path)

    assert again.entity("Q7")[0] == revision
    assert again.new_id("Q") == "Q8"
    again.close()


def test_who_saves_upon_another_revision_than_the_latest_is_refused() -> None:
    state = State()
    revision = state.seed({"id": "Q1", "type": "item"})
    content = dict(state.entity("Q1")[1])
    state.before_save.append(lambda entity: _touch(state, entity))

    with pytest.raises(Refusal, match="late-conflict"):
        state.save("Q1", content, SEEDER, "mine", expected=revision.id)

    page = state.page("Q1")
    assert page is not None
    assert state.history(page.id)[0].comment == "theirs"


def _touch(state: State, entity: str) -> None:
    latest, content = state.entity(entity)
    changed = {**content, "labels": {"en": {"language": "en", "value": "theirs"}}}
    state.save(entity, changed, SEEDER, "theirs", expected=latest.id)


def test_a_failed_transaction_leaves_nothing() -> None:
    state = State()

    def fail() -> None:
        with state.transaction():
            state.seed({"id": "Q1", "type": "item"})
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert state.page("Q1") is None
