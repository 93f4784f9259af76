"""Which pages a sitelink may lead to."""

from __future__ import annotations

from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.writing import fail
from sandbox.wikibase.titles import normal


def checked_sitelink(site: str, title: str, badges: Any, call: Call) -> dict[str, Any]:
    """A sitelink as it is kept. Raises ApiError where there is no such site or page."""
    settings = call.wikibase.settings
    if site not in settings.sites:
        words = "The supplied site identifier was not recognized."
        raise fail("not-recognized-siteid", "wikibase-api-not-recognized-siteid", words)
    there = normal(title, settings)
    page = call.wikibase.state.page_titled(there) if there else None
    if there is None or (settings.strict_sitelinks and (page is None or page.deleted)):
        words = f'The external client site "{site}" did not provide page information for page'
        words = f'{words} "{title}".'
        raise fail("no-external-page", "wikibase-api-no-external-page", words, site, title)
    return {"site": site, "title": there, "badges": list(badges or [])}
