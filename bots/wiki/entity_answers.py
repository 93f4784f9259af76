"""What Wikibase's answers to writes mean, of either API: one of the closed outcomes each.

As recorded on Wikibase 1.39 and 1.43; `tests/wikibase/outcomes.yaml` lists what becomes of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bots.core.outcome import (
    Conflict,
    Failed,
    Invalid,
    Outcome,
    Refused,
    Saved,
    Unchanged,
    Unknown,
)
from bots.wiki.answers import deferred, of_error, without_mediawiki
from bots.wiki.transport import Answer

_PATCHED = "wikibase-conflict-patched"
_BLOCK = re.compile(r"(auto|system|global)?block(ed|edtext|ed-.*|edtext-.*)", re.ASCII)
_GONE = frozenset(
    {
        "cant-load-entity-content",
        "no-such-claim",
        "no-such-entity",
        "no-such-entity-revision",
        "no-such-reference",
        "unresolved-redirect",
    }
)
"""What the edit is about is not there (any more)."""
_BAD = frozenset(
    {
        "badvalue",
        "failed-modify",
        "inconsistent-language",
        "inconsistent-site",
        "inconsistent-values",
        "invalid-claim",
        "invalid-entity-id",
        "invalid-guid",
        "invalid-json",
        "invalid-snak",
        "label-conflict",
        "modification-failed",
        "no-external-page",
        "not-recognized",
        "not-recognized-array",
        "not-recognized-badge",
        "not-recognized-language",
        "not-recognized-site",
        "not-recognized-string",
        "param-illegal",
        "param-invalid",
        "wikibase-no-direct-editing",
    }
)
_TOO_BIG = "wikibase-error-entity-too-big"
_NO_STATEMENT = "Entity does not have statement"

_DENIED: Mapping[str, Any] = {
    "blocked-user": ("blocked", True),
    "resource-protected": ("protected", False),
    "unauthorized-bot-edit": ("not-approved", True),
}
"""`denial_reason` of the REST API → reason, and whether the whole account is meant."""


def of_wbeditentity(answer: Answer, now: datetime) -> Outcome:
    """What became of a `wbeditentity`."""
    if answer.data is None:
        return without_mediawiki(answer, now)
    if answer.code:
        return _of_error(answer, now)
    entity = answer.data.get("entity")
    if not isinstance(entity, dict) or not answer.data.get("success"):
        return Unknown(info="an answer that says nothing of the edit")
    if "nochange" in entity:
        return Unchanged()
    try:
        return Saved(
            revid=int(entity["lastrevid"]),
            timestamp=_date(answer, "date", now),
            merged=_PATCHED in set(_warned(answer)),
        )
    except (KeyError, TypeError, ValueError):
        return Unknown(info="an answer that does not name the new revision")


def of_rest(answer: Answer, base_revid: int | None, now: datetime) -> Outcome:
    """What became of a PATCH or POST to the REST API, planned on `base_revid`."""
    if answer.status == 412:
        return Conflict(code="precondition-failed")
    if answer.data is None and answer.status not in (200, 201):
        return without_mediawiki(answer, now)
    if answer.status in (200, 201):
        return _rest_saved(answer, base_revid, now)
    if answer.status == 429:
        return deferred("rate-limit", answer, now, rest_info(answer))
    if answer.status == 403:
        return _denied(answer)
    if answer.status >= 500:
        return Unknown(info=rest_info(answer))
    return _rest_refused(answer)


def new_id(answer: Answer) -> str:
    """The id of the item that was made, as either API tells it; "" where it doesn't."""
    data = answer.data or {}
    entity = data.get("entity", data)
    return str(entity.get("id", "")) if isinstance(entity, dict) else ""


def is_stale(answer: Answer) -> bool:
    """Whether the REST API did nothing, since it does not take us for a bot (any more)."""
    context = (answer.data or {}).get("context")
    reason = context.get("denial_reason") if isinstance(context, dict) else None
    return answer.status == 403 and reason == "unauthorized-bot-edit"


def rest_info(answer: Answer) -> str:
    """What the REST API said, for people: its words, where, and whom we are in conflict with."""
    data = answer.data or {}
    translated = data.get("messageTranslations")
    said = data.get("message") or (translated.get("en") if isinstance(translated, dict) else "")
    parts = [str(said or rest_code(answer))]
    context = data.get("context")
    if isinstance(context, dict):
        parts += [f"{name}: {_short(value)}" for name, value in _flat(context)]
    return "; ".join(parts)


