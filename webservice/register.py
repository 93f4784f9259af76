"""The register's pages: what it is asked, and one record with its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bots.core.config import HubConfig
from bots.core.messages import Message
from bots.core.plan import Target
from bots.core.register.asking import Asked, moment, name_of
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, Type
from bots.core.register.query import QueryError
from webservice import paging
from webservice.asked import MOST, Register, find, parameter, the_register
from webservice.door import the_store
from webservice.links import WikiLinks
from webservice.queries import MAX_ID
from webservice.shown import Change, changes, fields_of, in_words, shown

blueprint = Blueprint("register", __name__)

RECORDS_A_PAGE = 50
_MOST_OPTIONS = 300
"""A filter with more values than this is a field to write in."""

Version = tuple[PageRecord, datetime, datetime | None]


@dataclass(frozen=True)
class Filter:
    """A filter of the form: `options` are values with their words; none: it is written in."""

    parameter: str
    field: FieldConfig
    chosen: str
    options: Sequence[tuple[str, str]]


@blueprint.get("/register")
def index() -> tuple[str, int]:
    """The register's records, those that are asked for, a page at a time."""
    register, asked = the_register(), the_register().asked()
    fault: Message | None = None
    when: datetime | None = None
    among: Sequence[PageRecord] = ()
    records: Sequence[PageRecord] = ()
    try:
        found = find(asked)
    except QueryError as error:
        fault = Message(error.key, error.params)
        among = register.records(the_store(), asked.kind or None)
    else:
        among, records, when = found.among, found.records, found.question.as_of
    kind = asked.kind if asked.kind in register.kinds else ""
    after, limit = paging.number("after", 0) or 0, paging.limit(RECORDS_A_PAGE)
    page = render_template(
        "register.html",
        asked=asked,
        kind=register.kinds.get(kind),
        kinds=register.kinds,
        fault=fault,
        filters=list(_filters(register, asked, among)),
        columns=register.columns(kind),
        records=records[after : after + limit],
        in_all=len(records),
        among=len(among),
        first=after == 0,
        after=after + limit if after + limit < len(records) else None,
        name_of=lambda record: name_of(record, register.kinds),
        this_record=this_record,
        when=when,
        shown=shown,
        fields=_fields(register, kind),
        most=MOST,
    )
    return page, 200 if fault is None else 400


@blueprint.get(f"/register/<kind>/<int(max={MAX_ID}):page>")
def record(kind: str, page: int) -> str | Response:
    """One record, as it is or was "as of" a time, what refers to it, and its history."""
    register, when = the_register(), asked_moment()
    history = history_or_404(page)
    found, _since, until = version_at(history, when)
    (found,) = register.counted(the_store(), [found], when)
    if found.kind != kind:
        return redirect(this_record(found, when))
    config = register.kinds[found.kind]
    others = register.records(the_store(), None, when)
    called = {each.title: name_of(each, register.kinds) for each in others}
    own = {each.title: each for each in others}
    return render_template(
        "record.html",
        record=found,
        there=until is None or (when is not None and until > when),
        when=when,
        kind=config,
        kinds=register.kinds,
        name=name_of(found, register.kinds),
        target=Target(_config().hub, found.title),
        fields=list(
            fields_of(
                found,
                config,
                called,
                lambda title: this_record(own[title], when) if title in own else None,
            )
        ),
        referring=_referring(found, others, register),
        history=list(_told(history, register)),
        name_of=lambda each: name_of(each, register.kinds),
        this_record=this_record,
        this_record_file=lambda form: url_for(
            "records.record", page=page, format=form, as_of=when.isoformat() if when else None
        ),
    )


def history_or_404(page: int) -> list[Version]:
    """All versions of a page's record, the oldest first; 404 where there is none to show."""
    return the_register().history(the_store(), page) or abort(404)


def asked_moment() -> datetime | None:
    """The moment that is asked for; None: now. 400 for what is none."""
    text = request.args.get("as_of", "").strip()
    try:
        return moment(text) if text else None
    except QueryError:
        abort(400)


def version_at(history: Sequence[Version], when: datetime | None) -> Version:
    """The version that stood there then, or the last one before. 404 before the first."""
    past = [each for each in history if when is None or each[1] <= when]
    return past[-1] if past else abort(404)


def this_record(record: PageRecord, when: datetime | None = None) -> str:
    """A record's own page here, as of a time."""
    as_of = when.isoformat() if when else None
    return url_for("register.record", kind=record.kind, page=record.page, as_of=as_of)


def page_url(title: str) -> str | None:
    """Where a record's page on the hub wiki is."""
    links: WikiLinks = current_app.extensions["hubbot_links"]
    return links.page(Target(_config().hub, title))


@dataclass(frozen=True)
class Told:
    """A version of a record, for its history: what it says otherwise than the one before.

    `moved_from`: the title before, if it was another. `back`: the record had been gone.
    """

    since: datetime
    until: datetime | None
    changes: Sequence[Change]
    moved_from: str
    first: bool
    back: bool


def _told(history: Sequence[Version], register: Register) -> Iterator[Told]:
    """A record's history, the newest version first."""
    pairs = list(zip([None, *history], history, strict=False))
    for before, (record, since, until) in reversed(pairs):
        if before is None:
            yield Told(since, until, (), "", first=True, back=False)
            continue
        kind = register.kinds[record.kind]
        moved = before[0].title if before[0].title != record.title else ""
        back = before[2] is not None and before[2] < since
        yield Told(since, until, changes(before[0], record, kind), moved, first=False, back=back)


def _referring(
    found: PageRecord, others: Iterable[PageRecord], register: Register
) -> dict[str, list[PageRecord]]:
    """The records that name this one, by kind."""
    by_kind: dict[str, list[PageRecord]] = {}
    for other in others:
        fields = register.kinds[other.kind].fields
        if any(
            found.title in values and name in fields and fields[name].type is Type.RECORD
            for name, values in other.values.items()
        ):
            by_kind.setdefault(other.kind, []).append(other)
    return by_kind


def _fields(register: Register, kind: str) -> dict[str, FieldConfig]:
    """A kind's fields, or all kinds' ("") by their names, of which the first counts."""
    named = [register.kinds[kind]] if kind else register.kinds.values()
    return {name: field for each in reversed(list(named)) for name, field in each.fields.items()}


def _filters(register: Register, asked: Asked, among: Sequence[PageRecord]) -> Iterator[Filter]:
    """The form's filters: each with the values that occur, in the order of their words."""
    for name, field in register.filters(asked).items():
        there: dict[str, str] = {}
        for record in among:
            of = register.kinds[record.kind].fields.get(name)
            for value in record.values.get(name, ()) if of else ():
                if value not in there and of:
                    there[value] = in_words(of, value)
        chosen = next(iter(asked.filters.get(name, ())), "")
        if chosen:
            chosen = register.canonical(field, chosen) or chosen
            there.setdefault(chosen, in_words(field, chosen))
        options = sorted(there.items(), key=lambda option: option[1].casefold())
        few = options if len(options) <= _MOST_OPTIONS else []
        yield Filter(parameter(name), field, chosen, few)


def _config() -> HubConfig:
    config: HubConfig = current_app.extensions["hubbot_config"]
    return config
