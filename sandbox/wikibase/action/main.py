"""Answers a request to /w/api.php: finds the module, holds it to its rules, shows what came out."""

from __future__ import annotations

import email.parser
import email.policy
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.errors import ApiError, ErrorFormat
from sandbox.wikibase.action.modules import MODULES
from sandbox.wikibase.action.parameters import names, read
from sandbox.wikibase.action.refused import explained
from sandbox.wikibase.http import Request, Response
from sandbox.wikibase.phpjson import dumps
from sandbox.wikibase.refusals import Refusal

if TYPE_CHECKING:
    from sandbox.wikibase.server import Wikibase

_FORMATS = names("json jsonfm none php phpfm rawfm xml xmlfm")
_MAIN = names(
    "action format maxlag smaxage maxage assert assertuser requestid servedby curtimestamp"
    " responselanginfo origin uselang variant errorformat errorlang errorsuselocal formatversion"
    " utf8 ascii callback centralauthtoken _method"
)


def handle(request: Request, wikibase: Wikibase) -> Response:
    """Answer a request to the Action API; nothing that it does makes this raise."""
    given, in_query = _parameters(request)
    call = Call(wikibase, request, given, in_query)
    headers: dict[str, str] = {}
    try:
        body = _answer(call)
        _warn_of_unknown(call)
    except (ApiError, Refusal) as caught:
        error = caught if isinstance(caught, ApiError) else explained(caught, call)
        body = call.errors.body(error, given.get("action", "main"))
        body["servedby"] = "standin"
        headers = {"MediaWiki-API-Error": ", ".join(error.codes), **error.headers}
    shown = _with_warnings(call, body)
    if call.version == 1:
        shown = _older(shown)
    ascii_only = call.version == 1 and "utf8" not in given
    text = dumps(shown, ascii_only=ascii_only)
    return Response(
        200,
        text.encode("utf-8", "surrogatepass"),
        {
            "Content-Type": "application/json; charset=utf-8",
            "Cache-Control": "private, must-revalidate, max-age=0",
            "X-Content-Type-Options": "nosniff",
            **headers,
        },
        tuple(call.cookies),
    )


def _answer(call: Call) -> dict[str, Any]:
    for name in _MAIN:
        call.take(name)
    call.errors = _error_format(call)
    if call.given.get("format", "json") not in _FORMATS:
        given = call.given["format"]
        raise ApiError("badvalue", f'Unrecognized value for parameter "format": {given}.')
    name = call.given.get("action", "help")
    module = MODULES.get(name)
    _check_asserts(call)
    if module is None:
        raise ApiError("badvalue", f'Unrecognized value for parameter "action": {name}.')
    call.module = module
    call.params = read(module, call)
    _check_token(call)
    if module.writes and call.wikibase.settings.read_only:
        raise ApiError(
            "readonly",
            "The wiki is currently in read-only mode.",
            module="main",
            readonlyreason=call.wikibase.settings.read_only,
        )
    _check_lag(call)
    if module.posted and call.request.method != "POST":
        raise ApiError("mustbeposted", f'The "{name}" module requires a POST request.')
    return module.run(call)


def _parameters(request: Request) -> tuple[dict[str, str], set[str]]:
    found = dict(parse_qsl(request.query, keep_blank_values=True))
    in_query = set(found)
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        found |= _multipart(kind, request.body)
    elif request.body:
        text = request.body.decode("utf-8", "surrogateescape")
        found |= dict(parse_qsl(text, keep_blank_values=True))
    return {name: value.replace("\r\n", "\n") for name, value in found.items()}, in_query


def _multipart(kind: str, body: bytes) -> dict[str, str]:
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            found[name] = payload.decode("utf-8", "replace")
    return found


