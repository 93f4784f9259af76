"""The register for programs: records as JSON, CSV and JSON-LD."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

from flask import Blueprint, Response, abort, g, jsonify, request

from bots.core.messages import Message
from bots.core.register.facts import PageRecord
from bots.core.register.jsonld import as_json_ld
from bots.core.register.outputs import as_json, moment_text, values_as_json, write_csv
from bots.core.register.query import QueryError
from webservice import paging
from webservice.addresses import this_page
from webservice.asked import MOST, find, the_register
from webservice.queries import MAX_ID
from webservice.register import asked_moment, history_or_404, page_url, version_at

blueprint = Blueprint("records", __name__)

_DEFAULT = 500
_TYPES = {"json": "application/json", "csv": "text/csv", "jsonld": "application/ld+json"}


@blueprint.get("/api/v1/records")
def records() -> Response | tuple[Response, int]:
    """Records: `kind`, any field, `where`, `search`, `sort`, `as_of`, `format`, `limit`, `after`.

    `format`: json, csv or jsonld; `limit` to 10,000. The address of what comes next is in the
    JSON's `next` and, in every format, in the Link header.
    """
    form, asked = _format(), the_register().asked()
    after, limit = paging.number("after", 0) or 0, paging.limit(_DEFAULT, MOST)
    try:
        found = find(asked).records
    except QueryError as error:
        return jsonify(error=g.reader.plain(Message(error.key, error.params))), 400
    here = found[after : after + limit]
    following = after + limit if after + limit < len(found) else None
    response = _answer(form, here, asked.kind or None, following, len(found))
    if following is not None:
        response.headers["Link"] = f'<{_next(following)}>; rel="next"'
    return response


@blueprint.get(f"/api/v1/records/<int(max={MAX_ID}):page>")
def record(page: int) -> Response:
    """One record, now or `as_of`; as JSON with all its versions."""
    kinds, form = the_register().kinds, _format()
    history = history_or_404(page)
    found, _since, _until = version_at(history, asked_moment())
    if form != "json":
        return _answer(form, [found], found.kind, None, 1)
    versions = [
        {
            "since": moment_text(since),
            "until": moment_text(end) if end else None,
            "kind": version.kind,
            "title": version.title,
            "values": values_as_json(version.kind, version.values, kinds),
        }
        for version, since, end in history
    ]
    return jsonify(**as_json(found, kinds, page_url), history=versions)


def _format() -> str:
    form = request.args.get("format") or "json"
    if form not in _TYPES:
        abort(400)
    return form


def _answer(
    form: str, found: Sequence[PageRecord], kind: str | None, following: int | None, in_all: int
) -> Response:
    kinds = the_register().kinds
    if form == "csv":
        file = io.StringIO()
        write_csv(file, found, kind, kinds, page_url)
        response = Response(file.getvalue(), mimetype=_TYPES[form])
        name = f"register-{kind or 'all'}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    if form == "jsonld":
        document = as_json_ld(found, kinds, page_url)
        return Response(json.dumps(document, ensure_ascii=False), mimetype=_TYPES[form])
    return jsonify(
        records=[as_json(each, kinds, page_url) for each in found],
        in_all=in_all,
        next=None if following is None else _next(following),
    )


def _next(after: int) -> str:
    """The address of what comes after so many records."""
    return this_page(external=True, after=after)
