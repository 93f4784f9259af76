"""Where on the wikis a page, a page ready to edit, or a diff is; and what may be a link at all."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

from bots.core.config import HubConfig, SiteConfig
from bots.core.plan import NEW_ITEM, Target

_BY_LANGUAGE = frozenset(
    {
        "wikibooks",
        "wikinews",
        "wikipedia",
        "wikiquote",
        "wikisource",
        "wikiversity",
        "wikivoyage",
        "wiktionary",
    }
)
"""Wikimedia's families whose codes are languages: CODE.FAMILY.org."""

_HOSTS = {
    ("commons", "commons"): "commons.wikimedia.org",
    ("commons", "test"): "test-commons.wikimedia.org",
    ("incubator", "incubator"): "incubator.wikimedia.org",
    ("mediawiki", "mediawiki"): "www.mediawiki.org",
    ("meta", "meta"): "meta.wikimedia.org",
    ("outreach", "outreach"): "outreach.wikimedia.org",
    ("species", "species"): "species.wikimedia.org",
    ("test", "test"): "test.wikipedia.org",
    ("wikidata", "test"): "test.wikidata.org",
    ("wikidata", "wikidata"): "www.wikidata.org",
    ("wikisource", "mul"): "wikisource.org",
}

_CODE = re.compile(r"[a-z][a-z0-9-]*")


def http_url(url: str | None) -> str | None:
    """The URL if it is http or https with a host, and so may be a link; else None."""
    if not url or re.search(r"[\s\x00-\x1f]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def index_url(site: SiteConfig) -> str | None:
    """The address of a wiki's index.php; None where it can't be told from the configuration."""
    if site.index_url:
        return http_url(site.index_url)
    if site.api:
        return http_url(re.sub(r"api\.php$", "index.php", site.api))
    family, code = str(site.family), str(site.code).replace("_", "-")
    host = _HOSTS.get((family, code))
    if host is None and family in _BY_LANGUAGE and _CODE.fullmatch(code):
        host = f"{code}.{family}.org"
    return f"https://{host}/w/index.php" if host else None


class WikiLinks:
    """The addresses of pages on the configured wikis.

    None for a wiki that is not configured, and for a new item, which has no page yet.
    """

    def __init__(self, config: HubConfig) -> None:
        self._index = {name: index_url(site) for name, site in config.sites.items()}

    def page(self, target: Target) -> str | None:
        """A page, to read."""
        return self._url(target.site, title=target.title)

    def edit(self, target: Target) -> str | None:
        """A page, open in the editor."""
        return self._url(target.site, title=target.title, action="edit")

    def history(self, target: Target) -> str | None:
        """A page's history."""
        return self._url(target.site, title=target.title, action="history")

    def diff(self, site: str, revid: int | None) -> str | None:
        """What a revision changed; None without one."""
        return self._url(site, diff=str(revid)) if revid else None

    def user(self, site: str, name: str) -> str | None:
        """A user's page; None for no name."""
        return self.page(Target(site, f"User:{name}")) if name else None

    def _url(self, site: str, **query: str) -> str | None:
        index = self._index.get(site)
        if index is None or "" in query.values() or query.get("title", "").startswith(NEW_ITEM):
            return None
        if "title" in query:
            query["title"] = query["title"].replace(" ", "_")
        return f"{index}?{urlencode(query, safe=':/', quote_via=quote)}"
