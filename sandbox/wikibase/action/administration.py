"""MediaWiki's own writing modules: edit (with undo), rollback, delete, undelete, protect, block."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.errors import ApiError
from sandbox.wikibase.action.parameters import Module, flag, many, number, text
from sandbox.wikibase.action.refused import THROTTLED, block_facts, group_words
from sandbox.wikibase.edits import Edit
from sandbox.wikibase.patching import patched
from sandbox.wikibase.refusals import Refusal
from sandbox.wikibase.state import WIKITEXT, Page, Revision
from sandbox.wikibase.titles import namespace_of, namespaces, normal

_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760}


def edit(call: Call) -> dict[str, Any]:
    """action=edit: a page of wikitext, or undoing an edit of any page."""
    title, page = _page(call)
    namespace = namespace_of(title, call.wikibase.settings)
    entity_place = namespace in (0, 120)
    if call["text"] is not None and entity_place:
        name = {0: "Item", 120: "Property"}[namespace]
        words = f"Direct editing is disabled in namespace {name}"
        raise ApiError("wikibase-no-direct-editing", words)
    _check_may(call, "edit", title)
    if call.wikibase.accounts.over_limit(call.session, "edit"):
        raise ApiError("ratelimited", THROTTLED.text)
    if call["undo"] is not None:
        if page is None:
            raise _missing()
        return _undo(page, call)
    if call["text"] is None and call["appendtext"] is None and call["prependtext"] is None:
        words = 'One of the parameters "text", "appendtext", "prependtext" and "undo" is required.'
        raise ApiError("missingparam", words)
    return _edit_text(title, page, namespace, call)


def _edit_text(title: str, page: Page | None, namespace: int, call: Call) -> dict[str, Any]:
    state = call.wikibase.state
    there = state.revision(page.latest) if page and not page.deleted else None
    if call["createonly"] and there:
        raise ApiError("articleexists", "The article you tried to create has been created already.")
    if call["nocreate"] and there is None:
        raise _missing()
    if call["baserevid"] and there and call["baserevid"] != there.id:
        raise ApiError("editconflict", f'Edit conflict: "{title}".')
    old = there.content if there else ""
    new = call["text"] if call["text"] is not None else old
    new = (call["prependtext"] or "") + new + (call["appendtext"] or "")
    facts = {"result": "Success", "title": title, "contentmodel": WIKITEXT}
    if there is not None and new.rstrip() == old and page is not None:
        return {"edit": {**facts, "pageid": page.id, "nochange": True}}
    saved = state.save_text(
        title,
        new.rstrip(),
        call.session.author,
        call["summary"] or "",
        ns=namespace,
        bot=bool(call["bot"]) and "bot" in call.session.rights,
        minor=bool(call["minor"]),
    )
    return {"edit": {**({} if there else {"new": True}), **facts, **_saved(saved)}}


def _saved(revision: Revision) -> dict[str, Any]:
    return {
        "pageid": revision.page,
        "oldrevid": revision.parent,
        "newrevid": revision.id,
        "newtimestamp": revision.time,
    }


def _undo(page: Page, call: Call) -> dict[str, Any]:
    state = call.wikibase.state
    undone = state.revision(call["undo"])
    after = state.revision(call["undoafter"] or (undone.parent if undone else 0))
    if undone is None or after is None or undone.page != page.id or after.page != page.id:
        words = f"There is no revision with ID {call['undo']}."
        raise ApiError("nosuchrevid", words)
    current = state.revision(page.latest)
    if current is None or page.entity is None:
        raise ApiError("undofailure", _UNDO_FAILED)
    try:
        content = patched(state.content(undone), state.content(after), state.content(current))
    except Refusal:
        raise ApiError("undofailure", _UNDO_FAILED) from None
    own = f" {call['summary']}" if call["summary"] else ""
    comment = f"/* undo:0||{undone.id}|{undone.user} */{own}"
    made = Edit(
        page.entity,
        content,
        comment,
        current.id,
        bot=bool(call["bot"]),
        tags=("mw-undo",),
        counted=True,
    )
    saved = call.wikibase.editing.save(call.session, made)
    state.add_tag(undone.id, "mw-reverted")
    facts = {"result": "Success", "title": page.title, "contentmodel": page.model}
    return {"edit": {**facts, **_saved(saved.revision)}}


_UNDO_FAILED = "The edit could not be undone due to conflicting intermediate edits."


def rollback(call: Call) -> dict[str, Any]:
    """action=rollback: all of a user's last edits of a page at once."""
    title, page = _page(call)
    _need_right(call, "rollback")
    if page is None:
        raise _missing()
    state = call.wikibase.state
    history = state.history(page.id)
    if history[0].user != call["user"]:
        words = f"Cannot rollback last edit of [[:{title}]] by [[User:{call['user']}]]."
        raise ApiError("alreadyrolled", words)
    target = next((one for one in history if one.user != call["user"]), None)
    if target is None or page.entity is None:
        words = "Cannot revert edit; last contributor is only author of this page."
        raise ApiError("onlyauthor", words)
    comment = call["summary"] or (
        f"Reverted edits by [[Special:Contributions/{call['user']}|{call['user']}]] to last"
        f" revision by [[User:{target.user}|{target.user}]]"
    )
    made = Edit(
        page.entity,
        state.content(target),
        comment,
        history[0].id,
        bot=call["markbot"],
        tags=("mw-rollback",),
    )
    saved = call.wikibase.editing.save(call.session, made)
    for one in history:
        if one.id > target.id:
            state.add_tag(one.id, "mw-reverted")
    facts = {"title": title, "pageid": page.id, "summary": comment, "revid": saved.revision.id}
    return {"rollback": {**facts, "old_revid": history[0].id, "last_revid": target.id}}


