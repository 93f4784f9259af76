"""The wiki's plain pages for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.wikibase.entitydata import concept, entity_data
from sandbox.wikibase.http import Request, Response

if TYPE_CHECKING:
    from sandbox.wikibase.server import Wikibase


def handle(request: Request, wikibase: Wikibase) -> Response:
    """Answer a request for a page."""
    if request.path.startswith("/wiki/Special:EntityData/"):
        return entity_data(request, wikibase)
    if request.path.startswith("/entity/"):
        return concept(request.path, wikibase)
    return Response(404)
