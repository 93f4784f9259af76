"""Which labels, descriptions, aliases and sitelinks Wikibase takes, and whose they already are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.wikibase.refusals import BadTerm, Refusal
from sandbox.wikibase.settings import LANGUAGES, Settings
from sandbox.wikibase.state import State
from sandbox.wikibase.values import shortened

_KINDS = {"labels": "label", "descriptions": "description", "aliases": "alias"}


def term_languages(settings: Settings, field: str) -> frozenset[str]:
    """The languages that labels, descriptions or aliases may have."""
    if settings.mul and field != "descriptions":
        return LANGUAGES
    return LANGUAGES - {"mul"}


def cleaned(text: str) -> str:
    """A term as MediaWiki cleans it: newlines and tabs become spaces, none at its ends."""
    return re.sub(r"[\s\x00-\x1f]", " ", text).strip()


def check_term(field: str, language: str, text: str, settings: Settings) -> None:
    """Whether a term may be. Raises BadTerm."""
    if language not in term_languages(settings, field):
        raise BadTerm("bad-language", language=language)
    kind = _KINDS[field]
    limit = settings.max_label_length
    if not text:
        raise BadTerm(
            "bad-term", message="wikibase-validator-too-short", parameters=["1", ""], kind=kind
        )
    if len(text) > limit:
        message = f"wikibase-validator-{kind}-too-long"
        raise BadTerm("bad-term", message=message, parameters=[str(limit), shortened(text)])
    if re.search(r"[\x00-\x1f]", text) or text != text.strip():
        message = "wikibase-validator-malformed-value"
        raise BadTerm("bad-term", message=message, parameters=[text])


def check_fingerprint(content: Mapping[str, Any], old: Mapping[str, Any], state: State) -> None:
    """Whether an entity may have these labels and descriptions beside all others.

    Only what differs from `old` is looked at, as in Wikibase. Raises Refusal.
    """
    labels, descriptions = content.get("labels") or {}, content.get("descriptions") or {}
    for language, label in labels.items():
        text = label["value"]
        description = descriptions.get(language, {}).get("value")
        before = (
            (old.get("labels") or {}).get(language, {}).get("value"),
            (old.get("descriptions") or {}).get(language, {}).get("value"),
        )
        if (text, description) == before:
            continue
        if content["type"] == "item":
            _check_item(content["id"], language, text, description, state)
        elif content["type"] == "property" and before[0] != text:
            _check_property(content["id"], language, text, state)


def _check_item(
    entity: str, language: str, label: str, description: str | None, state: State
) -> None:
    if description is None:
        return
    if label == description:
        raise Refusal("label-equals-description", language=language)
    row = state.first(
        "select a.entity from term a join term b on a.entity = b.entity where a.kind = 'label'"
        " and a.text = ? and a.language = ? and b.kind = 'description' and b.text = ?"
        " and b.language = ? and a.entity != ? and a.entity like 'Q%'",
        label, language, description, language, entity,
    )  # fmt: skip
    if row:
        raise Refusal("label-description-conflict", label=label, language=language, entity=row[0])


def _check_property(entity: str, language: str, label: str, state: State) -> None:
    row = state.first(
        "select entity from term where kind = 'label' and text = ? and language = ?"
        " and entity != ? and entity like 'P%'",
        label, language, entity,
    )  # fmt: skip
    if row:
        raise Refusal("property-label-conflict", label=label, language=language, entity=row[0])


def check_sitelinks(content: Mapping[str, Any], state: State) -> None:
    """Whether nobody else has these sitelinks. Raises Refusal sitelink-conflict."""
    for link in (content.get("sitelinks") or {}).values():
        owner = state.linked(link["site"], link["title"])
        if owner is not None and owner != content["id"]:
            raise Refusal("sitelink-conflict", site=link["site"], title=link["title"], entity=owner)
