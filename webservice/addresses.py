"""Addresses of the dashboard's own pages: the page at hand, asked something else."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from webservice.asked import the_register

_PARAMETERS = frozenset({"bot", "state", "limit", "before", "after", "uselang"})
"""What an address may ask for; nothing else of it gets into a link."""


def this_page(*, endpoint: str | None = None, external: bool = False, **changes: Any) -> str:
    """The address of the page at hand with other parameters; None takes one away.

    `endpoint`: another page that is asked the same.
    """
    if request.endpoint is None:
        return url_for("pages.index", **changes)
    query = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if value and name in parameters() and name not in changes
    ]
    query += [(name, str(value)) for name, value in changes.items() if value is not None]
    # What is asked for is not given to url_for, to which some names mean something else.
    to, path = (endpoint, {}) if endpoint else (request.endpoint, request.view_args or {})
    address = url_for(to, **path, uselang=None, _external=external)
    return f"{address}?{urlencode(query)}" if query else address


def parameters() -> frozenset[str]:
    """What the page at hand may be asked."""
    return (
        the_register().parameters if request.blueprint in ("register", "records") else _PARAMETERS
    )
