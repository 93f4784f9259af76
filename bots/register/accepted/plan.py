"""What is written about accepted requests: records, and links both ways; nothing is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bots.core.messages import Message, Param
from bots.core.plan import JSON, Edit, Finding, Judged, Planned, Target
from bots.core.seen import Seen
from bots.core.wikitext import TemplateCall, find_templates, find_unclosed, set_parameters
from bots.register.accepted.facts import (
    DELETED,
    DONE,
    KEPT_OUT,
    RECORD,
    TAKEN,
    Facts,
    Request,
)
from bots.register.accepted.filling import Filled, fill, link_back
from bots.register.accepted.matching import Intent, Unsure, done, intents, record_field


def plan(facts: Facts | None) -> Iterator[Planned]:
    """Record by record: its page first, then the link from each of its requests."""
    if facts is None:
        return
    found, unsure = intents(facts)
    for each in unsure:
        yield _unsure(facts, each)
    for intent in found:
        if intent.due:
            yield from _bring_up_to_date(intent, facts)
        else:
            yield from _still_told(intent, facts)


def _bring_up_to_date(intent: Intent, facts: Facts) -> Iterator[Planned]:
    page = facts.pages.get(intent.title)
    if page is None or page.fault:
        info = {"info": page.fault if page else "it was not read"}
        yield _finding(facts, intent.title, Message("intake-page-unreadable", info))
        return
    hindered = _hindrance(intent, page, facts)
    if hindered:
        for request in intent.requests:
            target = Target(facts.site, request.title)
            known = [*done(request, intent.title), hindered]
            yield Judged(target=target, leaves={DONE: known})
        yield from _hindered(intent, hindered, facts)
        return
    planned = list(_fill(intent, page, facts))
    yield from planned
    if any(isinstance(each, Finding) for each in planned):
        return
    after = next((each.key for each in planned if isinstance(each, Edit)), "")
    for request in intent.requests:
        yield from _link(request, intent, after, facts)


_NOT_MADE = {DELETED: "register-request-deleted", TAKEN: "register-request-taken"}


def _hindrance(intent: Intent, page: Seen, facts: Facts) -> str:
    """Why nothing is written to the record's page; "" for nothing."""
    if intent.title in facts.deleted:
        return DELETED
    if intent.new and page.text is not None:
        return TAKEN
    return KEPT_OUT if page.kept_out else ""


def _still_told(intent: Intent, facts: Facts) -> Iterator[Planned]:
    """What hindered a record to be made, once more."""
    for request in intent.requests:
        match facts.left(request.title).get(DONE):
            case [_, _, str(hindered)]:
                yield from _hindered(intent, hindered, facts, request)


def _hindered(
    intent: Intent, hindered: str, facts: Facts, only: Request | None = None
) -> Iterator[Finding]:
    if hindered in _NOT_MADE:
        for request in [only] if only else intent.requests:
            yield _finding(
                facts, request.title, Message(_NOT_MADE[hindered], {"page": intent.title}), RECORD
            )


def _fill(intent: Intent, page: Seen, facts: Facts) -> Iterator[Planned]:
    """The edit that makes or extends the record; what is known of it where it needs none."""
    kind, template = facts.kind, (facts.kind.template, *facts.kind.template_aliases)
    text = page.text if page.text is not None else f"{{{{{kind.template}\n}}}}\n"
    call = _only_call(text, template, facts)
    if call is None:
        message = Message("register-request-no-call", _of(kind.template))
        yield _finding(facts, intent.title, message)
        return
    ours = {
        name: said
        for name in kind.requests
        if (said := next((v for each in intent.requests if (v := each.values.get(name))), None))
    }
    titles = [request.title for request in intent.requests]
    left = _left(intent, facts)
    filled = fill(call, kind, ours, titles, left, facts.rules.world)
    if intent.new:
        # People see at once what is still wanted.
        wanted = [name for name, field in kind.fields.items() if field.needed]
        filled.values.update({name: "" for name in wanted if name not in filled.values})
    summary = "summary-register-made" if intent.new else "summary-register-extended"
    yield from _edit(page, text, call, filled, summary, titles, facts)


def _edit(
    page: Seen,
    text: str,
    call: TemplateCall,
    filled: Filled,
    summary: str,
    requests: Sequence[str],
    facts: Facts,
    after: str = "",
) -> Iterator[Planned]:
    target = Target(facts.site, page.title)
    if not filled.values:
        if filled.leaves:
            yield Judged(target=target, leaves=filled.leaves)
        return
    try:
        written = set_parameters(text, call, filled.values)
    except ValueError:
        yield _finding(facts, page.title, Message("register-request-no-call", _of(call.name)))
        return
    reason = Message("register-why-request", {"list_requests": list(requests)})
    yield Edit(
        target=target,
        change=page.change(written),
        summary=Message(summary, {"request": requests[0]}),
        reasons=(reason,),
        leaves=filled.leaves,
        key=f"accepted:{page.title}",
        after=after,
    )


def _link(request: Request, intent: Intent, after: str, facts: Facts) -> Iterator[Planned]:
    """The request's link to its record; and that both are up to date, once both are written."""
    target = Target(facts.site, request.title)
    known = {DONE: done(request, intent.title)}
    page = facts.pages.get(request.title)
    if page is None or page.fault:
        return
    text = page.text or ""
    call = None if page.skip or page.kept_out else _only_call(text, facts.template, facts)
    if call is None:
        # Nothing can be written there, and the intake says why.
        if not after:
            yield Judged(target=target, leaves=known)
        return
    field = record_field(facts.kind)
    there = call.value(RECORD) or (request.link and f"[[{request.link}]]")
    left = facts.left(request.title)
    filled = link_back(there, intent.title, left, facts.rules.world, field)
    filled.leaves.update(known)
    if filled.values or not after:
        summary = "summary-register-linked"
        yield from _edit(page, text, call, filled, summary, [intent.title], facts, after)


def _left(intent: Intent, facts: Facts) -> Mapping[str, JSON]:
    """What was left on the record's page; where it was moved since, under its title of before."""
    own = facts.left(intent.title)
    if any(slot.startswith(("field:", "request:")) for slot in own):
        return own
    there = {partner.title for partner in facts.partners}
    before = (facts.left(title) for title in intent.was if title not in there)
    return next((each for each in before if each), {})


def _only_call(text: str, names: Sequence[str], facts: Facts) -> TemplateCall | None:
    """The one call on a page that can be read; None where it is doubtful which that is."""
    prefixes = facts.rules.prefixes
    calls = [call for call in find_templates(text, names, prefixes) if not call.depth]
    return calls[0] if len(calls) == 1 and not find_unclosed(text, names, prefixes) else None


def _of(template: str) -> dict[str, Param]:
    return {"template": template}


def _unsure(facts: Facts, unsure: Unsure) -> Finding:
    params: dict[str, Param] = {}
    if unsure.records:
        params = {"list_pages": list(unsure.records), "page": unsure.title}
    return _finding(facts, unsure.request.title, Message(unsure.key, params), RECORD)


def _finding(facts: Facts, title: str, message: Message, where: str = "") -> Finding:
    return Finding(target=Target(facts.site, title), message=message, where=where)
