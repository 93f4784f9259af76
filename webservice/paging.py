"""What a request asks for, taken from its address: numbers in bounds, names that exist."""

from __future__ import annotations

from flask import abort, request

from bots.core.store import RUN_STATES, Run
from webservice.door import the_store
from webservice.queries import MAX_ID


def number(name: str, default: int | None = None, most: int = MAX_ID) -> int | None:
    """The parameter as a whole number from 0; more than `most` counts as that. 400 for others."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal()):
        abort(400)
    return min(int(text[:18]), most)


def limit(default: int, most: int = 200) -> int:
    """How many rows a page has."""
    return max(number("limit", default, most) or default, 1)


def bot() -> str | None:
    """The bot that is asked for; None: all."""
    return request.args.get("bot") or None


def state() -> str | None:
    """The state of runs that is asked for; None: all. 400 for one that there is not."""
    asked = request.args.get("state") or None
    if asked is not None and asked not in RUN_STATES:
        abort(400)
    return asked


def run_or_404(key: str) -> Run:
    """The run with this key."""
    run = the_store().run(key)
    if run is None:
        abort(404)
    return run
