"""Why the stand-in does not do what was asked, in words that both APIs translate."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818
    """An edit that is not made.

    `reason` is one of: read-only, blocked, partially-blocked, protected, missing-right,
    rate-limited, unknown-tag, no-such-entity, redirected, too-big, edit-conflict (could not be
    patched), late-conflict (somebody saved between reading and saving), no-such-revision,
    label-description-conflict, property-label-conflict, label-equals-description,
    sitelink-conflict, and the reasons of BadTerm and BadValue. `facts` belong to the reason.
    """

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(f"{reason} {facts}" if facts else reason)
        self.reason = reason
        self.facts = facts


class BadValue(Refusal):
    """A snak or value that Wikibase does not take.

    `reason` is unreadable (the JSON says no value: facts `error`, Wikibase's own words), or
    wrong-type (facts `given`, `wanted`), or invalid (facts `message`, the name of Wikibase's
    validator message, and `parameters`), or no-such-property (fact `property`), or not-a-property
    (fact `given`), or malformed (no snak at all, fact `error`).
    """


class BadTerm(Refusal):
    """A label, description, alias or sitelink that Wikibase does not take.

    `reason` is bad-language (fact `language`) or bad-term (facts `message`, `parameters`).
    """
