"""A data package's descriptor: what it says of the resource, checked, and nothing else loaded.

`frictionless` gets the descriptor's metadata and the Table Schema as data only: `path`, `profile`
and the like, by which it would open files and addresses, are read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from frictionless import FrictionlessException, Package, Schema

from bots.datasets.facts import Fault
from bots.datasets.source.faults import SourceError, error, fault

Place = Path | str
"""A file on this machine, or an https address."""

_LONGEST_DESCRIPTOR = 4 * 1024 * 1024
_SAID = ("name", "title", "licenses", "contributors", "sources", "version", "created")
_SCHEMA = ("fields", "missingValues", "primaryKey", "fieldsMatch")
_STANDARD = re.compile(r"https://datapackage\.org/profiles/\d+\.\d+/datapackage\.json")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LICENCES = re.compile(
    r"cc[ -]?(0|zero|pdm|by([ -](sa|nc|nd))*)([ -]\d\.\d)?|pddl([ -]1\.0)?|odc-by([ -]1\.0)?"
    r"|odbl([ -]1\.0)?|odc-(pddl|odbl)([ -]1\.0)?|ogl([ -].*)?|(other-)?(pd|public[ -]domain)"
    r"|https?://(creativecommons\.org|opendatacommons\.org)/.*",
    re.IGNORECASE,
)
"""Names of licences for data (opendefinition.org, SPDX) in the spellings that people use."""


@dataclass(frozen=True)
class Described:
    """A resource as its package describes it.

    `bytes` and `hash`: the file's size and sum ("sha256:…"; md5 without a name), None and "" where
    nothing is said. `dialect`: what is said of the format.
    """

    place: Place
    name: str
    format: str
    encoding: str
    innerpath: str
    bytes: int | None
    hash: str
    dialect: Mapping[str, Any]
    schema: Schema
    title: str
    version: str
    created: datetime | None
    licences: tuple[str, ...]
    faults: tuple[Fault, ...]


def describe(place: Place, bring: Callable[[Place], Path], resource: str | None) -> Described:
    """What the datapackage.json at `place` says of the resource. Raises `SourceError`.

    `bring` makes a local file of a place.
    """
    package = _load(place, bring)
    raw = _resource(package, resource)
    name = str(raw.get("name"))
    if "data" in raw or not isinstance(raw.get("path"), str):
        raise error("path-missing", resource=name)
    schema = _beside(place, raw.get("schema"), bring)
    if not schema:
        raise error("schema-missing", resource=name)
    dialect = _beside(place, raw.get("dialect"), bring)
    said = _checked(package, name, schema)
    described = said.resources[0].schema
    path = raw["path"]
    licences = _licences(raw) or _licences(package)
    return Described(
        place=locate(place, path),
        name=name,
        format=_format(raw, path),
        encoding=str(raw.get("encoding") or "utf-8"),
        bytes=raw["bytes"] if isinstance(raw.get("bytes"), int) else None,
        hash=str(raw.get("hash") or ""),
        innerpath=str(raw.get("innerpath") or ""),
        dialect=dialect,
        schema=described,
        title=said.title or said.name or "",
        version=said.version or "",
        created=_date(said.created),
        licences=licences,
        faults=tuple(_promises(licences, package)),
    )


def locate(package: Place, path: str) -> Place:
    """Where a path of the descriptor at `package` leads: below its folder, or to https.

    Raises `SourceError` for everything else, links that lead out of the folder among it.
    """
    if not path.isprintable():
        raise error("path-refused", path=path)
    if path.lower().startswith("https://") and _is_url(path):
        return path
    steps = PurePosixPath(unquote(path)).parts
    if _SCHEME.match(path) or "\\" in path or "\0" in path or path[:1] in ("/", "~", ""):
        raise error("path-refused", path=path)
    if ".." in steps or ".." in PurePosixPath(path).parts:
        raise error("path-refused", path=path)
    if isinstance(package, str):
        below = urljoin(package, path)
        if urlsplit(below)[:2] != urlsplit(package)[:2]:
            raise error("path-refused", path=path)
        return below
    folder = package.resolve().parent
    found = (folder / path).resolve()
    if not found.is_relative_to(folder):
        raise error("path-refused", path=path)
    return found


def _is_url(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def _load(place: Place, bring: Callable[[Place], Path]) -> dict[str, Any]:
    """A JSON object from a file that describes something. Raises `SourceError`."""
    path = bring(place)
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST_DESCRIPTOR + 1)
        if len(text) > _LONGEST_DESCRIPTOR:
            raise error("too-big", place=str(place), megabytes=str(_LONGEST_DESCRIPTOR >> 20))
        found = json.loads(text.decode("utf-8-sig"))
    except OSError as reason:
        raise error("unreadable", place=str(place), reason=str(reason.strerror)) from reason
    except (ValueError, RecursionError) as reason:
        raise error("descriptor-json", place=str(place), reason=str(reason)) from reason
    if not isinstance(found, dict):
        raise error("descriptor-json", place=str(place), reason=type(found).__name__)
    return found


def _beside(place: Place, part: object, bring: Callable[[Place], Path]) -> dict[str, Any]:
    """A part of the descriptor: an object, or a file that holds it; {} where there is none."""
    if isinstance(part, str):
        return _load(locate(place, part), bring)
    if part is None or isinstance(part, dict):
        return part or {}
    raise error("descriptor", reason=f"schema, dialect: {type(part).__name__}")


def _resource(package: Mapping[str, Any], name: str | None) -> Mapping[str, Any]:
    listed = package.get("resources")
    found = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    for each in found:
        if name is None or each.get("name") == name:
            return each
    names = [str(each.get("name")) for each in found]
    raise error("resource-missing", resource=name or "", names=", ".join(names))


def _checked(package: Mapping[str, Any], name: str, schema: Mapping[str, Any]) -> Package:
    """The descriptor as frictionless understands it, of our resource and without any place."""
    descriptor = {key: package[key] for key in _SAID if key in package}
    version = package.get("$schema")
    if isinstance(version, str) and _STANDARD.fullmatch(version):
        descriptor["$schema"] = version
    table = {key: schema[key] for key in _SCHEMA if key in schema}
    resource = {"name": name, "path": "data.csv", "type": "table", "schema": table}
    descriptor["resources"] = [resource]
    try:
        return Package.from_descriptor(descriptor)
    except FrictionlessException as refused:
        reasons = refused.reasons or [refused.error]
        raise SourceError([fault("descriptor", reason=each.note) for each in reasons]) from refused
    # It checks less than it relies on, and then falls over what is of another type.
    except (TypeError, AttributeError, LookupError, ValueError, RecursionError) as fell:
        raise error("descriptor", reason=f"{type(fell).__name__}: {fell}") from fell


def _format(resource: Mapping[str, Any], path: str) -> str:
    said = str(resource.get("format") or "").lower().lstrip(".")
    if not said:
        suffixes = [suffix.lower() for suffix in PurePosixPath(urlsplit(path).path).suffixes]
        plain = [suffix for suffix in suffixes if suffix not in (".gz", ".zip")]
        said = plain[-1][1:] if plain else ""
    known = {
        "jsonl": "jsonl",
        "ndjson": "jsonl",
        "csv": "csv",
        "tsv": "tsv",
        "json": "json",
        "geojson": "geojson",
    }
    if said not in known:
        raise error("format", format=said, path=path)
    return known[said]


def _licences(descriptor: Mapping[str, Any]) -> tuple[str, ...]:
    """The licences' names, or addresses where they have no name."""
    listed = descriptor.get("licenses")
    found = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return tuple(str(each.get("name") or each.get("path") or "") for each in found)


def _promises(licences: tuple[str, ...], package: Mapping[str, Any]) -> list[Fault]:
    faults = [
        fault("licence-unknown", licence=name)
        for name in licences
        if not _LICENCES.fullmatch(name.strip())
    ]
    if not licences:
        faults.append(fault("licence-missing"))
    if not package.get("contributors"):
        faults.append(fault("contributors-missing"))
    return faults


def _date(text: str | None) -> datetime | None:
    try:
        date = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