def delete(call: Call) -> dict[str, Any]:
    """action=delete."""
    title, page = _page(call)
    _need_right(call, "delete")
    if page is None:
        raise _missing()
    reason = call["reason"] or _usual_reason(page, call)
    number = call.wikibase.state.delete(title, call.session.author, reason)
    return {"delete": {"title": title, "reason": reason, "logid": number}}


def _usual_reason(page: Page, call: Call) -> str:
    state = call.wikibase.state
    latest = state.revision(page.latest)
    content = state.content(latest) if latest else {}
    labels = content.get("labels", {}) if isinstance(content, dict) else {}
    words = " ".join(label["value"] for label in labels.values())
    users = {revision.user for revision in state.history(page.id)}
    if len(users) > 1:
        return f'content was: "{words}"'
    user = users.pop()
    return (
        f'content was: "{words}", and the only contributor was'
        f' "[[Special:Contributions/{user}|{user}]]" ([[User talk:{user}|talk]])'
    )


def undelete(call: Call) -> dict[str, Any]:
    """action=undelete: all revisions."""
    title = normal(call["title"], call.wikibase.settings) or call["title"]
    _need_right(call, "undelete")
    try:
        count = call.wikibase.state.undelete(title, call.session.author, call["reason"] or "")
    except Refusal:
        words = "Couldn't undelete: the requested revisions may not exist."
        raise ApiError("cantundelete", words) from None
    return {
        "undelete": {
            "title": title,
            "revisions": count,
            "fileversions": 0,
            "reason": call["reason"] or "",
        }
    }


def protect(call: Call) -> dict[str, Any]:
    """action=protect: `protections` like edit=sysop; edit=all lifts it."""
    title, page = _page(call)
    _need_right(call, "protect")
    if page is None:
        raise _missing()
    levels = dict(one.split("=", 1) for one in call["protections"] if "=" in one)
    kept = {action: group for action, group in levels.items() if group != "all"}
    reason = call["reason"] or ""
    call.wikibase.state.protect(title, kept, call.session.author, reason)
    shown = [
        {action: group if group != "all" else "", "expiry": "infinite"}
        for action, group in levels.items()
    ]
    return {"protect": {"title": title, "reason": reason, "protections": shown}}


def block(call: Call) -> dict[str, Any]:
    """action=block: a user or an address, from everything or from some pages."""
    _need_right(call, "block")
    accounts, target = call.wikibase.accounts, call["user"]
    if accounts.get(target) is None and not re.fullmatch(r"[\d.]+|[0-9a-fA-F:]+", target):
        raise ApiError("nosuchuser", f'The user "{target}" was not found.')
    settings = call.wikibase.settings
    pages = [normal(one, settings) or one for one in call["pagerestrictions"] or []]
    made = accounts.block(
        target,
        call["reason"] or "",
        by=call.session.name,
        hours=_hours(call["expiry"]),
        pages=pages if call["partial"] else (),
        autoblock=bool(call["autoblock"]),
    )
    user = accounts.get(target)
    facts = block_facts(made, call)
    return {
        "block": {
            "user": target,
            "userID": user.id if user else 0,
            "expiry": facts["blockexpiry"],
            "id": made.id,
            "reason": made.reason,
            "anononly": False,
            "nocreate": bool(call["nocreate"]),
            "autoblock": made.autoblock,
            "noemail": False,
            "hidename": False,
            "allowusertalk": False,
            "watchuser": False,
            "partial": bool(made.pages),
            "pagerestrictions": list(made.pages) or None,
            "namespacerestrictions": None,
            "actionrestrictions": None,
        }
    }


