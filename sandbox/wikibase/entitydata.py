"""Special:EntityData: an entity as JSON by a plain address, and its concept URI."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sandbox.wikibase import entities
from sandbox.wikibase.http import Request, Response
from sandbox.wikibase.phpjson import dumps

if TYPE_CHECKING:
    from sandbox.wikibase.server import Wikibase

_ADDRESS = re.compile(r"/wiki/Special:EntityData/([^/.]+)(?:\.(\w+))?\Z")


def concept(path: str, wikibase: Wikibase) -> Response:
    """Where a concept URI such as /entity/Q5 leads."""
    number = path.removeprefix("/entity/")
    address = f"{wikibase.url}/wiki/Special:EntityData/{number}"
    return Response(303, b"", {"Location": address, "Content-Type": "text/html; charset=UTF-8"})


def entity_data(request: Request, wikibase: Wikibase) -> Response:
    """The entity that the address names; redirects are followed."""
    found = _ADDRESS.match(request.path)
    number = found[1] if found else request.path.rpartition("/")[2]
    if found is None or not re.match(r"[QPM][1-9]\d{0,9}\Z", number):
        return _failed(400, "Bad Request", f"Invalid ID: {number}.")
    page = wikibase.state.page(wikibase.state.resolve(number))
    if page is None or page.deleted or page.entity is None:
        return _failed(404, "Not Found", f"No entity with ID {number} was found.")
    wanted = parse_qs(request.query).get("revision", [""])[0]
    revision = wikibase.state.revision(int(wanted) if wanted.isdecimal() else page.latest)
    if revision is None or revision.page != page.id:
        return _failed(404, "Not Found", f"No entity with ID {number} was found.")
    content = wikibase.state.content(revision)
    facts = {
        "pageid": page.id,
        "ns": page.ns,
        "title": page.title,
        "lastrevid": revision.id,
        "modified": revision.time,
        **entities.shown(content, wikibase.state.datatype),
    }
    modified = datetime.fromisoformat(revision.time)
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "Last-Modified": format_datetime(modified, usegmt=True),
        "Cache-Control": "private, no-cache, s-maxage=0",
    }
    body = dumps({"entities": {page.entity: facts}})
    return Response(200, body.encode("utf-8", "surrogatepass"), headers)


def _failed(status: int, phrase: str, words: str) -> Response:
    body = (
        f"<!DOCTYPE html>\n<html><head><title>{phrase}</title></head>\n"
        f"<body><h1>{phrase}</h1><p>{escape(words)}</p></body></html>\n"
    )
    return Response(status, body.encode(), {"Content-Type": "text/html; charset=utf-8"})
