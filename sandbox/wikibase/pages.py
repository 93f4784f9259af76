"""The wiki's plain pages for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.wikibase.http import Request, Response

if TYPE_CHECKING:
    from sandbox.wikibase.server import Wikibase


def handle(request: Request, wikibase: Wikibase) -> Response:
    """Answer a request for a page."""
    return Response(404)
