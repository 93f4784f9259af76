"""Writing pages: one edit request for one edit, and one of the closed outcomes."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import timedelta

from bots.core.outcome import Invalid, NotReachedError, Outcome, Refused, utcnow
from bots.core.plan import Edit, PageText
from bots.wiki.answers import outcome_of
from bots.wiki.exclusion import Kind, allowed
from bots.wiki.sites import Wiki

LONGEST_SUMMARY = 500
"""Characters; MediaWiki cuts what is longer, and a receipt might be lost with it."""


def write(wiki: Wiki, edit: Edit, change: PageText, summary: str) -> Outcome:
    """Send the edit, whose change this is, once, with this summary; what became of it.

    Never raises for what a wiki or the network does. Conflicts are found by `baserevid`: with
    `basetimestamp` besides, MediaWiki overwrites what the same account has saved meanwhile
    (`EditPage::internalAttemptSave`, "Suppress edit conflict with self"). The `base_timestamp` of
    a page that is to be made is when it was seen not to be there: what was deleted since is not
    made again.
    """
    kind: Kind = "message" if change.announce else "edit"
    if not allowed(change.before or "", wiki.config.account, kind):
        info = f"{{{{bots}}}} or {{{{nobots}}}} on {edit.target}"
        return Refused(reason="excluded", code="bots-template", info=info)
    if len(summary) > LONGEST_SUMMARY:
        info = f"the edit summary has {len(summary)} characters, {LONGEST_SUMMARY} are allowed"
        return Invalid(code="summary-too-long", info=info)
    try:
        form = _form(wiki, edit, change, summary)
    except UnicodeEncodeError as error:
        return Invalid(code="not-unicode", info=f"{error.reason} at character {error.start}")
    try:
        answer = wiki.post(form)
    except NotReachedError as error:
        return error.outcome
    return outcome_of(answer, change.base_revid, utcnow())


def _form(wiki: Wiki, edit: Edit, change: PageText, summary: str) -> dict[str, str]:
    """The request's parameters (mediawiki.org, API:Edit). Raises UnicodeEncodeError."""
    # The API composes what it gets before it compares the digest.
    composed = unicodedata.normalize("NFC", change.text).encode()
    summary.encode()
    edit.target.title.encode()
    return {
        "action": "edit",
        "title": edit.target.title,
        "text": change.text,
        "summary": summary,
        "md5": hashlib.md5(composed, usedforsecurity=False).hexdigest(),
        "maxlag": str(wiki.config.limits.maxlag_seconds),
        "watchlist": "nochange",
        **({} if change.announce else {"bot": "1"}),
        **_base(change),
    }


def _base(change: PageText) -> dict[str, str]:
    """What must still be so for the edit to be saved."""
    if change.base_revid is not None:
        return {"nocreate": "1", "baserevid": str(change.base_revid)}
    if change.base_timestamp is None:
        return {"createonly": "1"}
    # MediaWiki keeps whole seconds: a deletion within the second in which we looked counts.
    since = change.base_timestamp - timedelta(seconds=1)
    return {"createonly": "1", "starttimestamp": since.strftime("%Y-%m-%dT%H:%M:%SZ")}
