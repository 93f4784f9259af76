"""`of=dataset:ID`: the items of a dataset's records, with what they say now on their wiki."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bots.core.config import HubConfig
from bots.core.plan import Target
from bots.core.register.computed import ComputedConfig
from bots.core.register.kinds import FieldConfig
from bots.core.store import Store
from bots.core.wikibase.model import entity_type
from bots.register.lists.facts import ListSource, SourceRow
from bots.register.sources.kept import Kept, Wish, read_items
from bots.register.sources.values import Said, column
from bots.wiki.desk import Desk

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_PROPERTY = re.compile(r"\bP[1-9][0-9]{0,9}\b", re.ASCII | re.IGNORECASE)
_WIKIDATA = "wikidata"


@dataclass(frozen=True)
class Items:
    """What was read. `records`: those of the dataset that are items, each with its item's id.

    `numbers`: Wikidata's number of a property → the site's. `at`: what comes before an item's id
    in its address. `wikidata`: whether Wikidata itself is the wiki. `wikis`: the id of a wiki with
    lists → its site.
    """

    records: Sequence[tuple[str, str]]
    entities: Mapping[str, Kept]
    numbers: Mapping[str, str]
    at: str
    wikidata: bool
    wikis: Mapping[str, str]


def properties_in(texts: Iterable[str]) -> list[str]:
    """The properties that a list's columns, conditions … name, by Wikidata's numbers."""
    found = (match.upper() for text in texts for match in _PROPERTY.findall(text))
    return list(dict.fromkeys(found))


def read_dataset(
    name: str,
    texts: Iterable[str],
    languages: Collection[str],
    *,
    sites: Collection[str],
    desk: Desk,
    store: Store,
    config: HubConfig,
) -> Items | None:
    """A dataset's items, with the properties that `texts` name; None: there is no such dataset.

    `sites`: those with lists, whose own articles about items are told. For the number of requests
    see `kept.read_items`. Raises `NotReachedError`.
    """
    if not _ID.fullmatch(name) or not (config.folder / "datasets" / f"{name}.yaml").is_file():
        return None
    known = [each for each in store.all_known(name) if each.title and not each.gone_since]
    site = next((each.site for each in known), config.hub)
    records = [(each.record, each.title.rpartition(":")[2]) for each in known]
    records = [(record, item) for record, item in records if entity_type(item) == "item"]
    numbers = {each: config.numbers_of(site).here(each) for each in properties_in(texts)}
    if not records:
        return Items((), {}, numbers, "", False, {})
    entities = desk.entities(site)
    spoken = {code for language in languages for code in spoken_as(language)}
    wikis = {desk.wikis[each].info.wiki_id: each for each in sites}
    wish = Wish(frozenset(numbers.values()), frozenset(spoken), frozenset(wikis))
    kept = config.cache / "register" / f"{name}.json"
    found = read_items(entities, list(dict.fromkeys(item for _, item in records)), wish, kept)
    address = desk.page_url(Target(site, entities.title("Q1")))
    wikidata = config.sites[site].family == _WIKIDATA
    return Items(records, found, numbers, address.removesuffix("Q1"), wikidata, wikis)


def spoken_as(language: str) -> tuple[str, ...]:
    """The languages in which a name is taken, the best first."""
    return tuple(dict.fromkeys((language, language.partition("-")[0], "mul", "en")))


def source_of(items: Items, computed: ComputedConfig, language: str) -> ListSource:
    """The dataset's items as a list in a language shows them."""
    entities = items.entities
    there = [(record, item) for record, item in items.records if item in entities]
    labels = dict(_labels(entities, language))
    fields: dict[str, FieldConfig] = dict(computed.fields)
    columns: dict[str, Mapping[str, Sequence[str]]] = {}
    for wikidatas, ours in items.numbers.items():
        if ours not in entities and there:
            continue
        datatype = entities[ours].datatype if ours in entities else ""
        said: dict[str, Sequence[Said]] = {
            item: entities[item].said[ours] for _, item in there if ours in entities[item].said
        }
        heard = column(labels.get(ours, ours), datatype, said, labels, language)
        name = wikidatas.lower()
        fields[name], columns[name] = heard.field, heard.values
    rows = []
    for record, item in there:
        links = entities[item].articles
        values = {
            "name": [labels.get(item, item)],
            "description": [entities[item].descriptions.get(language, "")],
            "item": [item],
            "record": [record],
            **{name: column.get(item, ()) for name, column in columns.items()},
        }
        rows.append(
            SourceRow(
                key=record,
                values={name: many for name, many in values.items() if any(many)},
                item=item if items.wikidata else "",
                url=items.at + item,
                articles={site: links[wiki] for wiki, site in items.wikis.items() if wiki in links},
            )
        )
    return ListSource(fields=fields, rows=rows, called=computed.called)


def _labels(entities: Mapping[str, Kept], language: str) -> Iterator[tuple[str, str]]:
    for entity_id, kept in entities.items():
        texts = (kept.labels.get(code) for code in spoken_as(language))
        if label := next(filter(None, texts), ""):
            yield entity_id, label
