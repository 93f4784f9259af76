"""A page of the house's own on the hub wiki: our region is written, and what people wrote stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bots.core import wikitext
from bots.core.messages import Message
from bots.core.plan import JSON, Edit, Finding, PageText, Target
from bots.core.ports import PageRead
from bots.core.store import Store


@dataclass(frozen=True)
class OwnRegion:
    """A region of a page of ours.

    - `name`: the region's, and the slot in which its rendition is remembered.
    - `key`: of the edit that writes it. `no_place`: told where it can't be said what is ours there.
    """

    target: Target
    name: str
    key: str
    summary: Message
    no_place: Message


def edit(
    store: Store,
    bot: str,
    region: OwnRegion,
    page: PageRead,
    body: str,
    leaves: Mapping[str, JSON] | None = None,
) -> Edit | Finding:
    """The edit that puts `body` into our region of the page; it may change nothing.

    `leaves`: other slots that it leaves. A finding where it can't be said what is ours there.
    """
    if page.text is None:
        text = f"<!-- hubbot:{region.name} begin -->{body}<!-- hubbot:{region.name} end -->\n"
        base = body
    else:
        found = wikitext.find_region(page.text, region.name)
        if isinstance(found, wikitext.RegionProblem):
            return Finding(target=region.target, message=region.no_place)
        known = store.base(bot, region.target).get(region.name)
        merged = wikitext.merge_region(known, found.body, body)
        if isinstance(merged, wikitext.UnknownBase):
            return Finding(target=region.target, message=region.no_place)
        text, base = wikitext.replace_region(page.text, region.name, merged.text), merged.base
    return Edit(
        target=region.target,
        change=PageText(
            text=text, before=page.text, base_revid=page.revid, base_timestamp=page.timestamp
        ),
        summary=region.summary,
        leaves={**(leaves or {}), region.name: base},
        key=region.key,
    )
