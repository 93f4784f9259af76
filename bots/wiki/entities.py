"""Reading entities, many a request; what can't be told is said, never taken for nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from bots.core.outcome import Deferred, Failed, NotReachedError, utcnow
from bots.core.wikibase import action_json
from bots.core.wikibase.exact import loads
from bots.core.wikibase.model import (
    Entity,
    EntityJSONError,
    Missing,
    Redirect,
    entity_type,
)
from bots.wiki.answers import deferred, timestamp, unread
from bots.wiki.sites import Wiki
from bots.wiki.transport import Answer

LAG_SECONDS = 8.0
"""For so long a wiki that said it does not lag is taken at its word."""

REST = "/wikibase/v1"
"""The REST API, below rest.php; v1 came with Wikibase 1.43."""

_SEARCH_EXTENSION = "WikibaseCirrusSearch"
_MOST_FOUND = 50
_SEARCH_SIGNS = re.compile(r"""^$|[|"\\\x00-\x1f\x7f\ud800-\udfff]|\*\]?$""")

LONGEST_SEARCH = 300
"""Characters of a search; CirrusSearch takes no more ($wgCirrusSearchMaxFullTextQueryLength)."""


class NoSearchError(Exception):
    """The wiki can't search by statement: it would answer nothing, without an error."""


@dataclass(frozen=True, kw_only=True)
class Latest:
    """The newest revision of the entity asked for as `id`; None: there is none, or it is gone.

    `target` is the entity into which people have merged it, whose revision this then is; "" where
    they haven't.
    """

    id: str
    revid: int | None
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One revision in an entity's history; `user` and `comment` are "" where they are hidden."""

    revid: int
    parent: int
    user: str
    timestamp: datetime
    comment: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """An entity that a search by label gave; `matched` is the label or alias that it has."""

    id: str
    label: str
    description: str
    matched: str


