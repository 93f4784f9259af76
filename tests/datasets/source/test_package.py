"""What a data package says is checked, and leads nowhere outside of its folder."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.datasets.source.opening import Seen
from tests.datasets.source.parts import (
    FIELDS,
    NOW,
    RECORDS,
    described,
    described_in,
    keys,
    opened,
    packed,
    read,
    refused,
    tabular,
)


def _refused(folder: Path, descriptor: object, **config: Any) -> list[str]:
    (folder / "m.csv").write_bytes(tabular(RECORDS))
    return keys(refused(described_in(folder, descriptor), **config))


def test_a_release_is_told_as_its_package_and_its_file_say(tmp_path: Path) -> None:
    release = opened(packed(tmp_path, "m.csv", tabular(RECORDS))).release
    assert (release.title, release.version, release.licences) == (
        "Museums of Example",
        "7",
        ("CC0-1.0",),
    )
    assert release.created == datetime(2026, 2, 20, 10, tzinfo=UTC)
    assert release.path == tmp_path / "m.csv"
    assert len(release.digest) == 64
    assert release.modified.endswith(" GMT")


def test_a_release_is_new_until_its_bytes_are_those_seen_last(tmp_path: Path) -> None:
    package = packed(tmp_path, "m.csv", tabular(RECORDS))
    first = opened(package).release
    assert first.new
    again = opened(package, seen=first).release
    assert (again.new, again.since) == (False, first.since)
    packed(tmp_path, "m.csv", tabular(RECORDS[:2]))
    later = opened(package, seen=Seen(first.digest, first.since), now=NOW + timedelta(days=9))
    assert (later.release.new, later.release.since) == (True, NOW + timedelta(days=9))


def test_a_source_that_is_later_than_promised_is_told_to_the_partner(tmp_path: Path) -> None:
    package = packed(tmp_path, "m.csv", tabular(RECORDS))
    seen = Seen(opened(package).release.digest, NOW - timedelta(days=40))
    (fault,) = opened(package, seen=seen, rhythm_days=31).faults
    assert fault.message.params["num_days"] == 40
    assert keys([fault]) == ["late"]
    assert opened(package, seen=seen, rhythm_days=40).faults == []
    assert opened(package, seen=seen).faults == []
    assert opened(package, seen=Seen("other", seen.since), rhythm_days=31).faults == []


def test_a_first_release_is_as_old_as_its_package_says_and_no_promise_of_the_future_counts(
    tmp_path: Path,
) -> None:
    package = packed(tmp_path, "m.csv", tabular(RECORDS))
    now = datetime(2099, 1, 1, tzinfo=UTC)
    assert keys(opened(package, now=now, rhythm_days=31).faults) == ["late"]
    descriptor = {**described("m.csv"), "created": "2999-01-01T00:00:00Z"}
    later = opened(described_in(tmp_path, descriptor), now=now, rhythm_days=31)
    assert keys(later.faults) == ["late"]
    assert later.release.since < now


def test_licences_and_contributors_that_are_missing_are_told(tmp_path: Path) -> None:
    descriptor = described("m.csv")
    del descriptor["licenses"], descriptor["contributors"]
    (tmp_path / "m.csv").write_bytes(tabular(RECORDS))
    source = opened(described_in(tmp_path, descriptor))
    assert keys(source.faults) == ["licence-missing", "contributors-missing"]
    descriptor = {**described("m.csv"), "licenses": [{"name": "Do-What-We-Say"}]}
    assert keys(opened(described_in(tmp_path, descriptor)).faults) == ["licence-unknown"]
    for name in ("CC0-1.0", "cc-by-4.0", "CC BY-SA 4.0", "PDDL-1.0", "ODbL-1.0", "odc-by"):
        descriptor["licenses"] = [{"name": name}]
        assert opened(described_in(tmp_path, descriptor)).faults == []


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Everything that somebody wanted to look up or connect to."""
    asked: list[object] = []

    def ask(*where: object, **_how: object) -> None:
        asked.append(where)
        raise OSError("no network here")

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    monkeypatch.setattr(socket.socket, "connect", ask)
    return asked


HOSTILE_PATHS = [
    "file:///etc/passwd",
    "FILE:/etc/passwd",
    "/etc/passwd",
    "../../../../etc/passwd",
    "a/../../../etc/passwd",
    "%2e%2e/%2e%2e/etc/passwd",
    "..%2f..%2fetc/passwd",
    "~/.ssh/id_rsa",
    "\\\\server\\share",
    "C:\\secret.csv",
    "//169.254.169.254/latest",
    "http://169.254.169.254/latest/meta-data",
    "http://example.org/m.csv",
    "https://[",
    "https://",
    "ftp://example.org/m.csv",
    "s3://bucket/key",
    "sqlite:///etc/x.db",
    "a\0b.csv",
    "\ud800.csv",
    "https://example.org/\ud800.csv",
    "https://127.0.0.1\n/m.csv",
    "",
]


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_a_path_that_leads_elsewhere_is_refused(
    path: str, tmp_path: Path, no_network: list[object]
) -> None:
    assert _refused(tmp_path, described(path, format="csv")) == ["path-refused"]
    for part in ("schema", "dialect"):
        if path:
            assert _refused(tmp_path, described("m.csv", **{part: path})) == ["path-refused"]
    assert no_network == []


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(tabular(RECORDS))
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "there").symlink_to(tmp_path)
    for path in ("link.csv", "there/secret.csv"):
        assert keys(refused(described_in(folder, described(path)))) == ["path-refused"]


