"""The lists of action=query: recent changes, contributions, search, tags, links, logs, users."""

from __future__ import annotations

from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.errors import ApiError
from sandbox.wikibase.action.parameters import (
    Module,
    flag,
    limit,
    many,
    names,
    number,
    one_of,
    text,
)
from sandbox.wikibase.action.properties import bad_continue, digits, iso
from sandbox.wikibase.action.refused import block_facts
from sandbox.wikibase.state import Page, Revision
from sandbox.wikibase.titles import normal


def recent_changes(call: Call) -> dict[str, Any]:
    """list=recentchanges: edits and new pages, newest first."""
    where, values = _span(call, "r.time")
    for name, condition in (
        ("user", "r.user = ?"),
        ("excludeuser", "r.user != ?"),
        ("title", "p.title = ?"),
        ("tag", "' ' || r.tags || ' ' like '% ' || ? || ' %'"),
    ):
        if call[name] is not None:
            where.append(condition)
            values.append(call[name])
    shows = {"bot": "r.bot", "!bot": "not r.bot", "minor": "r.minor", "!minor": "not r.minor"}
    shows |= {"anon": "r.user_id = 0", "!anon": "r.user_id != 0"}
    where += [shows[name] for name in call["show"] or [] if name in shows]
    kinds = set(call["type"])
    if not kinds & {"edit", "new"}:
        return {"recentchanges": []}
    if "new" not in kinds:
        where.append("r.parent != 0")
    if "edit" not in kinds:
        where.append("r.parent = 0")
    _in_namespaces(call, where, values)
    found = _page_of_revisions(call, "rccontinue", where, values)
    return {"recentchanges": [_change(revision, page, call) for revision, page in found]}


def _span(call: Call, column: str, *, there: bool = True) -> tuple[list[str], list[Any]]:
    """What the time that is asked for says in SQL; `there`: of pages that are not deleted."""
    newer = call["dir"] == "newer"
    where: list[str] = ["p.gone = 0"] if there else []
    values: list[Any] = []
    for name, sign in (("start", ">=" if newer else "<="), ("end", "<=" if newer else ">=")):
        if call[name] is not None:
            where.append(f"{column} {sign} ?")
            values.append(iso(call[name], name))
    return where, values


def _in_namespaces(call: Call, where: list[str], values: list[Any]) -> None:
    if call["namespace"] and call["namespace"] != ["*"]:
        numbers = [int(one) for one in call["namespace"] if one.lstrip("-").isdecimal()]
        where.append(f"p.ns in ({', '.join('?' * len(numbers))})")
        values += numbers


def _page_of_revisions(
    call: Call, name: str, where: list[str], values: list[Any]
) -> list[tuple[Revision, Page]]:
    newer = call["dir"] == "newer"
    if call["continue"] is not None:
        last = call["continue"].rpartition("|")[2]
        if not last.isdecimal():
            raise bad_continue()
        where.append("r.id >= ?" if newer else "r.id <= ?")
        values.append(int(last))
    order = "asc" if newer else "desc"
    condition = f"{' and '.join(where)} order by r.id {order} limit {call['limit'] + 1}"
    found = call.wikibase.state.select_revisions(condition, *values)
    if len(found) > call["limit"]:
        following = found[call["limit"]][0]
        call.continuing[name] = f"{digits(following.time)}|{following.id}"
    return found[: call["limit"]]