def rest_code(answer: Answer) -> str:
    """The REST API's own code, in whichever form it comes."""
    data = answer.data or {}
    named = (data.get(name) for name in ("code", "errorKey", "error"))
    return next((each for each in named if isinstance(each, str)), f"http-{answer.status}")


def _rest_saved(answer: Answer, base_revid: int | None, now: datetime) -> Outcome:
    revision = re.fullmatch(r'(?:W/)?"(\d+)"', answer.headers.get("etag", ""), re.ASCII)
    if revision is None:
        return Unknown(info="an answer that does not name the new revision")
    if int(revision[1]) == base_revid:
        return Unchanged()
    saved = _date(answer, "last-modified", now)
    return Saved(revid=int(revision[1]), timestamp=saved)


def _denied(answer: Answer) -> Refused:
    context = (answer.data or {}).get("context")
    said = str(context.get("denial_reason")) if isinstance(context, dict) else rest_code(answer)
    reason, whole = _DENIED.get(said, ("permission", False))
    return Refused(reason=reason, code=said, info=rest_info(answer), whole_account=whole)


def _rest_refused(answer: Answer) -> Outcome:
    code, info = rest_code(answer), rest_info(answer)
    data = answer.data or {}
    context = data.get("context")
    if answer.status == 409:
        moved = context.get("redirect_target") if isinstance(context, dict) else None
        return Conflict(code=code, moved_to=str(moved or ""))
    if code == "resource-not-found":
        return Conflict(code=code)
    if answer.status in (400, 413, 422) and not str(data.get("errorKey", "")):
        return Invalid(code=code, info=info)
    return Failed(code=code, info=info)


def _of_error(answer: Answer, now: datetime) -> Outcome:
    """An error of the Action API: Wikibase hides the true one behind a code of its own."""
    code = answer.code
    names = list(_messages(answer))
    inner = [name for name in names if not name.startswith("wikibase-api-")]
    inner += [name.strip() for name in answer.headers.get("mediawiki-api-error", "").split(",")]
    if "actionthrottledtext" in inner or "ratelimited" in inner:
        return deferred("rate-limit", answer, now)
    if any(_BLOCK.fullmatch(name) for name in inner):
        partial = any("partial" in name for name in inner)
        return Refused(
            reason="blocked", code="blocked", info=answer.info, whole_account=not partial
        )
    if code in _GONE or answer.info.startswith(_NO_STATEMENT):
        return Conflict(code=code)
    if _TOO_BIG in inner:
        return Invalid(code=_TOO_BIG, info=answer.info)
    for name in ["editconflict" if "edit-conflict" in inner else code, *inner]:
        outcome = of_error(answer, now, "protectedpage" if name == "protectedpagetext" else name)
        if not isinstance(outcome, Failed) and not _is_vague(outcome):
            return outcome
    if code in _BAD or any(name.startswith("wikibase-validator-") for name in inner):
        return Invalid(code=code, info=_with_parameters(answer))
    return of_error(answer, now)


def _is_vague(outcome: Outcome) -> bool:
    """`permissiondenied` says that it was refused; what stands beside it says why."""
    return isinstance(outcome, Refused) and outcome.code == "permissiondenied"


def _messages(answer: Answer) -> Iterator[str]:
    for message in _message_list(answer):
        yield str(message.get("name", ""))


def _with_parameters(answer: Answer) -> str:
    """The wiki's words; where they don't name the other entity that is meant, that besides."""
    info = answer.info
    for message in _message_list(answer):
        for each in message.get("parameters") or ():
            if isinstance(each, str) and each.startswith("[[") and each not in info:
                info += f" ({message.get('name')}: {each})"
    return info


def _message_list(answer: Answer) -> list[dict[str, Any]]:
    messages = answer.error.get("messages")
    if isinstance(messages, dict):
        messages = [each for name, each in messages.items() if name != "html"]
    return [each for each in messages or () if isinstance(each, dict)]


def _warned(answer: Answer) -> Iterator[str]:
    warnings = (answer.data or {}).get("warnings")
    for module in warnings.values() if isinstance(warnings, dict) else ():
        for message in module.get("messages", ()) if isinstance(module, dict) else ():
            if isinstance(message, dict):
                yield str(message.get("name", ""))


def _date(answer: Answer, header: str, now: datetime) -> datetime:
    """When the wiki saved it, by its own clock; else by ours."""
    try:
        return parsedate_to_datetime(answer.headers[header])
    except (KeyError, ValueError):
        return now


def _flat(context: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in context.items():
        if isinstance(value, dict) and name.endswith("_context"):
            yield from value.items()
        else:
            yield name, value


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 100 else f"{text[:99]}…"
