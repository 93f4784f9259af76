"""Whatever the bytes are: rows and faults, or a refusal, and nothing else."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.datasets.facts import Fault, Row
from bots.datasets.source import SourceError
from bots.datasets.source.jsonstream import Decoder, JSONStream
from tests.datasets.source.parts import (
    RECORDS,
    described,
    described_in,
    lines,
    opened,
    packed,
    tabular,
    words,
    zipped,
)

FILES = {
    "m.csv": tabular(RECORDS),
    "m.jsonl": lines(RECORDS),
    "m.json": json.dumps(RECORDS).encode(),
    "m.csv.gz": gzip.compress(tabular(RECORDS)),
    "m.json.gz": gzip.compress(json.dumps(RECORDS).encode()),
    "m.csv.zip": zipped({"m.csv": tabular(RECORDS)}),
}
HERE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _walk(package: Path) -> None:
    """Read all that can be read; fails by any other error than a source's own."""
    source, faults = None, list[Fault]()
    try:
        source = opened(package)
    except SourceError as refused:
        faults = refused.faults
    assert all(words(fault) for fault in faults)
    if source is None:
        assert faults
        return
    met: set[str] = set()
    for found in source.rows():
        if isinstance(found, Fault):
            assert words(found)
            continue
        assert isinstance(found, Row)
        assert found.key
        assert found.key not in met
        met.add(found.key)
        values = source.values(found)
        assert set(values) == set(source.fields) if isinstance(values, dict) else values
    assert isinstance(source.check(), list)


@pytest.mark.parametrize("name", FILES)
@HERE
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_never_raises_anything_else(
    name: str, data: st.DataObject, tmp_path: Path
) -> None:
    damaged = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    at = data.draw(st.integers(0, len(damaged)))
    more = data.draw(st.binary(max_size=20))
    _walk(packed(tmp_path, name, bytes(damaged[:at] + more + damaged[at:])[: at + len(damaged)]))
    _walk(packed(tmp_path, name, bytes(damaged[:at])))


@pytest.mark.parametrize("packing", [bytes, gzip.compress, lambda data: zipped({"m": data})])
@HERE
@given(at=st.integers(0, 10_000))
def test_a_file_that_breaks_off_never_calls_a_record_gone(
    packing: Any, at: int, tmp_path: Path
) -> None:
    data = packing(lines(RECORDS))
    cut = data[: at % len(data)]
    try:
        source = opened(packed(tmp_path, "m.jsonl", cut))
    except SourceError:
        return
    rows = [found.key for found in source.rows() if isinstance(found, Row)]
    assert rows == ["A1", "A2", "A3"][: len(rows)]
    at_a_line = packing is bytes and cut.endswith((b"\n", b"}"))
    assert len(rows) == 3 or not source.whole or at_a_line


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["name", "type", "format", "constraints", "fields", "resources", "schema", "dialect",
     "licenses", "contributors", "sources", "created", "primaryKey", "missingValues",
     "arrayItem", "example", "path", "encoding", "fieldsMatch", "trueValues", "itemType",
     "innerpath", "hash", "bytes", "csv", "delimiter", "property", "header"]
)  # fmt: skip


@HERE
@given(data=st.data())
def test_no_descriptor_makes_anything_else_of_it(data: st.DataObject, tmp_path: Path) -> None:
    descriptor = described("m.csv")
    places = [descriptor, descriptor["resources"][0], descriptor["resources"][0]["schema"]]
    fields = [dict(field) for field in places[2]["fields"]]
    places[2]["fields"] = fields
    places += fields
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places))
        key = data.draw(KEYS)
        place[key] = data.draw(JSON | st.dictionaries(KEYS, JSON, max_size=3))
    (tmp_path / "m.csv").write_bytes(tabular(RECORDS))
    _walk(described_in(tmp_path, descriptor))


@pytest.mark.parametrize("deep", ['{"a":' * 480 + "1" + "}" * 480, "[" * 700 + "]" * 700])
def test_a_deep_value_beside_one_with_nul_is_a_fault(deep: str, tmp_path: Path) -> None:
    text = f'{{"id": "A1", "name": {deep}, "founded": "\\u0000"}}\n'
    found = list(opened(packed(tmp_path, "m.jsonl", text.encode())).rows())
    assert [isinstance(each, Fault) and each.message.key for each in found] == ["source-nul"]


@pytest.mark.parametrize("kind", [["Point"], {}, None, 1, "Circle"])
def test_a_geometry_of_no_kind_is_a_fault(kind: Any, tmp_path: Path) -> None:
    properties = {"id": "A1", "name": "", "founded": 1}
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": kind}}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    found = list(opened(packed(tmp_path, "m.geojson", text.encode())).rows())
    assert [isinstance(each, Fault) and each.message.key for each in found] == [
        "source-geojson-geometry"
    ]


def test_an_object_with_very_many_properties_and_one_twice_is_looked_at_once() -> None:
    decoder = Decoder()
    many = ",".join(f'"k{number}": 1' for number in range(50_000))
    before = time.process_time()
    decoder.decode(f'{{{many}, "k7": 2}}')
    assert decoder.doubled == ["k7"]
    assert time.process_time() - before < 5  # each name looked for among all of them: 50 s


def test_a_header_of_very_many_columns_is_looked_at_once(tmp_path: Path) -> None:
    more = ",".join(f"c{number}" for number in range(50_000))
    before = time.process_time()
    data = f"name,founded,id,{more}\nHall,1850,A1{',' * 50_000}\n"
    source = opened(packed(tmp_path, "m.csv", data.encode()))
    assert [each.key for each in source.rows()] == ["A1"]
    assert time.process_time() - before < 10  # each column looked for among all of them: 100 s


class _Drip:
    """A text that comes in pieces of a few characters."""

    def __init__(self, text: str, size: int) -> None:
        self.text = text
        self.size = size

    def read(self, _size: int) -> str:
        piece, self.text = self.text[: self.size], self.text[self.size :]
        return piece


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(JSON.filter(lambda v: "nan" not in repr(v) and "inf" not in repr(v))),
    before=st.dictionaries(st.text(max_size=3), JSON, max_size=2),
    size=st.integers(1, 40),
    indent=st.sampled_from([None, 2]),
    ascii=st.booleans(),
)
def test_a_json_list_in_pieces_is_the_same_list(
    values: list[Any], before: dict[str, Any], size: int, indent: int | None, ascii: bool
) -> None:
    before.pop("the list", None)
    whole = {**before, "the list": {"in": values}, "after": 1}
    text = json.dumps(whole, indent=indent, ensure_ascii=ascii)
    stream = JSONStream(_Drip(text, size), Decoder())  # type: ignore[arg-type]
    found = list(stream.list_at(["the list", "in"]))
    expected = json.loads(json.dumps(values), parse_float=lambda t: Decoder().decode(t))
    assert found == expected
