"""The stand-in's REST API: which address leads where, and what goes before every answer.

Base `/w/rest.php/wikibase/v1`, as Wikibase 1.43 has it, without the writes on whole properties.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from sandbox.wikibase import rest_edits as edits
from sandbox.wikibase import rest_reads as reads
from sandbox.wikibase import rest_terms as terms
from sandbox.wikibase.accounts import Session
from sandbox.wikibase.http import Request, Response
from sandbox.wikibase.phpjson import dumps, loads
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.rest_call import BODILESS, Call, elsewhere, etag, modified_at
from sandbox.wikibase.rest_errors import (
    SENT,
    RestError,
    denied,
    framework,
    of_refusal,
    worded,
)
from sandbox.wikibase.state import Revision

if TYPE_CHECKING:
    from sandbox.wikibase.server import Wikibase

Handler = Callable[..., Response]

_PREFIX = "/w/rest.php"
_BASE = "/wikibase/v1"
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_METADATA = {"tags": "array", "bot": "boolean", "comment": "string"}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "array": (list, dict),
    "boolean": (bool,),
    "string": (str,),
}
_BODIES: Mapping[Handler, Mapping[str, str]] = {
    edits.post_item: {"item": "array"},
    edits.patch_item: {"patch": "array"},
    edits.post_statement: {"statement": "array"},
    edits.replace_statement: {"statement": "array"},
    edits.patch_statement: {"patch": "array"},
    terms.patch_terms: {"patch": "array"},
    terms.post_aliases: {"aliases": "array"},
    terms.put_sitelink: {"sitelink": "array"},
}
"""The field that a write needs in its body, and its type."""

_ENTITY = "/entities/(?P<kind>items|properties)/(?P<number>[^/]+)"
_ITEM = "/entities/items/(?P<number>[^/]+)"
_STATEMENT: Mapping[str, Handler] = {
    "GET": reads.get_statement,
    "PUT": edits.replace_statement,
    "PATCH": edits.patch_statement,
    "DELETE": edits.delete_statement,
}
_TERM: Mapping[str, Handler] = {
    "GET": reads.get_term,
    "PUT": terms.put_term,
    "DELETE": terms.delete_term,
}
_SITELINK: Mapping[str, Handler] = {
    "GET": reads.get_sitelink,
    "PUT": terms.put_sitelink,
    "DELETE": terms.delete_sitelink,
}
_ADDRESSES: list[tuple[str, Mapping[str, Handler]]] = [
    ("/entities/items", {"POST": edits.post_item}),
    (
        "/entities/(?P<kind>items)/(?P<number>[^/]+)",
        {"GET": reads.get_entity, "PATCH": edits.patch_item},
    ),
    ("/entities/(?P<kind>properties)/(?P<number>[^/]+)", {"GET": reads.get_entity}),
    (f"{_ENTITY}/statements", {"GET": reads.get_statements, "POST": edits.post_statement}),
    (f"{_ENTITY}/statements/(?P<statement>[^/]+)", _STATEMENT),
    ("/statements/(?P<statement>[^/]+)", _STATEMENT),
    (
        f"{_ENTITY}/(?P<field>labels|descriptions|aliases)",
        {"GET": reads.get_terms, "PATCH": terms.patch_terms},
    ),
    (f"{_ENTITY}/(?P<field>labels|descriptions)/(?P<language>[^/]+)", _TERM),
    (
        f"{_ENTITY}/(?P<field>labels|descriptions)_with_language_fallback/(?P<language>[^/]+)",
        {"GET": reads.get_term_with_fallback},
    ),
    (
        f"{_ENTITY}/(?P<field>aliases)/(?P<language>[^/]+)",
        {"GET": reads.get_term, "POST": terms.post_aliases},
    ),
    (f"{_ITEM}/sitelinks", {"GET": reads.get_sitelinks}),
    (f"{_ITEM}/sitelinks/(?P<site>[^/]+)", _SITELINK),
    ("/property-data-types", {"GET": reads.get_data_types}),
]
_ROUTES = [(re.compile(_BASE + pattern), methods) for pattern, methods in _ADDRESSES]


def handle(request: Request, wikibase: Wikibase) -> Response:
    """Answer a request under /w/rest.php."""
    session = wikibase.session(request)
    try:
        handler, names = _route(request, wikibase.settings.version)
        body = _body(request, handler, names)
    except RestError as error:
        return _with_headers(_of_error(error), {"Vary": "x-restbase-compat"})
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    call = Call(wikibase, request, session, body, query)
    return _with_headers(_answer(call, handler, names), _cache_headers(session, request))


def _route(request: Request, version: str) -> tuple[Handler, dict[str, str]]:
    path = request.path.removeprefix(_PREFIX)
    unknown = f"The requested relative path ({path}) did not match any known handler"
    if version < "1.43":
        # As 1.39 answers: it has no such API, and no key says which error this is.
        raise framework(404, messageTranslations={"en": unknown})
    method = "GET" if request.method == "HEAD" else request.method
    for pattern, methods in _ROUTES:
        found = pattern.fullmatch(path)
        if found and method in methods:
            return methods[method], found.groupdict()
        if found:
            allowed = ", ".join([*(["HEAD"] if "GET" in methods else []), *methods])
            text = (
                f"The request method ({request.method}) was not one of the allowed methods "
                f"for this path ({allowed})"
            )
            raise framework(405, headers={"Allow": allowed}, messageTranslations={"en": text})
    raise worded(404, "rest-no-match", unknown)


# the body


def _body(request: Request, handler: Handler, names: Mapping[str, str]) -> Mapping[str, Any]:
    if request.method in ("GET", "HEAD"):
        return {}
    given = _parsed(request)
    wanted = {**_needed(handler, names), **_METADATA}
    fields = given if isinstance(given, dict) else {str(i): v for i, v in enumerate(given)}
    for name, kind in wanted.items():
        value = fields.get(name)
        if value is None and name not in _METADATA:
            raise _as_framework(SENT.missing("", name))
        if value is not None and not isinstance(value, _TYPES[kind]):
            raise _as_framework(SENT.invalid(f"/{name}", value))
    extra = [name for name in fields if name not in wanted]
    if extra:
        text = f"Extraneous fields found in request body: {', '.join(extra)}"
        raise framework(
            400,
            error="parameter-validation-failed",
            failureCode="extraneous-body-fields",
            name=extra[0],
            failureData=extra,
            errorKey="rest-extraneous-body-fields",
            messageTranslations={"en": text},
        )
    return fields


def _needed(handler: Handler, names: Mapping[str, str]) -> Mapping[str, str]:
    if handler is terms.put_term:
        return {reads.SINGULAR[names["field"]]: "string"}
    return _BODIES.get(handler, {})


def _parsed(request: Request) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not request.body:
        return {}
    allowed = ["application/json"]
    if request.method == "PATCH":
        allowed.append("application/json-patch+json")
    if kind not in allowed:
        raise worded(415, "rest-unsupported-content-type", f"Unsupported Content-Type: {kind}")
    try:
        given = loads(request.body)
        if _SURROGATE.search(request.body):
            dumps(given).encode()
    except (ValueError, RecursionError):  # half a surrogate pair, too, is no JSON to PHP
        given = None
    if not isinstance(given, dict | list):
        text = "Parsing request body as JSON failed: not a valid JSON object"
        raise worded(400, "rest-json-body-parse-error", text)
    return given


def _as_framework(error: RestError) -> RestError:
    return framework(error.status, **(error.body or {}))


# the answer


def _answer(call: Call, handler: Handler, names: Mapping[str, str]) -> Response:
    if not call.request.headers.get("user-agent"):
        message = "Request must include User-Agent header"
        return _of_error(framework(400, code="missing-user-agent", message=message))
    try:
        if call.body.get("bot") and "bot" not in call.session.rights:
            raise denied("unauthorized-bot-edit")
        _check_preconditions(call, names)
        response = partial(handler, call, **names)()
    except RestError as error:
        response = _of_error(error)
    except Refusal as refusal:
        response = _of_refused(call, refusal, names)
    if call.session.user and response.status != 500 and handler is not reads.get_data_types:
        named = {"X-Authenticated-User": call.session.user.name}
        return _with_headers(response, named)
    return response


def _of_error(error: RestError) -> Response:
    if error.body is None:
        return Response(error.status, b"", {**BODILESS, **error.headers})
    headers = {"Content-Type": "application/json", **error.headers}
    return Response(error.status, dumps(error.body).encode(), headers)


def _of_refused(call: Call, refusal: Refusal, names: Mapping[str, str]) -> Response:
    """A refusal in this API's words; a read of a redirect is sent on to its target."""
    if refusal.reason != "redirected" or call.request.method not in ("GET", "HEAD"):
        return _of_error(of_refusal(refusal))
    path = call.request.path.replace(names["number"], refusal.facts["target"], 1)
    query = f"?{call.request.query}" if call.request.query else ""
    return elsewhere(308, f"{call.wikibase.url}{path}{query}")


