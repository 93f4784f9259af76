"""Differences as findings for the store, and back; and which of them have stood long enough."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bots.core.messages import Message, Param
from bots.core.plan import Finding, Target
from bots.core.store import StoredFinding
from bots.datasets.facts import Difference

STANDS_AFTER = timedelta(hours=72)
"""What people changed is told to the partner once it has stood for so long."""

KEYS = {
    kind: f"dataset-{kind}"
    for kind in ("conflict", "corrected", "removed", "refuted", "unsupported")
}
"""The message of each kind of difference."""

_TEXTS = (
    "item",
    "slot",
    "property",
    "column",
    "pair",
    "statement",
    "calendar",
    "url",
)


def finding_of(difference: Difference) -> Finding:
    """The finding, at the item's page, that stands for a difference.

    `since` is not in it: the same difference is the same finding however often the item is edited.
    """
    params: dict[str, Param] = {name: getattr(difference, name) for name in _TEXTS}
    params |= {
        "list_wiki": list(difference.wiki) or ["–"],
        "wiki_values": list(difference.wiki_values),
        "references": list(difference.references),
        "ours": "–" if difference.ours is None else difference.ours,
    }
    if difference.ours_value is not None:
        params["ours_value"] = difference.ours_value
    return Finding(
        target=Target(difference.site, difference.item),
        message=Message(KEYS[difference.kind], params),
        where=difference.record,
    )


def difference_of(finding: Finding) -> Difference | None:
    """The difference that a finding stands for; None where it stands for something else."""
    kinds = {key: kind for kind, key in KEYS.items()}
    kind = kinds.get(finding.message.key)
    if kind is None:
        return None
    params = finding.message.params
    told = "ours_value" in params
    return Difference(
        record=finding.where,
        site=finding.target.site,
        kind=kind,
        wiki=tuple(_list(params, "list_wiki")) if _list(params, "wiki_values") else (),
        wiki_values=tuple(_list(params, "wiki_values")),
        references=tuple(_list(params, "references")),
        ours=str(params["ours"]) if told else None,
        ours_value=str(params["ours_value"]) if told else None,
        item=str(params["item"]),
        slot=str(params["slot"]),
        property=str(params["property"]),
        column=str(params["column"]),
        pair=str(params["pair"]),
        statement=str(params["statement"]),
        calendar=str(params["calendar"]),
        url=str(params["url"]),
    )


def stands(difference: Difference, first_seen: Mapping[str, datetime], now: datetime) -> bool:
    """Whether a difference has stood for 72 hours.

    By the item's last edit, or, where it is edited often, by when a run first saw it:
    `first_seen` is by the finding's fingerprint.
    """
    if difference.since is not None and now - difference.since >= STANDS_AFTER:
        return True
    seen = first_seen.get(finding_of(difference).fingerprint)
    return seen is not None and now - seen >= STANDS_AFTER


def differences_of(found: list[StoredFinding]) -> list[Difference]:
    """The differences among open findings of the store."""
    told = (difference_of(each.finding) for each in found)
    return [each for each in told if each is not None]


def _list(params: Mapping[str, Param], name: str) -> list[str]:
    value = params.get(name, [])
    return list(value) if isinstance(value, list) else [str(value)]
