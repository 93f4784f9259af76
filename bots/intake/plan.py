"""What is to be written about requests: pages judged, edits and findings out; nothing is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bots.core.messages import Message, Param
from bots.core.plan import JSON, Edit, Finding, Judged, Planned, Target
from bots.core.said import holds_address, shown
from bots.core.seen import Seen
from bots.core.wikitext import (
    MergedRegion,
    Region,
    RegionProblem,
    UnknownBase,
    find_region,
    merge_region,
    replace_region,
)
from bots.intake import words as say
from bots.intake.checks import LONGEST_LIST, Known, codes
from bots.intake.request import Problem
from bots.intake.review import (
    ACCEPTED,
    INDEX,
    REGION,
    Names,
    Review,
    region_message,
    reread,
    review,
)
from bots.intake.words import Words


@dataclass(frozen=True)
class Facts:
    """All that a plan is made of: the pages, what was left on them, and the time.

    `talks`: a request's title → its talk page, for those of which a report is due. `bases`: title
    → slots. `talk_titles`: a request's title → its talk page's.
    """

    now: datetime
    site: str
    account: str
    max_bytes: int
    requests_page: Seen
    pages: Sequence[Seen]
    talk_titles: Mapping[str, str] = field(default_factory=dict)
    talks: Mapping[str, Seen] = field(default_factory=dict)
    bases: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """What doesn't change from run to run: names, what is known, and the words."""

    names: Names
    known: Known
    words: Words


def plan(facts: Facts, rules: Rules) -> Iterator[Planned]:
    """Everything there is to do, page by page, the table last."""
    rows: list[str] = []
    memos: dict[str, JSON] = {}
    for page in sorted(facts.pages, key=lambda page: (page.title.casefold(), page.title)):
        if page.fault:
            yield _finding(
                facts, page.title, Message("intake-page-unreadable", {"info": page.fault})
            )
            rows += _row_as_it_was(page.title, facts, rules)
            memos |= _memos_as_they_were(page.title, facts)
            continue
        found = judged(page, facts, rules)
        if found is None:
            continue
        rows.append(say.row(rules.words, found, facts.requests_page.title))
        memos[f"state:{page.title}"] = found.memo.to_json()
        memos[f"about:{page.title}"] = _counted_by(found, facts, rules)
        if found.state in ACCEPTED:
            memos[f"asked:{page.title}"] = _asked(found)
        yield from _about(page, found, facts, rules)
    yield from _index(rows, memos, facts, rules)


def judged(page: Seen, facts: Facts, rules: Rules) -> Review | None:
    """The review of a page; None for one that is no request.

    A page right below the requests page is taken for one even without the template: somebody may
    have written there in their own words, and gets an answer.
    """
    if page.text is None or page.skip:
        return None
    top = facts.requests_page.title
    remembered = facts.bases.get(top, {}).get(f"state:{page.title}")
    bases = facts.bases.get(page.title, {})
    today = facts.now.date()
    found = review(page.title, page.text, bases, remembered, today, rules.names, rules.known)
    below = page.title.removeprefix(f"{top}/")
    asked = found.request.template or isinstance(found.region, Region)
    return found if asked or "/" not in below else None


def reports_due(facts: Facts, rules: Rules) -> list[str]:
    """The titles of the requests whose state isn't on their talk page yet, as far as is known."""
    return [
        page.title
        for page in facts.pages
        if not page.fault
        and (found := judged(page, facts, rules)) is not None
        and _report_due(found, facts)
    ]


def _report_due(found: Review, facts: Facts) -> bool:
    talk = facts.bases.get(facts.talk_titles.get(found.title, ""), {})
    return found.state not in ("draft", "submitted") and talk.get("reported") != found.state


