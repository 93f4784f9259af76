"""What action=query tells of pages: prop=info, revisions, pageprops."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.wikibase import entities
from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.errors import ApiError
from sandbox.wikibase.action.parameters import Module, limit, many, names, number, one_of, text
from sandbox.wikibase.state import WIKITEXT, Page, Revision

_LISTING = names("limit startid endid start end user excludeuser")
_NAMED = (
    '"rvlimit", "rvstartid", "rvendid", "rvdir=newer", "rvuser", "rvexcludeuser", "rvstart", and'
    ' "rvend"'
)
_INFO = names(
    "protection talkid watched watchers visitingwatchers notificationtimestamp subjectid"
    " associatedpage url readable preload displaytitle varianttitles linkclasses editintro"
    " preloadcontent preloadisdefault"
)
_REVISION = names(
    "ids flags timestamp user userid size slotsize sha1 slotsha1 contentmodel comment"
    " parsedcomment content tags roles parsetree"
)


def info(call: Call) -> dict[int, dict[str, Any]]:
    """prop=info."""
    state, base = call.wikibase.state, call.wikibase.url
    shown = {}
    for page in call.pages.found.values():
        latest = state.revision(page.latest)
        if latest is None:
            continue
        language = call.wikibase.settings.language
        facts: dict[str, Any] = {
            "contentmodel": page.model,
            "pagelanguage": language,
            "pagelanguagehtmlcode": language,
            "pagelanguagedir": "ltr",
            "touched": latest.time,
            "lastrevid": latest.id,
            "length": latest.size,
        }
        facts |= {"redirect": True} if page.redirect else {}
        facts |= {"new": True} if not latest.parent else {}
        wanted = call["prop"] or []
        if "protection" in wanted:
            facts["protection"] = [
                {"type": action, "level": group, "expiry": "infinity"}
                for action, group in page.protection.items()
            ]
            facts["restrictiontypes"] = ["edit", "move"]
        if "url" in wanted:
            title = page.title.replace(" ", "_")
            facts["fullurl"] = f"{base}/wiki/{title}"
            facts["editurl"] = f"{base}/w/index.php?title={title}&action=edit"
            facts["canonicalurl"] = f"{base}/wiki/{title}"
        if "displaytitle" in wanted:
            facts["displaytitle"] = page.title
        shown[page.id] = facts
    return shown


def page_props(call: Call) -> dict[int, dict[str, Any]]:
    """prop=pageprops: how many statements and sitelinks an item has."""
    state = call.wikibase.state
    shown = {}
    for page in call.pages.found.values():
        latest = state.revision(page.latest)
        if latest is None or page.model == WIKITEXT or page.redirect:
            continue
        content = state.content(latest)
        facts = {
            "wb-claims": str(sum(1 for _ in entities.statements(content))),
            "wb-sitelinks": str(len(content.get("sitelinks") or {})),
        }
        shown[page.id] = {"pageprops": facts}
    return shown


def revisions(call: Call) -> dict[int, dict[str, Any]]:
    """prop=revisions: the latest of many pages, those named by revids, or one page's history."""
    state, pages = call.wikibase.state, call.pages
    listing = [name for name in _LISTING if call[name] is not None]
    listing += ["dir"] if call["dir"] == "newer" else []
    if pages.revisions:
        if listing:
            raise ApiError(
                "invalidparammix",
                f'The "revids" parameter may not be used with the list options ({_NAMED}).',
            )
        shown: dict[int, dict[str, Any]] = {}
        for wanted in pages.revisions:
            revision = state.revision(wanted)
            if revision is not None:
                listed = shown.setdefault(revision.page, {"revisions": []})["revisions"]
                listed.append(shown_revision(revision, call))
        return shown
    if not listing:
        latest = {page.id: state.revision(page.latest) for page in pages.found.values()}
        return {
            number: {"revisions": [shown_revision(revision, call)]}
            for number, revision in latest.items()
            if revision is not None
        }
    if len(pages.found) + len(pages.others) > 1:
        raise ApiError(
            "invalidparammix",
            '"titles", "pageids" or a generator was used to supply multiple pages, but the'
            f" {_NAMED} parameters may only be used on a single page.",
        )
    return {page.id: {"revisions": _history(page, call)} for page in pages.found.values()}


def _history(page: Page, call: Call) -> list[dict[str, Any]]:
    wanted = [
        revision for revision in call.wikibase.state.history(page.id) if _fits(revision, call)
    ]
    if call["dir"] == "newer":
        wanted.reverse()
    if call["continue"] is not None:
        wanted = _from(wanted, call["continue"], call["dir"])
    most = call["limit"] or 10
    if len(wanted) > most:
        following = wanted[most]
        call.continuing["rvcontinue"] = f"{digits(following.time)}|{following.id}"
    return [shown_revision(revision, call) for revision in wanted[:most]]