def _with_headers(response: Response, more: Mapping[str, str]) -> Response:
    return replace(response, headers={**response.headers, **more})


def _cache_headers(session: Session, request: Request) -> dict[str, str]:
    headers = {"Vary": "x-restbase-compat"}
    if session.user:
        headers["Cache-Control"] = "private,must-revalidate,s-maxage=0"
    elif request.method not in ("GET", "HEAD"):
        headers["Cache-Control"] = "private,no-cache,s-maxage=0"
    return headers


# preconditions


def _check_preconditions(call: Call, names: Mapping[str, str]) -> None:
    """Raise RestError 304 or 412 where the headers of a conditional request say so."""
    revision = _latest(call, names)
    if revision is None:
        return
    headers = call.request.headers
    reading = call.request.method in ("GET", "HEAD")
    made = modified_at(revision)
    if "if-match" in headers:
        if not _names(headers["if-match"], revision):
            raise RestError(412, None)
    elif (limit := _date(headers, "if-unmodified-since")) and made > limit:
        raise RestError(412, None)
    if "if-none-match" in headers:
        if _names(headers["if-none-match"], revision):
            raise (
                RestError(304, None, {"ETag": etag(revision)}) if reading else RestError(412, None)
            )
    elif reading and (limit := _date(headers, "if-modified-since")) and made <= limit:
        raise _not_modified(revision)


def _not_modified(revision: Revision) -> RestError:
    return RestError(304, None, {"ETag": etag(revision)})


def _latest(call: Call, names: Mapping[str, str]) -> Revision | None:
    number = names.get("number") or names.get("statement", "").partition("$")[0]
    try:
        return call.entity(number.upper())[0]
    except Refusal:
        return None


def _names(header: str, revision: Revision) -> bool:
    """Whether an If-Match or If-None-Match names the revision; weak tags count as strong ones."""
    tags = re.findall(r'(?:W/)?("[^"]*")', header)
    return header.strip() == "*" or etag(revision) in tags


def _date(headers: Mapping[str, str], name: str) -> datetime | None:
    try:
        return parsedate_to_datetime(headers[name]) if name in headers else None
    except ValueError:
        return None