def _change(revision: Revision, page: Page, call: Call) -> dict[str, Any]:
    wanted = call["prop"]
    shown: dict[str, Any] = {"type": "edit" if revision.parent else "new"}
    if "title" in wanted:
        shown |= {"ns": page.ns, "title": page.title}
    if "ids" in wanted:
        ids = {"pageid": page.id, "revid": revision.id, "old_revid": revision.parent}
        shown |= {**ids, "rcid": revision.id}
    if "user" in wanted:
        shown["user"] = revision.user
        shown |= {} if revision.user_id else {"anon": True}
    if "userid" in wanted:
        shown["userid"] = revision.user_id
    if "flags" in wanted:
        new = not revision.parent
        shown |= {"bot": revision.bot, "new": new, "minor": revision.minor}
    if "sizes" in wanted:
        parent = call.wikibase.state.revision(revision.parent)
        shown |= {"oldlen": parent.size if parent else 0, "newlen": revision.size}
    if "timestamp" in wanted:
        shown["timestamp"] = revision.time
    if "comment" in wanted:
        shown["comment"] = revision.comment
    if "tags" in wanted:
        shown["tags"] = list(revision.tags)
    if "sha1" in wanted:
        shown["sha1"] = revision.sha1
    return shown


def user_contributions(call: Call) -> dict[str, Any]:
    """list=usercontribs."""
    where, values = _span(call, "r.time")
    users = call["user"] or []
    if not users and call["userprefix"] is None:
        words = "One of the parameters"
        raise ApiError(
            "missingparam", f'{words} "ucuser", "ucuserids" and "ucuserprefix" is required.'
        )
    if users:
        where.append(f"r.user in ({', '.join('?' * len(users))})")
        values += [one[:1].upper() + one[1:].replace("_", " ") for one in users]
    else:
        where.append("substr(r.user, 1, ?) = ?")
        values += [len(call["userprefix"]), call["userprefix"]]
    shows = {"new": "r.parent = 0", "!new": "r.parent != 0", "top": "p.latest = r.id"}
    shows |= {"!top": "p.latest != r.id", "minor": "r.minor", "!minor": "not r.minor"}
    where += [shows[name] for name in call["show"] or [] if name in shows]
    if call["tag"] is not None:
        where.append("' ' || r.tags || ' ' like '% ' || ? || ' %'")
        values.append(call["tag"])
    _in_namespaces(call, where, values)
    found = _page_of_revisions(call, "uccontinue", where, values)
    return {"usercontribs": [_contribution(revision, page, call) for revision, page in found]}


def _contribution(revision: Revision, page: Page, call: Call) -> dict[str, Any]:
    wanted = call["prop"]
    shown: dict[str, Any] = {"userid": revision.user_id, "user": revision.user}
    if "ids" in wanted:
        ids = {"pageid": page.id, "revid": revision.id, "parentid": revision.parent}
        shown |= ids
    if "title" in wanted:
        shown |= {"ns": page.ns, "title": page.title}
    if "timestamp" in wanted:
        shown["timestamp"] = revision.time
    if "flags" in wanted:
        shown |= {"new": not revision.parent, "minor": revision.minor}
        shown["top"] = page.latest == revision.id
    if "comment" in wanted:
        shown["comment"] = revision.comment
    if "size" in wanted:
        shown["size"] = revision.size
    if "sizediff" in wanted:
        parent = call.wikibase.state.revision(revision.parent)
        shown["sizediff"] = revision.size - (parent.size if parent else 0)
    if "tags" in wanted:
        shown["tags"] = list(revision.tags)
    return shown


def tags(call: Call) -> dict[str, Any]:
    """list=tags."""
    own = {"mw-undo", "mw-rollback", "mw-manual-revert", "mw-reverted", "mw-replace"}
    shown = []
    for name in sorted(own | call.wikibase.settings.tags):
        manual = name not in own
        facts: dict[str, Any] = {"name": name}
        if "displayname" in call["prop"]:
            facts["displayname"] = name
        if "source" in call["prop"]:
            facts["source"] = ["manual"] if manual else ["software"]
        if "defined" in call["prop"]:
            facts["defined"] = True
        if "active" in call["prop"]:
            facts["active"] = True
        shown.append(facts)
    return {"tags": shown}