def _about(page: Seen, found: Review, facts: Facts, rules: Rules) -> Iterator[Planned]:
    key = ""
    found = _with_lines_as_they_will_be(page, found, facts, rules)
    for problem in found.problems:
        yield _problem(facts, page.title, problem)
    if isinstance(found.region, Region) and _answers(page, found):
        ours = say.region_body(rules.words, found)
        state = rules.words.state(found.state)
        changed = found.state != _last_state(page.title, facts)
        why = "intake-why-state" if changed else "intake-why-words"
        summary = Message("summary-intake-region", {"state": state})
        reason = Message(why, {"state": state})
        for planned in _write(page, REGION, found.region, ours, facts, summary, reason):
            yield planned
            key = planned.key if isinstance(planned, Edit) else key
    if _report_due(found, facts):
        yield from _report(found, key, facts, rules)


def _answers(page: Seen, found: Review) -> bool:
    return found.state != "draft" and not page.kept_out


def _with_lines_as_they_will_be(page: Seen, found: Review, facts: Facts, rules: Rules) -> Review:
    """Our answer moves what is below it, and it names lines there: those that they will be."""
    if page.text is None or not isinstance(found.region, Region) or not _answers(page, found):
        return found
    merged = _merged(page, found.region, say.region_body(rules.words, found), facts)
    if isinstance(merged, UnknownBase):
        return found
    if merged.text.count("\n") == found.region.body.count("\n"):
        return found
    text = replace_region(page.text, REGION, merged.text)
    return reread(found, text, rules.names, rules.known)


def _write(
    page: Seen,
    name: str,
    region: Region,
    ours: str,
    facts: Facts,
    summary: Message,
    reason: Message,
    leaves: Mapping[str, JSON] | None = None,
) -> Iterator[Planned]:
    """The edit that brings a region up to date, and what people have to be told about it."""
    merged = _merged(page, region, ours, facts)
    if isinstance(merged, UnknownBase):
        yield _finding(facts, page.title, Message("intake-base-unknown"))
        return
    for each in merged.conflicts:
        params: dict[str, Param] = {
            "line": str(each.line),
            "theirs": shown(" ".join(each.theirs)),
            "ours": shown(" ".join(each.ours)),
        }
        yield _finding(facts, page.title, Message("intake-region-conflict", params))
    if merged.text == region.body or page.text is None:
        return
    text = replace_region(page.text, name, merged.text)
    size = len(text.encode())
    if size > facts.max_bytes and size > len(page.text.encode()):
        params = {"num_bytes": size, "allowed": facts.max_bytes}
        yield _finding(facts, page.title, Message("intake-region-too-long", params))
        return
    yield Edit(
        target=Target(facts.site, page.title),
        change=page.change(text),
        summary=summary,
        reasons=(reason,),
        leaves={"region": merged.base, **(leaves or {})},
        key=f"{name}:{page.title}",
    )


def _merged(page: Seen, region: Region, ours: str, facts: Facts) -> MergedRegion | UnknownBase:
    """Ours and theirs in one; without a record, what our account itself left last is the base.

    An answer that people took out whole is not brought back; but whoever mended a request and
    cleared the old answer away gets the new one.
    """
    left = facts.bases.get(page.title, {}).get("region")
    base = left if isinstance(left, str) else None
    if base is not None and base != ours and not region.body.strip():
        base = None
    elif base is None and page.user == facts.account:
        base = region.body
    return merge_region(base, region.body, ours)


def _report(found: Review, after: str, facts: Facts, rules: Rules) -> Iterator[Planned]:
    """A post on the talk page, unless the newest of ours there tells this state already.

    The whole page's text is sent, on top of the revision that was read: a request that comes late
    or twice can't post twice.
    """
    talk = facts.talks.get(found.title)
    if talk is None or talk.kept_out:
        return
    if talk.fault or talk.skip:
        info = talk.fault or "it is a redirect, or no wikitext"
        yield _unreadable(facts, talk.title, info)
        return
    before = talk.text or ""
    told = _REPORTED.findall(before)
    if told and told[-1] == found.state:
        return
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    state = rules.words.state(found.state)
    yield Edit(
        target=Target(facts.site, talk.title),
        change=talk.change(before + gap + say.report(rules.words, found), announce=True),
        summary=Message("summary-intake-report", {"state": state}),
        reasons=(Message("intake-why-state", {"state": state}),),
        leaves={"reported": found.state},
        key=f"report:{found.title}",
        after=after,
    )


