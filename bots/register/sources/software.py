"""`of=software`: what the configured wikis run on, as each of them says, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bots.core.outcome import NotReachedError
from bots.core.register.computed import ComputedConfig
from bots.core.register.facts import PageRecord
from bots.register.lists.facts import ListSource, SourceRow
from bots.wiki.desk import Desk

TOOL = "tool"
"""The kind of record that says whose a tool is."""

_LONGEST_URL = 2_000


@dataclass(frozen=True)
class Package:
    """A piece of software on a wiki; `kind` is base, extension, skin or library."""

    wiki: str
    kind: str
    name: str
    version: str = ""
    url: str = ""
    licence: str = ""
    authors: tuple[str, ...] = ()


def read_software(desk: Desk, sites: Iterable[str]) -> tuple[list[Package], bool]:
    """The software of these wikis, one request each; False where one of them can't be reached."""
    found: list[Package] = []
    whole = True
    for site in sites:
        asked = {
            "action": "query",
            "meta": "siteinfo",
            "siprop": "general|extensions|libraries",
        }
        try:
            told = desk.wikis[site].api(asked)["query"]
        except NotReachedError:
            whole = False
        else:
            found += packages(site, told)
    return found, whole


def packages(wiki: str, told: Mapping[str, Any]) -> list[Package]:
    """What a wiki's siteinfo (mediawiki.org, API:Siteinfo) tells of its software, each once."""
    found = [*_base(wiki, told.get("general", {}))]
    found += (_extension(wiki, raw) for raw in told.get("extensions", ()))
    found += (
        Package(wiki, "library", _text(raw, "name"), _text(raw, "version"))
        for raw in told.get("libraries", ())
    )
    by_key = {(each.kind, each.name): each for each in found if each.name}
    return list(by_key.values())


def source_of(
    found: Sequence[Package], tools: Collection[PageRecord], computed: ComputedConfig, whole: bool
) -> ListSource:
    """The list; `tools`: the register's records of tools, whose owners are told."""
    owners = _owners(tools)
    return ListSource(
        fields=computed.fields,
        rows=[_row(each, owners.get(each.name.casefold(), ())) for each in found],
        called=computed.called,
        whole=whole,
    )


def _row(package: Package, owners: Sequence[str]) -> SourceRow:
    values = {
        "name": (package.name,),
        "kind": (package.kind,),
        "version": (package.version,),
        "wiki": (package.wiki,),
        "licence": (package.licence,),
        "authors": package.authors,
        "url": (package.url,),
        "organisation": owners,
    }
    return SourceRow(
        key=f"{package.wiki}/{package.kind}/{package.name}",
        values={name: many for name, many in values.items() if any(many)},
        url=package.url,
    )


def _owners(tools: Iterable[PageRecord]) -> dict[str, Sequence[str]]:
    """What a tool is called, in lower case → its owners' records."""
    owners: dict[str, dict[str, None]] = {}
    for tool in tools:
        for name in (tool.first("name"), tool.title.rpartition("/")[2]):
            for owner in tool.values.get("owner", ()):
                owners.setdefault(name.casefold(), {})[owner] = None
    return {name: tuple(many) for name, many in owners.items() if name}


def _base(wiki: str, general: Mapping[str, Any]) -> Iterator[Package]:
    name, _, version = _text(general, "generator").partition(" ")
    yield Package(wiki, "base", name, version, "https://www.mediawiki.org/")
    yield Package(wiki, "base", "PHP", _text(general, "phpversion"), "https://www.php.net/")
    yield Package(wiki, "base", _text(general, "dbtype"), _text(general, "dbversion"))


def _extension(wiki: str, raw: Mapping[str, Any]) -> Package:
    return Package(
        wiki=wiki,
        kind="skin" if raw.get("type") == "skin" else "extension",
        name=_text(raw, "name"),
        version=_text(raw, "version") or _text(raw, "vcs-version")[:10],
        url=_address(_text(raw, "url")),
        licence=_text(raw, "license-name"),
        authors=tuple(_people(_text(raw, "author"))),
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name, "")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _address(url: str) -> str:
    """An address that a browser opens; those without a scheme are the wiki's own, by https."""
    url = f"https:{url}" if url.startswith("//") else url
    good = re.fullmatch(r"https?://[^\s<>\"{}|\\^`\[\]]+", url)
    return url if good and len(url) <= _LONGEST_URL else ""


def _people(text: str) -> Iterator[str]:
    """The names in a list of authors, without the markup that MediaWiki allows there."""
    text = re.sub(r"\[(?:https?:)?//[^\s\]]+\s+([^\]]*)\]", r"\1", text)
    text = re.sub(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]", r"\1", text)
    text = re.sub(r"<[^<>]*>", "", text)
    for name in re.split(r"[,\n]", text):
        plain = name.strip().strip(".…").strip()
        if plain:
            yield plain
