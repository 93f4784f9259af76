"""The same dataset brought to the wiki with WikibaseIntegrator, in one of its modes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from wikibaseintegrator import WikibaseIntegrator, datatypes, wbi_helpers, wbi_login
from wikibaseintegrator.entities import ItemEntity
from wikibaseintegrator.models import Qualifiers
from wikibaseintegrator.wbi_config import config
from wikibaseintegrator.wbi_enums import ActionIfExists
from wikibaseintegrator.wbi_exceptions import MWApiError, NonExistentEntityError

from bench.life import values
from bench.life.scene import Scene
from bench.life.source import Release, Row, aliases, description, statements
from bench.life.values import Json
from sandbox.wikibase import people

MODES = tuple(mode.name for mode in ActionIfExists)
_TERMS = {"KEEP": ActionIfExists.KEEP}


def log_in(api: str) -> WikibaseIntegrator:
    """A session of the bot's account, without waits between edits."""
    config["MEDIAWIKI_API_URL"] = api
    config["WIKIBASE_URL"] = api.removesuffix("/w/api.php")
    config["USER_AGENT"] = "HubBot benchmark"
    config["BACKOFF_MAX_TRIES"] = 1
    logging.getLogger("wikibaseintegrator").setLevel(logging.CRITICAL)  # it prints each refusal
    login = wbi_login.Login(user=people.BOT_LOGIN, password=people.BOT_LOGIN_PASSWORD)
    return WikibaseIntegrator(login=login)


class Integrator:
    """A loop over the records as a careful user writes it: find the item, set, write."""

    def __init__(self, scene: Scene, api: str, mode: str) -> None:
        self._scene = scene
        self._wbi = log_in(api)
        self._mode = ActionIfExists[mode]
        self._terms = _TERMS.get(mode, ActionIfExists.REPLACE_ALL)
        self._release: Release | None = None

    def publish(self, release: Release) -> None:
        self._release = release

    def run(self) -> list[Any]:
        """Bring the newest release to the wiki, once; it tells the partner nothing."""
        if self._release is not None:
            for row in self._release.rows.values():
                try:
                    self._bring(row)
                except (MWApiError, NonExistentEntityError):
                    continue  # a conflict, or somebody deleted it just now
                except KeyError:
                    continue  # MERGE_REFS_OR_APPEND can't compare with "no value"
            self._release = None
        return []

    def _bring(self, row: Row) -> None:
        found = self._find(row["isil"])
        item = self._wbi.item.get(found) if found else self._wbi.item.new()
        day = self._scene.clock.now.date().isoformat()
        for property_id, snaks, qualifiers in statements(row):
            if property_id == values.IDENTIFIER and found:
                continue
            said = [claim(snak, qualifiers, row["isil"], day) for snak in snaks]
            if said:
                item.claims.add(said, action_if_exists=self._mode)
        self._name(item, row)
        item.write(summary="from the dataset", is_bot=True)

    def _name(self, item: ItemEntity, row: Row) -> None:
        item.labels.set("en", row["name"], action_if_exists=self._terms)
        if description(row):
            item.descriptions.set("en", description(row), action_if_exists=self._terms)
        if aliases(row):
            item.aliases.set("en", aliases(row), action_if_exists=self._alias_mode)

    @property
    def _alias_mode(self) -> ActionIfExists:
        mine = (ActionIfExists.KEEP, ActionIfExists.REPLACE_ALL)
        return self._mode if self._mode in mine else ActionIfExists.APPEND_OR_REPLACE

    def _find(self, isil: str) -> str:
        asked = {
            "action": "query",
            "list": "search",
            "srnamespace": 0,
            "srsearch": f"haswbstatement:{values.IDENTIFIER}={isil}",
            "format": "json",
        }
        answer = wbi_helpers.mediawiki_api_call_helper(data=asked, allow_anonymous=True)
        hits = answer["query"]["search"]
        return str(hits[0]["title"]) if hits else ""


def claim(snak: Json, qualifiers: list[Json], isil: str, retrieved: str = "") -> Any:
    """A statement of WikibaseIntegrator's with the dataset's reference."""
    cited = {values.STATED_IN: values.DATASET, values.IDENTIFIER: isil}
    if retrieved:
        cited[values.RETRIEVED] = retrieved
    reference = [_value(values.snak(name, text)) for name, text in cited.items()]
    known = Qualifiers()
    for each in qualifiers:
        known.add(_value(each))
    return _value(snak, qualifiers=known, references=[reference])


def _value(snak: Mapping[str, Any], **more: Any) -> Any:
    name, value = snak["property"], snak["datavalue"]["value"]
    match values.DATATYPES[name]:
        case "time":
            precision = value["precision"]
            return datatypes.Time(value["time"], prop_nr=name, precision=precision, **more)
        case "quantity":
            return datatypes.Quantity(value["amount"], prop_nr=name, **more)
        case "wikibase-item":
            return datatypes.Item(value["id"], prop_nr=name, **more)
        case "url":
            return datatypes.URL(value, prop_nr=name, **more)
        case "external-id":
            return datatypes.ExternalID(value, prop_nr=name, **more)
    return datatypes.String(value, prop_nr=name, **more)