def _fits(revision: Revision, call: Call) -> bool:
    newer = call["dir"] == "newer"
    first, last = ("startid", "endid") if newer else ("endid", "startid")
    start, end = ("start", "end") if newer else ("end", "start")
    return (
        (call[first] is None or revision.id >= call[first])
        and (call[last] is None or revision.id <= call[last])
        and (call[start] is None or revision.time >= iso(call[start], f"rv{start}"))
        and (call[end] is None or revision.time <= iso(call[end], f"rv{end}"))
        and call["user"] in (None, revision.user)
        and (call["excludeuser"] is None or revision.user != call["excludeuser"])
        and (call["tag"] is None or call["tag"] in revision.tags)
    )


def _from(revisions: list[Revision], mark: str, direction: str) -> list[Revision]:
    _, bar, last = mark.partition("|")
    if not bar or not last.isdecimal():
        raise bad_continue()
    at = int(last)
    return [one for one in revisions if (one.id >= at if direction == "newer" else one.id <= at)]


def bad_continue() -> ApiError:
    """The error for a continuation that was not given out."""
    words = "Invalid continue param. You should pass the original value returned by the previous"
    return ApiError("badcontinue", f"{words} query.")


def iso(given: str, name: str) -> str:
    """A time as MediaWiki's API takes it, like 2026-11-20T23:52:24Z. Raises ApiError."""
    text = given.strip()
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S"):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=UTC)
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            continue
    if text.isdecimal():
        return datetime.fromtimestamp(int(text), tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = f'Invalid value "{given}" for timestamp parameter "{name}".'
    raise ApiError("badtimestamp", words)


def digits(time: str) -> str:
    """A time as MediaWiki's database has it: 20261120235224."""
    return "".join(letter for letter in time if letter.isdigit())


def shown_revision(revision: Revision, call: Call) -> dict[str, Any]:
    """A revision with what rvprop asks for."""
    wanted = call["prop"]
    shown: dict[str, Any] = {}
    if "ids" in wanted:
        shown |= {"revid": revision.id, "parentid": revision.parent}
    if "flags" in wanted:
        shown["minor"] = revision.minor
    if "user" in wanted:
        shown["user"] = revision.user
        if not revision.user_id:
            shown["anon"] = True
    if "userid" in wanted:
        shown["userid"] = revision.user_id
    if "timestamp" in wanted:
        shown["timestamp"] = revision.time
    if "size" in wanted:
        shown["size"] = revision.size
    if "sha1" in wanted:
        shown["sha1"] = revision.sha1
    if "comment" in wanted:
        shown["comment"] = revision.comment
    if "parsedcomment" in wanted:
        shown["parsedcomment"] = revision.comment
    if "tags" in wanted:
        shown["tags"] = list(revision.tags)
    if "roles" in wanted:
        shown["roles"] = ["main"]
    if {"content", "contentmodel"} & {*wanted}:
        shown |= _slots(revision, call)
    return shown


def _slots(revision: Revision, call: Call) -> dict[str, Any]:
    wanted = call["prop"]
    form = "text/x-wiki" if revision.model == WIKITEXT else "application/json"
    slot: dict[str, Any] = {}
    if "contentmodel" in wanted or "content" in wanted:
        slot["contentmodel"] = revision.model
    if "content" in wanted:
        slot["contentformat"] = form
        slot["content" if call.version == 2 else "*"] = revision.content
    if call["slots"]:
        names = ["main"] if "*" in call["slots"] else call["slots"]
        return {"slots": dict.fromkeys(names, slot)}
    words = 'Because "rvslots" was not specified, a legacy format has been used for the output.'
    if words not in call.warnings.get("revisions", []) and "content" in wanted:
        call.warn("revisions", words)
    return slot


MODULES = (
    Module("info", info, {"prop": many(*_INFO), "continue": text()}, group="prop", prefix="in"),
    Module(
        "pageprops", page_props, {"prop": many(), "continue": text()}, group="prop", prefix="pp"
    ),
    Module(
        "revisions",
        revisions,
        {
            "prop": many(*_REVISION, default="ids|timestamp|flags|comment|user"),
            "slots": many(),
            "limit": limit(None),
            "section": text(),
            "startid": number(),
            "endid": number(),
            "start": text(),
            "end": text(),
            "dir": one_of("newer", "older", default="older"),
            "user": text(),
            "excludeuser": text(),
            "tag": text(),
            "continue": text(),
        },
        group="prop",
        prefix="rv",
    ),
)
