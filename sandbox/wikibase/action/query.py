"""action=query: which pages are meant, and what is told of them by prop, list and meta modules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.wikibase.action.errors import ApiError
from sandbox.wikibase.action.parameters import Module, check_count, flag, read, split, text
from sandbox.wikibase.state import Page
from sandbox.wikibase.titles import namespace_of, normal

if TYPE_CHECKING:
    from sandbox.wikibase.action.call import Call


@dataclass
class Pages:
    """What titles, pageids, revids or a generator name."""

    found: dict[int, Page] = field(default_factory=dict)
    revisions: list[int] = field(default_factory=list)
    """The revisions named by revids."""
    others: list[dict[str, Any]] = field(default_factory=list)
    """What is told of titles that are missing or can be none."""
    facts: dict[str, Any] = field(default_factory=dict)
    """normalized, redirects, badrevids."""


def query(call: Call) -> dict[str, Any]:
    """All that was asked for, in one answer; where there is more, with `continue`."""
    from sandbox.wikibase.action.modules import QUERY

    call.continuing = {}
    wanted: dict[str, list[Module]] = {}
    for group in ("prop", "list", "meta"):
        names = split(call.take(group) or "")
        for name in names:
            if name not in QUERY or QUERY[name].group != group:
                call.warn("query", f'Unrecognized value for parameter "{group}": {name}.')
            else:
                wanted.setdefault(group, []).append(QUERY[name])
    pages = _pages(call, QUERY)
    call.pages = pages
    found: dict[str, Any] = dict(pages.facts)
    shown = {number: _head(page) for number, page in pages.found.items()}
    for module in wanted.get("prop", []):
        for number, facts in _run(module, call).items():
            shown[number] |= facts
    if shown or pages.others:
        found["pages"] = _shown_pages(list(shown.values()), pages.others, call)
    for group in ("list", "meta"):
        for module in wanted.get(group, []):
            found |= _run(module, call)
    return _finished(call, found, wanted)


def _run(module: Module, call: Call) -> dict[Any, Any]:
    outer, call.module = call.module, module
    params, call.params = call.params, read(module, call)
    try:
        return module.run(call)
    finally:
        call.module, call.params = outer, params


def _finished(call: Call, found: dict[str, Any], wanted: dict[str, list[Module]]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    props = {module.prefix for module in wanted.get("prop", [])}
    more = call.continuing
    unfinished = any(name.startswith(tuple(props)) for name in more) if props else False
    if not unfinished:
        answer["batchcomplete"] = True
    if more:
        mark = "||" if unfinished else ("gen||" if call.take("generator") else "-||")
        answer["continue"] = {**more, "continue": mark}
    call.take("continue")
    return {**answer, "query": found} if found else answer


def _head(page: Page) -> dict[str, Any]:
    return {"pageid": page.id, "ns": page.ns, "title": page.title}


def _shown_pages(
    there: list[dict[str, Any]], others: list[dict[str, Any]], call: Call
) -> list[dict[str, Any]] | dict[str, dict[str, Any]]:
    if call.version == 2:
        return others + there
    keyed = {str(-number): facts for number, facts in enumerate(others, 1)}
    return keyed | {str(facts["pageid"]): facts for facts in there}


# which pages


def _pages(call: Call, modules: dict[str, Module]) -> Pages:
    pages = Pages()
    titles, ids, revisions = (call.take(name) for name in ("titles", "pageids", "revids"))
    given = [name for name in ("titles", "pageids", "revids") if call.given.get(name)]
    if len(given) > 1:
        listed = ", ".join(f'"{name}"' for name in given)
        words = f"The parameters {listed} can not be used together."
        raise ApiError("invalidparammix", words)
    if titles:
        _by_titles(split(titles), pages, call)
    elif ids:
        _by_numbers(split(ids), pages, call)
    elif revisions:
        _by_revisions(split(revisions), pages, call)
    generator = call.take("generator")
    if generator:
        if generator not in modules or not modules[generator].generates:
            words = f'Unrecognized value for parameter "generator": {generator}.'
            raise ApiError("badvalue", words)
        _by_generator(modules[generator], pages, call)
    if call.take("redirects") is not None:
        _follow(pages, call)
    return pages


def _by_titles(titles: list[str], pages: Pages, call: Call) -> None:
    check_count("titles", titles, call)
    state, settings = call.wikibase.state, call.wikibase.settings
    normalized = []
    for title in dict.fromkeys(titles):
        full = normal(title, settings)
        if full is None:
            reason = "The requested page title contains invalid characters."
            pages.others.append({"title": title, "invalidreason": reason, "invalid": True})
            continue
        if full != title:
            encoded = {"fromencoded": False} if call.version == 2 else {}
            normalized.append({**encoded, "from": title, "to": full})
        page = state.page_titled(full)
        if page is None or page.deleted or not page.latest:
            ns = namespace_of(full, settings)
            pages.others.append({"ns": ns, "title": full, "missing": True})
        else:
            pages.found[page.id] = page
    if normalized:
        pages.facts["normalized"] = normalized


def _by_numbers(numbers: list[str], pages: Pages, call: Call) -> None:
    check_count("pageids", numbers, call)
    for number in _integers("pageids", numbers):
        page = call.wikibase.state.page_by_id(number)
        if page is None or page.deleted:
            pages.others.append({"pageid": number, "missing": True})
        else:
            pages.found[page.id] = page


def _by_revisions(numbers: list[str], pages: Pages, call: Call) -> None:
    check_count("revids", numbers, call)
    state = call.wikibase.state
    bad = []
    for number in _integers("revids", numbers):
        revision = state.revision(number)
        page = state.page_by_id(revision.page) if revision else None
        if page is None or page.deleted:
            bad.append(number)
        else:
            pages.found[page.id] = page
            pages.revisions.append(number)
    if bad:
        shown = [{"revid": number, "missing": True} for number in bad]
        keyed = {str(one["revid"]): one for one in shown}
        pages.facts["badrevids"] = shown if call.version == 2 else keyed


def _integers(name: str, given: list[str]) -> list[int]:
    try:
        return [int(one) for one in given]
    except ValueError:
        words = f'Invalid value "{"|".join(given)}" for integer parameter "{name}".'
        raise ApiError("badinteger", words) from None


def _by_generator(module: Module, pages: Pages, call: Call) -> None:
    generated = Module(
        module.name, module.run, module.parameters, group=module.group, prefix=f"g{module.prefix}"
    )
    found = _run(generated, call)[module.name]
    for one in found:
        page = call.wikibase.state.page_titled(one["title"])
        if page is not None and not page.deleted:
            pages.found[page.id] = page


def _follow(pages: Pages, call: Call) -> None:
    """Follow redirects to their ends, as ApiPageSet::resolvePendingRedirects does."""
    state, redirects = call.wikibase.state, []
    pending = [page for page in pages.found.values() if page.redirect is not None]
    followed = set()
    while pending:
        page = pending.pop(0)
        pages.found.pop(page.id, None)
        target = state.page(page.redirect or "")
        if page.id in followed or target is None:
            continue
        followed.add(page.id)
        redirects.append({"from": page.title, "to": target.title})
        if target.deleted:
            missing = {"ns": target.ns, "title": target.title, "missing": True}
            pages.others += [] if missing in pages.others else [missing]
        elif target.redirect is not None:
            pending.append(target)
        else:
            pages.found[target.id] = target
    if redirects:
        pages.facts["redirects"] = redirects


MODULES = (
    Module(
        "query",
        query,
        {
            "indexpageids": flag(),
            "rawcontinue": flag(),
            "continue": text(),
            "titles": text(),
            "pageids": text(),
            "revids": text(),
            "redirects": flag(),
            "converttitles": flag(),
        },
    ),
)