def backlinks(call: Call) -> dict[str, Any]:
    """list=backlinks: which entities' statements name one."""
    state = call.wikibase.state
    title = normal(call["title"] or "", call.wikibase.settings) or ""
    page = state.page_titled(title)
    wanted = page.entity if page and page.entity else title.rpartition(":")[2]
    start = int((call["continue"] or "0|0").rpartition("|")[2] or 0)
    sql = (
        "select distinct p.id, p.ns, p.title from claim c join page p on p.entity = c.entity"
        " where c.value = ? and p.id >= ? and p.gone = 0 order by p.id limit ?"
    )
    rows = state.rows(sql, wanted, start, call["limit"] + 1)
    if len(rows) > call["limit"]:
        call.continuing["blcontinue"] = f"0|{rows[call['limit']][0]}"
    shown = [
        {"pageid": number, "ns": ns, "title": title} for number, ns, title in rows[: call["limit"]]
    ]
    return {"backlinks": shown}


def all_pages(call: Call) -> dict[str, Any]:
    """list=allpages, in the order of titles."""
    start = call["continue"] or call["from"] or ""
    sql = (
        "select id, ns, title from page where gone = 0 and ns = ? and title >= ?"
        " and substr(title, 1, ?) = ? order by title limit ?"
    )
    prefix = call["prefix"] or ""
    rows = call.wikibase.state.rows(
        sql, call["namespace"] or 0, start, len(prefix), prefix, call["limit"] + 1
    )
    if len(rows) > call["limit"]:
        call.continuing["apcontinue"] = rows[call["limit"]][2]
    shown = [
        {"pageid": number, "ns": ns, "title": title} for number, ns, title in rows[: call["limit"]]
    ]
    return {"allpages": shown}


def log_events(call: Call) -> dict[str, Any]:
    """list=logevents: creations, deletions, protections."""
    where, values = _span(call, "l.time", there=False)
    kind, _, action = (call["action"] or call["type"] or "").partition("/")
    told = (("type", kind), ("action", action), ("title", call["title"]), ("user", call["user"]))
    for column, value in told:
        if value:
            where.append(f"l.{column} = ?")
            values.append(value)
    _in_namespaces(call, where, values)
    newer = call["dir"] == "newer"
    if call["continue"] is not None:
        last = call["continue"].rpartition("|")[2]
        if not last.isdecimal():
            raise bad_continue()
        where.append("l.id >= ?" if newer else "l.id <= ?")
        values.append(int(last))
    rows = call.wikibase.state.rows(
        "select l.id, l.type, l.action, p.ns, l.title, l.user, l.time, l.comment"  # noqa: S608
        f" from log l join page p on p.title = l.title where {' and '.join(where or ['1'])}"
        f" order by l.id {'asc' if newer else 'desc'} limit ?",
        *values,
        call["limit"] + 1,
    )
    if len(rows) > call["limit"]:
        following = rows[call["limit"]]
        call.continuing["lecontinue"] = f"{digits(following[6])}|{following[0]}"
    names = ("logid", "type", "action", "ns", "title", "user", "timestamp", "comment")
    shown = [dict(zip(names, row, strict=True)) for row in rows[: call["limit"]]]
    return {"logevents": shown}


def blocks(call: Call) -> dict[str, Any]:
    """list=blocks."""
    wanted = call["users"]
    shown = []
    for block in call.wikibase.accounts.blocks:
        if wanted and block.target not in wanted:
            continue
        facts = block_facts(block, call)
        shown.append(
            {
                "id": block.id,
                "user": block.target,
                "by": block.by,
                "timestamp": facts["blockedtimestamp"],
                "expiry": facts["blockexpiry"],
                "reason": block.reason,
                "partial": bool(block.pages),
            }
        )
    return {"blocks": shown}