def _hours(expiry: str) -> float | None:
    if expiry in ("infinite", "indefinite", "infinity", "never"):
        return None
    found = re.fullmatch(r"(\d+) (hour|day|week|month|year)s?", expiry.strip())
    if found:
        return int(found[1]) * _HOURS[found[2]]
    try:
        moment = datetime.strptime(expiry, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise ApiError("invalidexpiry", f'Invalid expiry time "{expiry}".') from None
    return (moment - datetime.now(UTC)).total_seconds() / 3600


def unblock(call: Call) -> dict[str, Any]:
    """action=unblock."""
    _need_right(call, "block")
    target = call["user"] or f"#{call['id']}"
    if not call.wikibase.accounts.unblock(target):
        raise ApiError("cantunblock", "The block you specified was not found.")
    user = call.wikibase.accounts.get(target)
    return {
        "unblock": {
            "id": call["id"] or 0,
            "user": target,
            "userid": user.id if user else 0,
            "reason": call["reason"] or "",
        }
    }


def _page(call: Call) -> tuple[str, Page | None]:
    state, settings = call.wikibase.state, call.wikibase.settings
    if call["pageid"] is not None:
        page = state.page_by_id(call["pageid"])
        if page is None:
            raise ApiError("nosuchpageid", f"There is no page with ID {call['pageid']}.")
        return page.title, page if not page.deleted else None
    if call["title"] is None:
        words = 'One of the parameters "title" and "pageid" is required.'
        raise ApiError("missingparam", words)
    title = normal(call["title"], settings)
    if title is None:
        raise ApiError("invalidtitle", f'Bad title "{call["title"]}".')
    page = state.page_titled(title)
    return title, page if page and not page.deleted and page.latest else None


def _missing() -> ApiError:
    return ApiError("missingtitle", "The page you specified doesn't exist.")


def _need_right(call: Call, right: str) -> None:
    if right not in call.session.rights:
        words, _, _ = group_words(right, call)
        raise ApiError("permissiondenied", words)


def _check_may(call: Call, right: str, title: str) -> None:
    _need_right(call, right)
    page = call.wikibase.state.page_titled(title)
    found = call.wikibase.accounts.block_of(call.session)
    if found is not None and (not found.pages or title in found.pages):
        words = "You have been blocked from editing."
        raise ApiError("blocked", words, blockinfo=block_facts(found, call))
    level = page.protection.get("edit") if page else None
    if level and level not in call.session.groups:
        words = "This page has been protected to prevent editing or other actions."
        raise ApiError("protectedpage", words)
    if title.startswith(f"{namespaces(call.wikibase.settings)[8][0]}:") and (
        "editinterface" not in call.session.rights
    ):
        raise ApiError("protectednamespace-interface", "This page provides interface text.")


_PAGE = {"title": text(), "pageid": number()}
_LOGGED = {"reason": text(), "tags": many(), "watchlist": text(), "watchlistexpiry": text()}


def _writing(name: str, run: Any, parameters: dict[str, Any], guarded_by: str = "csrf") -> Module:
    return Module(name, run, parameters, writes=True, guarded_by=guarded_by, posted=True)


MODULES = (
    _writing(
        "edit",
        edit,
        {
            **_PAGE,
            "text": text(),
            "appendtext": text(),
            "prependtext": text(),
            "section": text(),
            "sectiontitle": text(),
            "summary": text(),
            "minor": flag(),
            "notminor": flag(),
            "bot": flag(),
            "baserevid": number(),
            "basetimestamp": text(),
            "starttimestamp": text(),
            "createonly": flag(),
            "nocreate": flag(),
            "recreate": flag(),
            "watchlist": text(),
            "md5": text(),
            "undo": number(),
            "undoafter": number(),
            "tags": many(),
            "contentmodel": text(),
            "contentformat": text(),
        },
    ),
    _writing(
        "rollback",
        rollback,
        {
            **_PAGE,
            "user": text(required=True),
            "summary": text(),
            "markbot": flag(),
            "tags": many(),
        },
        guarded_by="rollback",
    ),
    _writing("delete", delete, {**_PAGE, **_LOGGED, "oldimage": text()}),
    _writing("undelete", undelete, {"title": text(required=True), **_LOGGED}),
    _writing(
        "protect",
        protect,
        {
            **_PAGE,
            **_LOGGED,
            "protections": many(required=True),
            "expiry": text(),
            "cascade": flag(),
        },
    ),
    _writing(
        "block",
        block,
        {
            "user": text(required=True),
            "expiry": text(default="never"),
            "reason": text(),
            "anononly": flag(),
            "nocreate": flag(),
            "autoblock": flag(),
            "reblock": flag(),
            "allowusertalk": flag(),
            "noemail": flag(),
            "partial": flag(),
            "pagerestrictions": many(),
            "namespacerestrictions": many(),
            "tags": many(),
        },
    ),
    _writing(
        "unblock", unblock, {"id": number(), "user": text(), "reason": text(), "tags": many()}
    ),
)
