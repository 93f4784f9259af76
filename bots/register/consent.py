"""Whether people said themselves, on their own page, that they may be listed."""

from __future__ import annotations

from dataclasses import replace

from bots.core.messages import Message
from bots.core.plan import Finding
from bots.register.records import Reading, Rules, read_record
from bots.wiki.history import who_added
from bots.wiki.pages import Page
from bots.wiki.sites import Wiki


def only_their_own(wiki: Wiki, page: Page, found: Reading, rules: Rules) -> Reading:
    """What was read of a page, without a word that is not the person's own, and that is told.

    It counts if it has stood there without a break since an edit by the account that the record
    names. The page's history is asked where a record of such a kind says that it may be shown.
    Raises `NotReachedError`.
    """
    record = found.record
    kind = None if record is None else rules.kinds[record.kind]
    if record is None or kind is None or not kind.said_by or not kind.may_show(record.values):
        return found
    user, asks = record.first(kind.said_by), kind.may_show

    def said(text: str) -> set[str]:
        then = read_record(replace(page, text=text), rules).record
        may = then is not None and then.kind == record.kind and asks(then.values)
        return {then.first(kind.said_by)} if then is not None and may else set()

    made = who_added(wiki, page.target, {user}, said).get(user)
    if made is not None and made.user == user:
        return found
    line = str(record.lines.get(kind.listed_by, 1))
    message = Message("register-not-their-word", {"line": line, "user": user})
    told = Finding(target=page.target, message=message, where=kind.listed_by)
    values = {name: many for name, many in record.values.items() if name != kind.listed_by}
    return replace(found, record=replace(record, values=values), findings=(*found.findings, told))
