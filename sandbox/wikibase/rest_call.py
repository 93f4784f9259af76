"""One call of the REST API: who asks for what, its body checked, and how it is answered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandbox.wikibase.accounts import Session
from sandbox.wikibase.edits import Edit
from sandbox.wikibase.entities import stored_statement
from sandbox.wikibase.http import Request, Response
from sandbox.wikibase.phpjson import dumps
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.rest_errors import SENT, RestError, bad_path, not_found, unexpected
from sandbox.wikibase.rest_form import entity_form, statement_form
from sandbox.wikibase.state import Revision

if TYPE_CHECKING:
    from sandbox.wikibase.server import Wikibase

COMMENT_LIMIT = 500
BODILESS = {"Content-type": "text/html; charset=UTF-8"}
"""What PHP says of the type of nothing."""
KINDS = {"items": "item", "properties": "property"}
_LETTERS = {"items": "Q", "properties": "P"}


@dataclass(frozen=True)
class Call:
    """A call that found its route; `body` is checked, `query` holds the last value of a name."""

    wikibase: Wikibase
    request: Request
    session: Session
    body: Mapping[str, Any]
    query: Mapping[str, str]

    # what it is about

    def entity_id(self, kind: str, text: str) -> str:
        """The id in an address, in capitals. Raises RestError where it is none of that kind."""
        number = text.upper()
        if number[:1] != _LETTERS[kind] or not number[1:].isdecimal() or number[1] == "0":
            raise bad_path(f"{KINDS[kind]}_id")
        return number

    def entity(self, number: str) -> tuple[Revision, Mapping[str, Any]]:
        """The latest revision and the content of an entity. Raises Refusal."""
        return self.wikibase.state.entity(number)

    def entity_form(self, content: Mapping[str, Any]) -> Any:
        """An entity as the API shows it."""
        return entity_form(content, self.wikibase.state.datatype, self.link)

    def statement_form(self, claim: Mapping[str, Any]) -> dict[str, Any]:
        """A statement as the API shows it."""
        return statement_form(claim, self.wikibase.state.datatype)

    def link(self, site: str, title: str) -> str:
        """The address of a page that a sitelink leads to."""
        base = self.wikibase.settings.sites.get(site) or f"{self.wikibase.url}/wiki/"
        return base + quote(title.replace(" ", "_"), safe="/:")

    # writing

    def check_metadata(self) -> None:
        """Refuse a comment that is too long and tags that may not be set."""
        comment = self.body.get("comment")
        if comment is not None and len(comment.encode()) > COMMENT_LIMIT:
            raise SENT.too_long("/comment", COMMENT_LIMIT)
        for index, tag in enumerate(self._tags()):
            try:
                self.wikibase.editing.check_tags([tag])
            except Refusal as refusal:
                raise SENT.invalid(f"/tags/{index}", tag) from refusal

    def check_may_edit(self, number: str | None) -> None:
        """Refuse whoever may not edit an entity, or make one. Raises Refusal."""
        self.wikibase.editing.check_may_edit(self.session, number)

    def save(self, content: Mapping[str, Any], before: Revision | None, summary: str) -> Revision:
        """Make the edit, following `before`; the revision that stands then.

        A late conflict and a read-only wiki are both an unexpected error to Wikibase.
        """
        if self.wikibase.settings.read_only:
            raise unexpected()
        comment = self.body.get("comment") or ""
        edit = Edit(
            entity=content["id"],
            content=content,
            comment=f"{summary} {comment}".strip(),
            base=before.id if before else 0,
            bot=bool(self.body.get("bot")),
            tags=tuple(self._tags()),
        )
        return self.wikibase.editing.save(self.session, edit).revision

    def _tags(self) -> list[Any]:
        tags = self.body.get("tags") or []
        return list(tags.values()) if isinstance(tags, dict) else tags


def with_ids(content: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An entity whose new statements have ids, all statements in the form that is kept.

    Those that are the very ones of `before` are in it already.
    """
    groups = before["claims"].values() if before else ()
    kept = {id(claim) for group in groups for claim in group}
    claims = {
        prop: [
            claim if id(claim) in kept else stored_statement(with_id(claim, content["id"]))
            for claim in group
        ]
        for prop, group in content["claims"].items()
    }
    return {**content, "claims": claims}


def with_id(claim: Mapping[str, Any], entity: str) -> Mapping[str, Any]:
    """A statement with the id that it has, or with a new one."""
    return claim if "id" in claim else {**claim, "id": f"{entity}${uuid.uuid4()}".upper()}


def statement_entity(number: str) -> tuple[str, str]:
    """Kind and id of the entity that a statement id is of. Raises RestError where it is none."""
    entity, dollar, rest = number.partition("$")
    kinds = {letter: kind for kind, letter in _LETTERS.items()}
    try:
        uuid.UUID(rest)
    except ValueError as error:
        raise bad_path("statement_id") from error
    if not dollar or entity[:1].upper() not in kinds or not entity[1:].isdecimal():
        raise bad_path("statement_id")
    return kinds[entity[0].upper()], entity.upper()


def missing_statement() -> RestError:
    """There is no statement with that id."""
    return not_found("statement")


# answers


def shown(revision: Revision, body: Any, status: int = 200, *, location: str = "") -> Response:
    """An answer that belongs to a revision; `location` is where what was made is."""
    headers = {"ETag": etag(revision), "Last-Modified": modified(revision)}
    return plain(body, status, {**headers, "Location": location} if location else headers)


def plain(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON."""
    kind = {"Content-Type": "application/json"}
    return Response(status, dumps(body).encode(), {**kind, **(headers or {})})


def deleted(name: str) -> Response:
    """The answer to a DELETE."""
    return plain(f"{name} deleted", headers={"Content-Language": "en"})


def elsewhere(status: int, address: str) -> Response:
    """An answer that sends on to another address."""
    return Response(status, b"", {**BODILESS, "Location": address})


def etag(revision: Revision) -> str:
    """A revision's ETag."""
    return f'"{revision.id}"'


def modified(revision: Revision) -> str:
    """When a revision was made, for a header."""
    return format_datetime(modified_at(revision), usegmt=True)


def modified_at(revision: Revision) -> datetime:
    """When a revision was made."""
    return datetime.strptime(revision.time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
