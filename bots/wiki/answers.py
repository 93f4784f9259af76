"""What an answer of MediaWiki means: each one, and each lost one, is one of the closed outcomes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bots.core.outcome import (
    Conflict,
    Deferred,
    Failed,
    Invalid,
    Outcome,
    Refused,
    Saved,
    Unchanged,
    Unknown,
)
from bots.wiki.transport import LONGEST_RETRY_AFTER, Answer

STALE = frozenset(
    {
        "assertbotfailed",
        "assertnameduserfailed",
        "assertuserfailed",
        "badtoken",
        "mustbeloggedin",
        "notloggedin",
    }
)
"""Errors that end a request before anything is done, since session or token are not valid."""

_CONFLICT = {
    "articleexists",
    "edit-already-exists",
    "edit-gone-missing",
    "editconflict",
    "missingtitle",
    "nosuchrevid",
    "pagedeleted",
    "revwrongpage",
}
_PROTECTED = {
    "cantedit",
    "cascadeprotected",
    "contentnotallowedhere",
    "customcssjsprotected",
    "customcssprotected",
    "customjsonprotected",
    "customjsprotected",
    "mycustomcssprotected",
    "mycustomjsonprotected",
    "mycustomjsprotected",
    "protectednamespace",
    "protectednamespace-interface",
    "protectedpage",
    "protectedtitle",
    "sitecssprotected",
    "sitejsonprotected",
    "sitejsprotected",
}
_BLOCKED = {"autoblocked", "blocked", "torblocked"}
_BLOCKED_PREFIXES = ("globalblocking", "wikimedia-globalblocking")
_FILTERED = {"captcha", "hookaborted"}
_FILTERED_PREFIXES = ("abusefilter-", "spam", "titleblacklist")
_PERMISSION = {
    "cantcreate",
    "cantcreate-anon",
    "confirmemail",
    "noapiwrite",
    "noedit",
    "noedit-anon",
    "noimageredirect",
    "noimageredirect-anon",
    "permissiondenied",
    "readapidenied",
    "writeapidenied",
}
_WHOLE_ACCOUNT = {"confirmemail", "noapiwrite", "readapidenied", "writeapidenied"}
_INVALID = {
    "badformat",
    "badmd5",
    "cantchangecontentmodel",
    "contentmodel-mismatch",
    "contenttoobig",
    "emptypage",
    "invalid-content-data",
    "invalidtitle",
    "no-direct-editing",
    "pagecannotexist",
    "parseerror",
    "unsupportednamespace",
}

_WAIT = {
    "lag": timedelta(seconds=5),
    "rate-limit": timedelta(seconds=60),
    "read-only": timedelta(seconds=60),
    "unavailable": timedelta(seconds=60),
}
"""How long to wait where the wiki does not say."""


def outcome_of(answer: Answer, base_revid: int | None, now: datetime) -> Outcome:
    """What became of an edit that was planned on `base_revid` (None: on no page), by its answer.

    Whatever MediaWiki itself did not answer may have been saved, also behind an error page of a
    server in front of it; only a connection that never was, and refusals by which such a server
    keeps a request to itself (4xx), are certain. Codes: `ApiEditPage::execute`,
    `ApiMessageTrait::$messageMap` and mediawiki.org, API:Errors and warnings.
    """
    if answer.data is None:
        return without_mediawiki(answer, now)
    if answer.code:
        return of_error(answer, now)
    edit = answer.data.get("edit")
    if not isinstance(edit, dict):
        return Unknown(info="an answer that says nothing of the edit")
    if edit.get("result") != "Success":
        return _of_failure(edit)
    if edit.get("nochange"):
        return Unchanged()
    try:
        return Saved(
            revid=int(edit["newrevid"]),
            timestamp=timestamp(edit["newtimestamp"]),
            merged=int(edit["oldrevid"]) != (base_revid or 0),
        )
    except (KeyError, TypeError, ValueError):
        return Unknown(info="an answer that does not name the new revision")


def unread(answer: Answer, now: datetime) -> Deferred | Refused | Failed | None:
    """Why an answer to a reading request can't be used; None: it can."""
    if answer.data is None:
        outcome = without_mediawiki(answer, now)
    elif answer.error:
        outcome = of_error(answer, now)
    else:
        return None
    if isinstance(outcome, Deferred | Refused | Failed):
        return outcome
    if isinstance(outcome, Unknown):
        return deferred("unavailable", answer, now)
    return Failed(code=answer.code, info=answer.info)


def timestamp(said: str) -> datetime:
    """A timestamp of MediaWiki's (ISO 8601, UTC). Raises ValueError."""
    return datetime.fromisoformat(said)


def without_mediawiki(answer: Answer, now: datetime) -> Outcome:
    """What became of an edit whose answer is no JSON object."""
    if not answer.arrived:
        return deferred("unavailable", answer, now)
    if answer.status == 429:
        return deferred("rate-limit", answer, now)
    if answer.status == 413:
        return Invalid(code="http-413", info="the server in front of the wiki finds it too big")
    if 300 <= answer.status < 500:
        return Failed(code=f"http-{answer.status}", info=answer.lost)
    return Unknown(info=answer.lost)


def of_error(answer: Answer, now: datetime, code: str = "") -> Outcome:
    """What an error of MediaWiki's own means; `code`, where it is another than the first."""
    code, info = code or answer.code, answer.info
    if code == "maxlag":
        return deferred("lag", answer, now)
    if code == "ratelimited":
        return deferred("rate-limit", answer, now)
    if code == "readonly":
        reason = answer.error.get("readonlyreason")
        return deferred("read-only", answer, now, str(reason or info))
    if code in _CONFLICT:
        return Conflict(code=code)
    if code in _INVALID:
        return Invalid(code=code, info=info)
    if code.startswith("internal_api_error"):
        return Unknown(info=f"{code}: {info}")
    return _refused(code, info, answer.error) or Failed(code=code, info=info)


def _refused(code: str, info: str, error: Any) -> Refused | None:
    if code in _PROTECTED:
        return Refused(reason="protected", code=code, info=info)
    if code in _BLOCKED or code.startswith(_BLOCKED_PREFIXES):
        details = error.get("blockinfo")
        partial = isinstance(details, dict) and bool(details.get("blockpartial"))
        return Refused(reason="blocked", code=code, info=info, whole_account=not partial)
    if code in _FILTERED or code.startswith(_FILTERED_PREFIXES):
        return Refused(reason="filtered", code=code, info=info)
    if code == "assertbotfailed":
        return Refused(reason="not-approved", code=code, info=info, whole_account=True)
    if code.startswith("mwoauth-"):
        return Refused(reason="permission", code=code, info=info, whole_account=True)
    if code in _PERMISSION:
        whole = code in _WHOLE_ACCOUNT
        return Refused(reason="permission", code=code, info=info, whole_account=whole)
    return None


def _of_failure(edit: dict[str, Any]) -> Outcome:
    """`result: Failure`, as extensions give it that don't use errors (captchas, older filters)."""
    code = "captcha" if "captcha" in edit else str(edit.get("code") or "failure")
    info = str(edit.get("info", ""))
    return _refused(code, info, edit) or Failed(code=code, info=info)


def deferred(reason: Any, answer: Answer, now: datetime, info: str = "") -> Deferred:
    """Later: when the wiki says, or, where it does not, when it is decent for this reason."""
    wait = answer.retry_after(now)
    if wait is None:
        wait = _WAIT[reason]
    until = now + min(wait, LONGEST_RETRY_AFTER)
    return Deferred(until=until, reason=reason, info=info or answer.info)