_REPORTED = re.compile(r"<!-- hubbot:report intake ([a-z-]+) [\d-]{10} -->")


def _index(
    rows: Sequence[str], memos: Mapping[str, JSON], facts: Facts, rules: Rules
) -> Iterator[Planned]:
    page = facts.requests_page
    if page.fault:
        yield _unreadable(facts, page.title, page.fault)
        return
    if page.text is None or page.skip:
        yield _finding(facts, page.title, Message("intake-no-requests-page"))
        return
    if page.kept_out:
        return
    region = find_region(page.text, INDEX)
    if isinstance(region, RegionProblem):
        yield _finding(facts, page.title, region_message(region))
        return
    ours = say.table(rules.words, rows)
    known = facts.bases.get(page.title, {})
    gone = [slot for slot in known if slot.startswith(_MEMOS) and slot not in memos]
    leaves = {slot: memo for slot, memo in memos.items() if known.get(slot) != memo}
    leaves |= dict.fromkeys(gone)
    changed = len(set(ours.split("\n")) ^ set(region.body.split("\n")))
    written = False
    for planned in _write(
        page,
        INDEX,
        region,
        ours,
        facts,
        Message("summary-intake-index"),
        Message("intake-why-index", {"num_lines": changed}),
        leaves,
    ):
        written = written or isinstance(planned, Edit)
        yield planned
    if leaves and not written:
        yield Judged(target=Target(facts.site, page.title), leaves=leaves)


_MEMOS = ("state:", "about:", "asked:")
"""The slots of the requests page that hold what is remembered of a request, by its title."""

_UNANSWERED = frozenset({"draft", "submitted", "needs-info"})


def _counted_by(found: Review, facts: Facts, rules: Rules) -> JSON:
    """What the register counts requests by: the partner's place, and the day of the answer.

    "answered": on which it was first triaged, or answered otherwise; "" before that.
    """
    remembered = facts.bases.get(facts.requests_page.title, {}).get(f"about:{found.title}")
    answered = remembered.get("answered") if isinstance(remembered, dict) else None
    if not answered and found.state not in _UNANSWERED:
        answered = found.memo.since.isoformat()
    request, known = found.request, rules.known
    return {
        "answered": answered or "",
        "country": codes(request.value("country"), known.countries),
        "languages": codes(request.value("languages"), known.languages),
    }


def _asked(found: Review) -> JSON:
    """What the register makes a record of: each field as people wrote it, no e-mail address."""
    return {
        name: given.value
        for name, given in found.request.given.items()
        if 0 < len(given.value) <= LONGEST_LIST and not holds_address(given.value)
    }


def _memos_as_they_were(title: str, facts: Facts) -> dict[str, JSON]:
    known = facts.bases.get(facts.requests_page.title, {})
    slots = (f"{memo}{title}" for memo in _MEMOS)
    return {slot: known[slot] for slot in slots if slot in known}


def _row_as_it_was(title: str, facts: Facts, rules: Rules) -> Iterator[str]:
    """The line of a page that can't be read now: it stays, since nothing is known against it."""
    top = facts.requests_page.title
    left = facts.bases.get(top, {}).get("region")
    start = say.row_start(rules.words, title, top)
    lines = left.split("\n") if isinstance(left, str) else []
    yield from (line for line in lines if line.startswith(start))


def _last_state(title: str, facts: Facts) -> str | None:
    match facts.bases.get(facts.requests_page.title, {}).get(f"state:{title}"):
        case [str(state), *_]:
            return state
        case _:
            return None


def _problem(facts: Facts, title: str, problem: Problem) -> Finding:
    return Finding(target=Target(facts.site, title), message=problem.message, where=problem.where)


def _unreadable(facts: Facts, title: str, info: str) -> Finding:
    return _finding(facts, title, Message("intake-page-unreadable", {"info": info}))


def _finding(facts: Facts, title: str, message: Message) -> Finding:
    return Finding(target=Target(facts.site, title), message=message)