class Entities:
    """The entities of one wiki. Everything that asks it raises `NotReachedError`."""

    def __init__(self, wiki: Wiki) -> None:
        self.wiki = wiki
        self.without_rest = False
        self._extensions: frozenset[str] | None = None

    def title(self, entity_id: str) -> str:
        """The title of an item's or property's page. Raises ValueError for any other id."""
        kind = entity_type(entity_id)
        model = {"item": "wikibase-item", "property": "wikibase-property"}.get(kind)
        if model is None:
            raise ValueError(f"{entity_id!r} is no item and no property")
        return self.wiki.info.prefixes.get(model, "") + entity_id

    def latest(self, ids: Iterable[str]) -> Iterator[Latest]:
        """The newest revisions of these, each once, `wiki.batch` a request; in no certain order.

        Raises ValueError for what can't be an id.
        """
        wanted = iter(dict.fromkeys(ids))
        while batch := list(islice(wanted, self.wiki.batch)):
            files = [entity_id for entity_id in batch if entity_type(entity_id) == "mediainfo"]
            if files:
                yield from self._latest("pageids", {each[1:]: each for each in files})
            others = [entity_id for entity_id in batch if entity_type(entity_id) != "mediainfo"]
            if others:
                yield from self._latest("titles", {self.title(each): each for each in others})

    def read(self, ids: Iterable[str]) -> Iterator[tuple[str, Entity | Redirect | Missing]]:
        """Each id once with its entity, `wiki.batch` a request, in no certain order.

        What people have merged into another comes as `Redirect`, without its target. An answer that
        MediaWiki cut (at about 8 MB) is asked for again in smaller ones. Raises ValueError for what
        can't be an id.
        """
        wanted = list(dict.fromkeys(ids))
        for entity_id in wanted:
            if not entity_type(entity_id):
                raise ValueError(f"{entity_id!r} is no entity's id")
        size = self.wiki.batch
        while wanted:
            batch, wanted = wanted[:size], wanted[size:]
            found = dict(self._read(batch))
            yield from found.items()
            left = [entity_id for entity_id in batch if entity_id not in found]
            if left and len(batch) == 1:
                info = f"{batch[0]} is not in the answer to a request for it"
                raise NotReachedError(Failed(code="entity-not-told", info=info))
            if left:
                wanted = left + wanted
                size = max(1, min(len(found), len(batch) // 2))

    def read_one(self, entity_id: str) -> Entity | Redirect | Missing:
        """One entity as it is now."""
        return next(found for _, found in self.read([entity_id]))

    def search(self, text: str, language: str, kind: str = "item") -> list[Found]:
        """At most 50 entities whose label or an alias begins like this, the best match first."""
        asked = {
            "action": "wbsearchentities",
            "search": text,
            "language": language,
            "uselang": language,
            "type": kind,
            "limit": str(_MOST_FOUND),
        }
        return [
            Found(
                id=each["id"],
                label=each.get("label", ""),
                description=each.get("description", ""),
                matched=each.get("match", {}).get("text", ""),
            )
            for each in self.wiki.api(asked).get("search", ())
        ]

    def datatypes(self, ids: Iterable[str]) -> dict[str, str]:
        """Property id → its datatype, of those that are there, `wiki.batch` a request.

        Raises `NotReachedError`.
        """
        wanted = iter(dict.fromkeys(ids))
        found: dict[str, str] = {}
        while batch := list(islice(wanted, self.wiki.batch)):
            asked = {"action": "wbgetentities", "ids": "|".join(batch), "props": "datatype"}
            told = self.wiki.api(asked).get("entities") or {}
            found |= {name: raw["datatype"] for name, raw in told.items() if "datatype" in raw}
        return found

    def term_languages(self) -> frozenset[str]:
        """The codes of the languages in which the wiki takes terms."""
        asked = {"action": "query", "meta": "wbcontentlanguages", "wbclcontext": "term"}
        return frozenset(self.wiki.api(asked)["query"]["wbcontentlanguages"])

    def with_statement(self, property_id: str, value: str = "") -> Iterator[str]:
        """The ids of items that have a statement of this property, with this value if one is given.

        `value` is as CirrusSearch indexes it: an item's id, a string. Seconds to minutes behind the
        wiki: what isn't found may be there. Raises NoSearchError: the wiki can't search so, and
        ValueError for a property that is none.
        """
        said = f"{property_id}={value}" if value else property_id
        yield from self._stated(property_id, said.replace("\\", "\\\\").replace('"', '\\"'))

    def with_any_statement(self, property_id: str, values: Collection[str]) -> Iterator[str]:
        """The ids of items that have a statement of this property with any of these values.

        As `with_statement`, in one search; upper and lower case are the same to CirrusSearch.
        Raises ValueError too for values that can't be searched for so, see `fits_search`.
        """
        if not fits_search(property_id, values):
            raise ValueError(f"these values of {property_id} can't be searched for at once")
        yield from self._stated(property_id, "|".join(f"{property_id}={each}" for each in values))

    def history(self, entity_id: str, since: int = 0, until: int = 0) -> Iterator[Change]:
        """The entity's revisions, the newest first, down to revision `since` (with it).

        `until`: from this revision on, not from the newest.
        """
        page = {"titles": self.title(entity_id)} if entity_id[:1] != "M" else {}
        asked = {
            "prop": "revisions",
            **(page or {"pageids": entity_id[1:]}),
            "rvprop": "ids|timestamp|user|comment",
            "rvlimit": "max",
            **({"rvendid": str(since)} if since else {}),
            **({"rvstartid": str(until)} if until else {}),
        }
        for query in self.wiki.query(asked):
            for page_found in query.get("pages", ()):
                yield from map(_change, page_found.get("revisions", ()))

    def old(self, revids: Iterable[int]) -> Iterator[tuple[int, Entity | Redirect | None]]:
        """Each revision once with the entity as it was, `wiki.batch` a request.

        None where the wiki does not tell: hidden, deleted, never made. In no certain order.
        """
        wanted = iter(dict.fromkeys(revids))
        while batch := list(islice(wanted, self.wiki.batch)):
            asked = {
                "prop": "revisions",
                "revids": "|".join(map(str, batch)),
                "rvprop": "ids|content",
                "rvslots": "main",
            }
            told: dict[int, Entity | Redirect | None] = {}
            for query in self.wiki.query(asked):
                for page in query.get("pages", ()):
                    told |= {each["revid"]: _old(each) for each in page.get("revisions", ())}
            yield from ((revid, told.get(revid)) for revid in batch)

    def parent(self, revid: int) -> int | None:
        """The revision on top of which this one was saved; None where the wiki does not tell."""
        asked = {"prop": "revisions", "revids": str(revid), "rvprop": "ids"}
        for query in self.wiki.query(asked):
            for page in query.get("pages", ()):
                for revision in page.get("revisions", ()):
                    return int(revision["parentid"])
        return None

    def has_rest(self, answer: Answer) -> bool:
        """Whether the wiki has Wikibase's REST API, by its answer to a request there.

        One without it knows no such path, and says so in MediaWiki's words or a page: only
        Wikibase's own errors have a `code` (1.39 gives nothing else to tell them by). The next
        request is not tried there.
        """
        missing = answer.status == 404 and "code" not in (answer.data or {})
        self.without_rest = self.without_rest or missing
        return not missing

    def not_now(self) -> Deferred | None:
        """Why nothing is to be written now: the wiki lags, or is read-only; None: go on.

        Asked of the Action API, at most every `LAG_SECONDS`, or told with the stop pages: the REST
        API neither heeds maxlag nor tells read-only from other errors.
        """
        if time.monotonic() - self.wiki.writable_seen < LAG_SECONDS:
            return None
        lag = str(self.wiki.config.limits.maxlag_seconds)
        asked = {"action": "query", "meta": "siteinfo", "siprop": "general", "maxlag": lag}
        answer = self.wiki.look(asked)
        now = utcnow()
        trouble = unread(answer, now)
        if trouble is not None:
            if isinstance(trouble, Deferred):
                return trouble
            raise NotReachedError(trouble)
        general = (answer.data or {}).get("query", {}).get("general", {})
        if general.get("readonly"):
            return deferred("read-only", answer, now, str(general.get("readonlyreason", "")))
        self.wiki.writable_seen = time.monotonic()
        return None

    def look_again(self) -> None:
        """Ask for the lag anew before the next write: the last answer was a strange one."""
        self.wiki.writable_seen = float("-inf")

    def _stated(self, property_id: str, said: str) -> Iterator[str]:
        if entity_type(property_id) != "property":
            raise ValueError(f"{property_id!r} is no property")
        if _SEARCH_EXTENSION not in self._installed():
            raise NoSearchError(f"{self.wiki.key} has no {_SEARCH_EXTENSION}")
        asked = {
            "list": "search",
            "srsearch": f'haswbstatement:"{said}"',
            "srlimit": "max",
            "srinfo": "",
            "srprop": "",
            "srnamespace": str(self.wiki.namespace(self.title("Q1"))[0]),
        }
        for query in self.wiki.query(asked):
            for found in query.get("search", ()):
                yield found["title"].rpartition(":")[2]

    def _installed(self) -> frozenset[str]:
        if self._extensions is None:
            asked = {"action": "query", "meta": "siteinfo", "siprop": "extensions"}
            listed = self.wiki.api(asked)["query"]["extensions"]
            self._extensions = frozenset(each.get("name", "") for each in listed)
        return self._extensions

    def _latest(self, named: str, pages: Mapping[str, str]) -> Iterator[Latest]:
        """`pages`: title or page id → the entity's id."""
        asked = {"prop": "info", named: "|".join(pages), "redirects": "1"}
        revids: dict[str, int | None] = {}
        moved: dict[str, str] = {}
        for query in self.wiki.query(asked):
            for each in query.get("redirects", ()):
                moved[each["from"]] = each["to"]
            for page in query.get("pages", ()):
                name = str(page.get("pageid")) if named == "pageids" else page["title"]
                gone = page.get("missing") or page.get("invalid")
                revids[name] = None if gone else page.get("lastrevid")
        for name, entity_id in pages.items():
            target = moved.get(name, "")
            for _ in moved:  # a redirect may lead to a redirect; a circle leads nowhere
                target = moved.get(target, target)
            if (target or name) not in revids:
                info = f"{entity_id} is not in the answer to a request for it"
                raise NotReachedError(Failed(code="entity-not-told", info=info))
            revid = revids[target or name]
            yield Latest(id=entity_id, revid=revid, target=target.rpartition(":")[2])

    def _read(self, batch: Collection[str]) -> Iterator[tuple[str, Entity | Redirect | Missing]]:
        body = self.wiki.api({"action": "wbgetentities", "ids": "|".join(batch)})
        entities = body.get("entities") or {}
        for key, raw in entities.items():
            try:
                found = action_json.parse_entity(raw)
            except EntityJSONError as error:
                trouble = Failed(code="entity-not-understood", info=str(error))
                raise NotReachedError(trouble) from error
            moved = raw.get("redirects")
            if isinstance(moved, dict) and moved.get("from") in batch:
                yield moved["from"], Redirect(moved["from"], moved["to"])
            elif isinstance(found, Entity) and found.id != key:
                yield key, Redirect(key, found.id)
            if key in batch and (isinstance(found, Missing | Redirect) or found.id == key):
                yield key, found


def fits_search(property_id: str, values: Collection[str]) -> bool:
    """Whether these values of a property can be looked for in one search.

    haswbstatement takes | for "or" and * at the end for "begins with" (WikibaseCirrusSearch,
    HasWbStatementFeature), and has no way to quote them.
    """
    if not values or any(_SEARCH_SIGNS.search(each) or each != each.strip() for each in values):
        return False
    length = sum(len(property_id) + len(each) + 2 for each in values)
    return length + len('haswbstatement:""') <= LONGEST_SEARCH


def _change(raw: Mapping[str, Any]) -> Change:
    return Change(
        revid=raw["revid"],
        parent=raw["parentid"],
        user=raw.get("user", ""),
        timestamp=timestamp(raw["timestamp"]),
        comment=raw.get("comment", ""),
    )


def _old(raw: Mapping[str, Any]) -> Entity | Redirect | None:
    text = raw.get("slots", {}).get("main", {}).get("content")
    if not isinstance(text, str):
        return None
    try:
        found = action_json.parse_entity(loads(text))
    except ValueError as error:
        trouble = Failed(code="entity-not-understood", info=f"revision {raw['revid']}: {error}")
        raise NotReachedError(trouble) from error
    if isinstance(found, Missing):
        return None
    return found if isinstance(found, Redirect) else replace(found, revision=raw["revid"])