def _error_format(call: Call) -> ErrorFormat:
    version = call.given.get("formatversion", "1")
    wanted = call.given.get("errorformat", "bc")
    if version not in ("1", "2", "latest"):
        raise ApiError("badvalue", f'Unrecognized value for parameter "formatversion": {version}.')
    if wanted not in ("bc", "plaintext", "wikitext", "html", "raw", "none"):
        raise ApiError("badvalue", f'Unrecognized value for parameter "errorformat": {wanted}.')
    return ErrorFormat(wanted, 1 if version == "1" else 2, call.wikibase.api)


def _check_asserts(call: Call) -> None:
    wanted, name = call.given.get("assert"), call.given.get("assertuser")
    session = call.session
    if wanted is not None and wanted not in ("anon", "bot", "user"):
        raise ApiError("badvalue", f'Unrecognized value for parameter "assert": {wanted}.')
    if wanted == "anon" and session.user:
        raise ApiError("assertanonfailed", "You are logged in, so the action failed.")
    if wanted == "user" and not session.user:
        raise ApiError(
            "assertuserfailed",
            "You are no longer logged in, so the action could not be completed.",
        )
    if wanted == "bot" and "bot" not in session.rights:
        raise ApiError(
            "assertbotfailed",
            'You do not have the "bot" right, so the action could not be completed.',
        )
    if name is not None and name != session.name:
        raise ApiError(
            "assertnameduserfailed",
            f'You are no longer logged in as "{name}", so the action could not be completed.',
        )


def _check_token(call: Call) -> None:
    if not call.module.guarded_by:
        return
    given = call.take("token")
    if "token" in call.in_query:
        raise ApiError(
            "mustpostparams",
            "The following parameter was found in the query string, but must be in the POST body:"
            " token.",
        )
    if given is None:
        raise ApiError("missingparam", 'The "token" parameter must be set.')
    if given != call.wikibase.accounts.token(call.session, call.module.guarded_by):
        raise ApiError("badtoken", "Invalid CSRF token.")


def _check_lag(call: Call) -> None:
    given = call.given.get("maxlag")
    if given is None:
        return
    try:
        most = int(given)
    except ValueError:
        message = f'Invalid value "{given}" for integer parameter "maxlag".'
        raise ApiError("badinteger", message) from None
    settings = call.wikibase.settings
    lag: float = settings.database_lag or -1
    host, kind = "", "db"
    more: dict[str, Any] = {}
    if settings.query_service_lag > max(lag, 0):
        lag, host = settings.query_service_lag, settings.query_service_host
        kind, more = "wikibase-queryservice", {"replag": lag}
    if lag <= most:
        return
    seconds = "second" if abs(lag) == 1 else "seconds"
    raise ApiError(
        "maxlag",
        f"Waiting for {host}: {lag:g} {seconds} lagged.",
        headers={"Retry-After": "5", "X-Database-Lag": str(math.trunc(lag))},
        host=host,
        lag=lag,
        type=kind,
        **more,
        module="main",
    )


def _warn_of_unknown(call: Call) -> None:
    unknown = call.untaken()
    if unknown:
        noun = "parameter" if len(unknown) == 1 else "parameters"
        call.warn("main", f"Unrecognized {noun}: {', '.join(unknown)}.")


def _with_warnings(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    if call.errors.name != "bc":
        shown = [
            {"code": "warning", "text": text, "module": module}
            for module, texts in call.warnings.items()
            for text in texts
        ]
        return {"warnings": shown, **body} if shown else body
    warnings: dict[str, Any] = {
        module: {"warnings": "\n".join(texts)} for module, texts in call.warnings.items()
    }
    for module, messages in call.notes.items():
        warnings.setdefault(module, {})["messages"] = messages
    return {"warnings": warnings, **body} if warnings else body


def _older(value: Any) -> Any:
    """Format version 1: true is an empty text, false is left out, texts of warnings are `*`."""
    if isinstance(value, Mapping):
        shown = {}
        for key, part in value.items():
            if part is False:
                continue
            shown["*" if key == "warnings" and isinstance(part, str) else key] = _older(part)
        return shown
    if isinstance(value, list):
        return [_older(part) for part in value]
    return "" if value is True else value
