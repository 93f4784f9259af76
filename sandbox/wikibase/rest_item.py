"""An item in the REST API's form, as sent or as a patch left it, made into what the wiki keeps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.wikibase.entities import empty
from sandbox.wikibase.rest_check import StatementCheck
from sandbox.wikibase.rest_errors import PATCHED, SENT, Faults, RestError, coded
from sandbox.wikibase.rest_patch import same
from sandbox.wikibase.terms import check_fingerprint, check_sitelinks, term_languages
from sandbox.wikibase.titles import normal
from sandbox.wikibase.values import Context

_TERMS = ("labels", "descriptions")
_FIELDS = (*_TERMS, "aliases", "sitelinks", "statements")


@dataclass(frozen=True)
class Original:
    """The item before a patch: what the wiki keeps, and the form that was patched."""

    content: Mapping[str, Any]
    form: Mapping[str, Any]


def new_item(form: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The content of a new item that has no number yet (Q0). Raises RestError and Refusal."""
    parts = _parts(form, "/item", SENT)
    content = empty("Q0")
    for field in _TERMS:
        content[field] = read_terms(parts[field], field, f"/item/{field}", SENT, context)
    check_fingerprint(content, {}, context.state)
    content["aliases"] = read_aliases(parts["aliases"], "/item/aliases", SENT, context)
    content["claims"] = _read_statements(parts["statements"], "/item/statements", SENT, context)
    content["sitelinks"] = read_sitelinks(parts["sitelinks"], "/item/sitelinks", SENT, context)
    check_sitelinks(content, context.state)
    return content


def patched_item(form: Any, original: Original, context: Context) -> dict[str, Any]:
    """The content of an item after a patch. Raises RestError and Refusal."""
    number = original.content["id"]
    form = form if isinstance(form, dict) else {}
    if form.get("id") not in (None, number):
        raise read_only("/id")
    parts = _parts(form, "", PATCHED)
    content = empty(number)
    for field in _TERMS:
        before = original.content[field]
        content[field] = read_terms(parts[field], field, f"/{field}", PATCHED, context, before)
    check_fingerprint(content, original.content, context.state)
    content["aliases"] = read_aliases(parts["aliases"], "/aliases", PATCHED, context)
    content["sitelinks"] = read_sitelinks(parts["sitelinks"], "/sitelinks", PATCHED, context)
    check_sitelinks(content, context.state)
    _check_addresses(parts["sitelinks"], original.form["sitelinks"])
    content["claims"] = _read_statements(
        parts["statements"], "/statements", PATCHED, context, original
    )
    _check_ids(parts["statements"], content["claims"], original.content["claims"])
    return content


def read_only(path: str) -> RestError:
    """A patch changed what it may not."""
    message = "Read only value in patch result cannot be modified"
    return coded("patch-result-modified-read-only-value", message, path=path)


def _parts(form: Mapping[str, Any], base: str, faults: Faults) -> dict[str, Any]:
    parts = {}
    for field in _FIELDS:
        part = form.get(field)
        if part is None or part == []:
            part = {}
        if not isinstance(part, dict | list):
            raise faults.invalid(f"{base}/{field}", part)
        parts[field] = part
    return parts


# terms


