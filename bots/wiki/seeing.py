"""Pages as plans know them: whether they can be read, and whether we may write there."""

from __future__ import annotations

from bots.core.seen import Seen
from bots.wiki.exclusion import allowed
from bots.wiki.pages import Page
from bots.wiki.sites import Wiki


def seen(page: Page, account: str, post: bool = False) -> Seen:
    """A page as the plan knows it; `post`: a talk page, on which something is to be posted."""
    return Seen(
        title=page.target.title,
        text=page.text,
        revid=page.revid,
        # Of a page that is not there: so that one deleted meanwhile is not made again.
        timestamp=page.timestamp or page.seen,
        user=page.user,
        fault=page.fault,
        skip=page.redirect or page.model != "wikitext",
        kept_out=not allowed(page.text or "", account, "message" if post else "edit"),
    )


def talk_title(wiki: Wiki, title: str) -> str:
    """The title of a page's talk page, with the wiki's own name of the namespace."""
    number, name = wiki.namespace(title)
    own = wiki.info.names_of(number + 1)[0]  # All in lower case, and only its first letter is not.
    return f"{own[:1].upper()}{own[1:]}:{name}"