def users(call: Call) -> dict[str, Any]:
    """list=users."""
    shown: list[dict[str, Any]] = []
    for name in call["users"] or []:
        user = call.wikibase.accounts.get(name)
        if user is None:
            shown.append({"name": name, "missing": True})
            continue
        facts: dict[str, Any] = {"userid": user.id, "name": user.name}
        wanted = call["prop"] or []
        if "groups" in wanted:
            facts["groups"] = [*user.groups, "*", "user", "autoconfirmed"]
        if "rights" in wanted:
            facts["rights"] = sorted(call.wikibase.accounts.rights(user))
        if "editcount" in wanted:
            facts["editcount"] = call.wikibase.state.count("revision", "user_id = ?", user.id)
        if "registration" in wanted:
            facts["registration"] = "2026-01-01T00:00:00Z"
        shown.append(facts)
    return {"users": shown}


def _either(*shown: str) -> tuple[str, ...]:
    return (*shown, *(f"!{name}" for name in shown))


_SPAN = {
    "start": text(),
    "end": text(),
    "dir": one_of("newer", "older", default="older"),
    "namespace": many(),
    "tag": text(),
    "limit": limit(),
    "continue": text(),
}
_CHANGES = (
    "user userid comment parsedcomment flags timestamp title ids sizes redirect patrolled loginfo"
    " tags sha1"
)
_KINDS = ("edit", "new", "log", "external", "categorize")

MODULES = (
    Module(
        "recentchanges",
        recent_changes,
        {
            **_SPAN,
            "user": text(),
            "excludeuser": text(),
            "title": text(),
            "prop": many(*names(_CHANGES), default="title|timestamp|ids"),
            "show": many(
                *_either("minor", "bot", "anon", "redirect", "patrolled", "autopatrolled"),
                "unpatrolled",
            ),
            "type": many(*_KINDS, default="edit|new|log|categorize"),
            "toponly": flag(),
            "slot": text(),
            "generaterevisions": flag(),
        },
        group="list",
        prefix="rc",
        generates=True,
    ),
    Module(
        "usercontribs",
        user_contributions,
        {
            **_SPAN,
            "user": many(),
            "userids": many(),
            "userprefix": text(),
            "iprange": text(),
            "prop": many(
                *names(
                    "ids title timestamp comment parsedcomment size sizediff flags patrolled tags"
                ),
                default="ids|title|timestamp|comment|size|flags",
            ),
            "show": many(*_either("minor", "new", "top", "patrolled", "autopatrolled")),
            "toponly": flag(),
        },
        group="list",
        prefix="uc",
    ),
    Module(
        "tags",
        tags,
        {"continue": text(), "limit": limit(), "prop": many(default="")},
        group="list",
        prefix="tg",
    ),
    Module(
        "backlinks",
        backlinks,
        {
            "title": text(),
            "pageid": number(),
            "continue": text(),
            "namespace": many(),
            "dir": text(),
            "filterredir": text(),
            "limit": limit(),
            "redirect": flag(),
        },
        group="list",
        prefix="bl",
        generates=True,
    ),
    Module(
        "allpages",
        all_pages,
        {
            "from": text(),
            "continue": text(),
            "to": text(),
            "prefix": text(),
            "namespace": number(default=0),
            "filterredir": text(),
            "minsize": number(),
            "maxsize": number(),
            "limit": limit(),
            "dir": text(),
        },
        group="list",
        prefix="ap",
        generates=True,
    ),
    Module(
        "logevents",
        log_events,
        {
            "prop": many(),
            "type": text(),
            "action": text(),
            "start": text(),
            "end": text(),
            "dir": text(),
            "user": text(),
            "title": text(),
            "namespace": many(),
            "limit": limit(),
            "continue": text(),
        },
        group="list",
        prefix="le",
    ),
    Module(
        "blocks",
        blocks,
        {"users": many(), "prop": many(), "limit": limit(), "ids": many()},
        group="list",
        prefix="bk",
    ),
    Module(
        "users",
        users,
        {"users": many(), "userids": many(), "prop": many()},
        group="list",
        prefix="us",
    ),
)