@pytest.mark.parametrize(
    "more",
    [
        {"profile": "http://169.254.169.254/profile.json"},
        {"profile": "/etc/passwd"},
        {"profiles": ["http://10.0.0.1/"]},
        {"$schema": "http://10.0.0.1/profile.json"},
        {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"},
        {"basepath": "http://10.0.0.1/"},
    ],
)
def test_nothing_else_in_the_descriptor_opens_a_file_or_an_address(
    more: dict[str, Any], tmp_path: Path, no_network: list[object]
) -> None:
    descriptor = {**described("m.csv", **{**more, "$schema": "x"}), **more}
    schema = descriptor["resources"][0]["schema"]
    schema |= {"$schema": "http://10.0.0.1/", "foreignKeys": "http://10.0.0.1/"}
    schema |= {"$ref": "http://10.0.0.1/s.json"}
    (tmp_path / "m.csv").write_bytes(tabular(RECORDS))
    assert len(read(described_in(tmp_path, descriptor))[0]) == 3
    assert no_network == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"resources": []}, ["resource-missing"]),
        ({"resources": "m.csv"}, ["resource-missing"]),
        ({"resources": [{"name": "museums"}]}, ["path-missing"]),
        ({"resources": [{"name": "m", "path": ["a.csv", "b.csv"]}]}, ["path-missing"]),
        ({"resources": [{"name": "m", "data": []}]}, ["path-missing"]),
        ({"resources": [{"name": "m", "path": "m.csv"}]}, ["schema-missing"]),
        ({"resources": [{"name": "m", "path": "m.csv", "schema": 5}]}, ["descriptor"]),
        ({"licenses": "CC0"}, ["descriptor"]),
        ({"licenses": [{}]}, ["descriptor"]),
        ({"version": 7}, ["descriptor"]),
        ({"created": "yesterday"}, ["descriptor"]),
        ({"contributors": [{"email": "nobody"}]}, ["descriptor"]),
    ],
)
def test_a_descriptor_that_is_not_one_is_refused(
    change: dict[str, Any], said: list[str], tmp_path: Path
) -> None:
    assert _refused(tmp_path, {**described("m.csv"), **change}) == said


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({"schema": {"fields": []}}, "schema-missing"),
        ({"schema": {"fields": [5]}}, "descriptor"),
        ({"schema": {"fields": [{"name": "id", "type": "geheim"}]}}, "descriptor"),
        ({"schema": {"fields": [*FIELDS, FIELDS[0]]}}, "descriptor"),
        ({"schema": {"fields": FIELDS, "primaryKey": ["nothing"]}}, "descriptor"),
        ({"schema": {"fields": FIELDS, "missingValues": 5}}, "descriptor"),
        ({"schema": {"fields": FIELDS}}, "key-none"),
        ({"format": "xlsx"}, "format"),
        ({"dialect": {"delimiter": ";;"}}, "dialect"),
        ({"dialect": {"csv": {"quoteChar": 5}}}, "dialect"),
        ({"dialect": {"commentRows": [1]}}, "dialect"),
        ({"dialect": {"headerRows": [1, 2]}}, "dialect"),
    ],
)
def test_a_resource_that_cannot_be_read_is_refused(
    resource: dict[str, Any], said: str, tmp_path: Path
) -> None:
    assert _refused(tmp_path, described("m.csv", **resource)) == [said]


def _schema(**field: Any) -> dict[str, Any]:
    fields = [*FIELDS[:2], {"name": "founded", **field}]
    return {"schema": {"fields": fields, "primaryKey": "id"}}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"type": "string", "constraints": {"pattern": "(?=a)b"}}, "pattern"),
        ({"type": "string", "constraints": {"pattern": "("}}, "pattern"),
        ({"type": "array", "arrayItem": {"constraints": {"pattern": "(a+)+$"}}}, "pattern"),
        ({"type": "date", "format": "any"}, "date-format"),
        ({"type": "datetime", "format": "any"}, "date-format"),
        ({"type": "integer", "constraints": {"minimum": "few"}}, "descriptor"),
        ({"type": "integer", "constraints": {"enum": 5}}, "descriptor"),
        ({"type": "array", "arrayItem": {"type": "geheim"}}, "descriptor"),
        ({"type": "integer", "constraints": {"pattern": "a"}}, "descriptor"),
    ],
)
def test_a_field_that_cannot_be_checked_is_refused(
    field: dict[str, Any], said: str, tmp_path: Path
) -> None:
    assert _refused(tmp_path, described("m.csv", **_schema(**field))) == [said]


def test_a_file_that_is_no_descriptor_is_refused(tmp_path: Path) -> None:
    for text in ("", "[]", "{", "\xff", "[" * 100_000):
        path = tmp_path / "datapackage.json"
        path.write_text(text, encoding="latin-1")
        assert keys(refused(path)) == ["descriptor-json"]
    path.write_text(json.dumps({"x": " " * 5_000_000}))
    assert keys(refused(path)) == ["too-big"]
    assert keys(refused(tmp_path / "nothing.json")) == ["file-missing"]
    assert keys(refused(described_in(tmp_path, described("nothing.csv")))) == ["file-missing"]
    (tmp_path / "folder.csv").mkdir()
    assert keys(refused(described_in(tmp_path, described("folder.csv")))) == ["file-missing"]


def test_the_mapping_names_the_resource_and_the_key(tmp_path: Path) -> None:
    descriptor = described("other.csv")
    descriptor["resources"] += described("m.csv")["resources"]
    descriptor["resources"][0]["name"] = "other"
    (tmp_path / "m.csv").write_bytes(tabular(RECORDS))
    package = described_in(tmp_path, descriptor)
    rows = read(package, resource="museums", key="name")[0]
    assert [row.key for row in rows] == ["Östra museet", 'The "Old" Mill, Example']
    assert keys(refused(package, resource="nothing")) == ["resource-missing"]
    assert keys(refused(package, resource="museums", key=["id", "no"])) == ["key-unknown"]