def read_terms(
    form: Any,
    field: str,
    path: str,
    faults: Faults,
    context: Context,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Labels or descriptions by language; those that were there `before` may stay as they are."""
    _check_languages(form, field, path, faults, context)
    terms = {}
    for language, text in form.items():
        if not isinstance(text, str) or not text.strip():
            given = text.strip() if isinstance(text, str) else text
            raise faults.invalid(f"{path}/{language}", given)
        terms[language] = {"language": language, "value": text.strip()}
    for language, term in terms.items():
        if (before or {}).get(language) != term:
            check_text(term["value"], f"{path}/{language}", faults, context)
    return terms


def _check_languages(form: Any, field: str, path: str, faults: Faults, context: Context) -> None:
    if not isinstance(form, dict):
        raise faults.invalid(path, form)
    languages = term_languages(context.settings, field)
    for language in form:
        if language not in languages:
            raise faults.invalid_key(path, language)


def check_text(text: str, path: str, faults: Faults, context: Context) -> None:
    """Refuse a label, description or alias that is too long or has line ends in it."""
    if len(text) > context.settings.max_label_length:
        raise faults.too_long(path, context.settings.max_label_length)
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise faults.invalid(path, text)


def read_aliases(form: Any, path: str, faults: Faults, context: Context) -> dict[str, Any]:
    """Aliases by language, each text once."""
    _check_languages(form, "aliases", path, faults, context)
    return {
        language: read_aliases_in(texts, language, f"{path}/{language}", faults, context)
        for language, texts in form.items()
    }


def read_aliases_in(
    form: Any, language: str, path: str, faults: Faults, context: Context
) -> list[dict[str, str]]:
    """The aliases of one language, each text once."""
    if not isinstance(form, list) or not form:
        raise faults.invalid(path, form)
    texts: dict[str, None] = {}
    for index, text in enumerate(form):
        if not isinstance(text, str) or not text.strip():
            raise faults.invalid(f"{path}/{index}", text)
        texts[text.strip()] = None
    for index, text in enumerate(texts):
        check_text(text, f"{path}/{index}", faults, context)
    return [{"language": language, "value": text} for text in texts]


# sitelinks


def read_sitelinks(form: Any, path: str, faults: Faults, context: Context) -> dict[str, Any]:
    """Sitelinks by site."""
    if not isinstance(form, dict):
        raise faults.invalid(path, form)
    for site in form:
        if site not in context.settings.sites:
            raise faults.invalid_key(path, site)
    return {
        site: read_sitelink(link, site, f"{path}/{site}", faults, context)
        for site, link in form.items()
    }


def read_sitelink(
    form: Any, site: str, path: str, faults: Faults, context: Context
) -> dict[str, Any]:
    """One sitelink, to a page that has to exist where the wiki's settings say so."""
    if not isinstance(form, dict):
        raise faults.invalid(path, form)
    if "title" not in form:
        raise faults.missing(path, "title")
    given = form["title"]
    title = normal(given, context.settings) if isinstance(given, str) else None
    if title is None:
        raise faults.invalid(f"{path}/title", given)
    page = context.state.page_titled(title)
    if context.settings.strict_sitelinks and (page is None or page.deleted):
        raise faults.unknown(f"{path}/title", title)
    badges = form.get("badges") or []
    if not isinstance(badges, list):
        raise faults.invalid(f"{path}/badges", badges)
    for index, badge in enumerate(badges):
        if not isinstance(badge, str) or not context.state.exists(badge):
            raise faults.invalid(f"{path}/badges/{index}", badge)
    return {"site": site, "title": title, "badges": badges}


def _check_addresses(form: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    for site, link in form.items():
        if "url" in link and link["url"] != before.get(site, link).get("url"):
            raise read_only(f"/sitelinks/{site}/url")


# statements


def _read_statements(
    form: Any, path: str, faults: Faults, context: Context, original: Original | None = None
) -> dict[str, Any]:
    if not isinstance(form, dict):
        raise faults.invalid(path, form)
    check = StatementCheck(faults, context)
    kept = _by_id(original) if original else {}
    claims = {}
    for prop, group in form.items():
        if not isinstance(group, list) and group != {}:
            raise faults.invalid(f"{path}/{prop}", group)
        read = []
        for index, statement in enumerate(group):
            number = statement.get("id") if isinstance(statement, dict) else None
            before = kept.get((prop, number)) if isinstance(number, str) else None
            if before and same(before[0], statement):
                read.append(before[1])
            else:
                read.append(check.group(statement, prop, f"{path}/{prop}", index))
        if read:
            claims[prop] = read
    return claims


def _by_id(original: Original) -> dict[tuple[str, str], tuple[Any, Any]]:
    """(property, id) → a statement's form and what is kept of it.

    An untouched statement stays as it was to the last byte, with all that the form leaves out.
    """
    return {
        (prop, form["id"]): (form, claim)
        for prop, group in original.form["statements"].items()
        for form, claim in zip(group, original.content["claims"][prop], strict=True)
    }


def _check_ids(
    form: Mapping[str, Any], claims: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    known = {claim["id"] for group in before.values() for claim in group}
    seen = Counter(claim["id"] for group in claims.values() for claim in group if "id" in claim)
    for number, times in seen.items():
        if times > 1 or number not in known:
            raise read_only(f"/statements/{_place(form, number)}/id")
    was = {claim["id"]: prop for prop, group in before.items() for claim in group}
    for prop, group in claims.items():
        for claim in group:
            if was.get(claim.get("id"), prop) != prop:
                raise read_only(f"/statements/{_place(form, claim['id'])}/property/id")


def _place(form: Mapping[str, Any], number: str) -> str:
    return next(
        f"{prop}/{index}"
        for prop, group in form.items()
        for index, statement in enumerate(group)
        if statement.get("id") == number
    )
