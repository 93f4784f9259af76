"""What a mapping file says of its source, and how much of one is read at most."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from bots.core.config import Positive, Strict

FieldName = Annotated[str, Field(min_length=1)]


class _Told(Strict):
    """A part whose docstrings are its documentation, in the schema too."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class SourceLimits(_Told):
    """More than this is a fault: it protects the run from broken files and from zip bombs."""

    cell_characters: Positive = 1_000_000
    """The largest single value; a record with a larger one is left out."""
    fetched_mb: Positive = 1024
    """The largest file, as it lies or is fetched."""
    unpacked_mb: Positive = 8192
    """The largest file when unpacked."""
    ratio: Positive = 200
    """How many times its own size a packed file may unpack to."""


class Pages(_Told):
    """An API that gives a list page by page. Where in an answer the list is, the resource's
    `dialect` says (`property`)."""

    next: FieldName
    """The property of an answer that says what the next page is asked for with (a scroll's id)."""
    parameter: FieldName
    """The parameter in which that is given; of the first page's address no other is kept."""
    total: FieldName | None = None
    """The property that says how many records there are in all."""


class SourceConfig(_Told):
    """`source:` in a mapping file: the package, how its releases come, what to do about faults."""

    package: Annotated[str, Field(min_length=1)]
    """Where datapackage.json is: a path relative to the mapping file, or an https address."""
    resource: str | None = None
    """The resource's name; without it, the package's first."""
    kind: Literal["full", "delta"]
    """Whether a release holds all records, or only those that changed."""
    gone_after: Positive = 2
    """After so many full releases without it, a record counts as absent."""
    rhythm_days: Positive | None = None
    """How often the partner has promised a release."""
    bad_records: Literal["skip", "stop"] = "skip"
    """Whether a bad record is left out, or nothing is written as long as there is one."""
    key: FieldName | Annotated[list[FieldName], Field(min_length=1)] | None = None
    """The field, or fields, that tell one record from another; without it, the primaryKey."""
    group: FieldName | None = None
    """Several rows with one key are one record (of CSV and TSV): it has the key, and by this name
    a list of its rows."""
    pages: Pages | None = None
    """Where an https address is an API's that gives its list page by page."""
    limits: SourceLimits = SourceLimits()
