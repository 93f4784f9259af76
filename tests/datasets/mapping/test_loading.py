"""A mapping file: what is read of it, and that each fault is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.core.config import ConfigError, SiteNumbers
from bots.core.merge.facts import ChangePolicy
from bots.datasets.mapping import RESERVED, load_dataset, load_datasets
from bots.datasets.records import Mapper
from tests.datasets.mapping.scene import HUB, MUSEUMS, TODAY, loaded, mapper


def test_a_mapping_is_read_with_its_id_and_defaults(tmp_path: Path) -> None:
    dataset = loaded(tmp_path)
    assert (dataset.id, dataset.site, dataset.path) == (
        "museums",
        "wikidata",
        tmp_path / "museums.yaml",
    )
    assert dataset.source.gone_after == 2
    assert dataset.match.index == "search"
    assert dataset.statements[2].change is ChangePolicy.REPLACE
    assert dataset.lookups["kinds"] == {
        "museum": ("Q33506",), "library": ("Q7075",), "art house": ("Q1", "Q2"), "other": (),
    }  # fmt: skip


def test_the_fields_that_the_source_has_to_have_are_known(tmp_path: Path) -> None:
    text = MUSEUMS.replace(
        "tables:",
        "withdrawn: \"status == 'gone' && names[?kind=='x'].value\"\ntables:",
    ).replace("field: name}", "each: 'more[*].names', path: 'value || @', of: element}", 1)
    assert loaded(tmp_path, text).fields == {
        "isil", "kinds", "founded", "lat", "lon", "web", "name", "image", "visitors", "around",
        "year", "method", "acronyms", "town", "status", "names", "more",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("title:", "titel:"), 1, "titel: Extra inputs"),
        (("site: wikidata", "site: wikidaat"), 4, "no site 'wikidaat' (hub, wikidata)"),
        (("kind: full", "kind: whole"), 5, "source.kind"),
        (("[no-spaces], pattern", "[no-space], pattern"), 6, "no equivalence; there are case"),
        (("XE-[A-Z]{2,4}", "XE-(?=A)"), 6, "no pattern that RE2 takes"),
        (("{labels: [en]}", "{labels: [de]}"), 7, "no term is a label in 'de'"),
        (("{labels: [en]}", "{labels: [English]}"), 7, "create.labels.0"),
        (("{labels: [en]}", "{labels: []}"), 7, "at least 1"),
        (("example/{isil}", "example/{isil"), 8, "a '{' stands alone"),
        (("example/{isil}", "example/isil"), 8, "has a {column}"),
        (("example/{isil}", "example/{=a.}"), 8, "no JMESPath expression"),
        (("P248, item: Q100", "P248, item: 100"), 10, "reference.0.item"),
        (("P791, field: isil}\n", "P791, field: isil, item: Q5}\n"), 11, "'field' and 'item'"),
        (("P813, retrieved: true", "P813"), 13, "not nothing"),
        (("retrieved_days: 365", "retrieved_days: 0"), 14, "greater than 0"),
        (
            (
                "  - {property: P791, field: isil, datatype: external-id",
                "  - {property: P792, field: isil, datatype: external-id",
            ),
            7,
            "P791 is no statement",
        ),
        (('{split: ";"}', "splitt"), 17, "'splitt' is no transform; there are commons-file"),
        (('{split: ";"}', '{split: ""}'), 17, "at least 1 character"),
        (('{split: ";"}', "{split: {at: x}}"), 17, "Extra inputs"),
        (('{split: ";"}', '{lower: ";"}'), 17, "'lower' takes no arguments"),
        (('{split: ";"}', "[split]"), 17, "a transform is a name"),
        (("table: kinds", "table: kind"), 17, "no table 'kind' (there are: kinds)"),
        (
            ("table: kinds, many: true", "datatype: string, many: true, change: add-preferred"),
            17,
            "there is no 'change'",
        ),
        (
            (
                "datatype: time, transform: [year]}\n  - {property: P625",
                "transform: [year]}\n  - {property: P625",
            ),
            18,
            "'datatype' is missing",
        ),
        (("datatype: time", "datatype: date"), 18, "statements.2.datatype"),
        (
            ("founded, datatype: time", "founded, datatype: time, unit: Q1"),
            18,
            "'unit' and 'plus_minus' are for quantities",
        ),
        (
            ("founded, datatype: time", "founded, datatype: time, pattern: x"),
            18,
            "'pattern' is for texts",
        ),
        (("{lat},{lon}", "{lat},{lon}}"), 19, "a '}' stands alone"),
        (
            ("datatype: monolingualtext, language: nl", "datatype: monolingualtext"),
            21,
            "'language' is needed",
        ),
        (("datatype: commonsMedia", "datatype: commonsMedia, item: Q5"), 22, "'field' and 'item'"),
        (('{point: ",", group: "."}', '{point: ",", group: ","}'), 26, "can't be the same"),
        (('{point: ",", group: "."}', '{point: ";"}'), 26, "Input should be"),
        (("change: end-and-add", "change: sometimes"), 28, "statements.7.change"),
        (
            ("[year], key: true", "[year], key: true, many: true"),
            30,
            "a key qualifier has one value",
        ),
        (("P459, field", "P585, field"), 31, "P585 is here twice"),
        (("term: label", "term: name"), 33, "terms.0.term"),
        (("field: acronyms", "each: 'names['"), 34, "no JMESPath expression"),
        (("field: acronyms", "path: 'nothing(names)'"), 34, "no function 'nothing'"),
        (("field: acronyms", "path: 'names[::0]'"), 34, "step can't be 0"),
        (("field: acronyms", f"path: '{'(' * 500}names{')' * 500}'"), 34, "nested too deeply"),
        (("field: acronyms", f"path: '{'a|' * 500}names'"), 34, "nested too deeply"),
        (
            ("description, language: en", "description, language: mul"),
            35,
            "no descriptions in 'mul'",
        ),
        (("library: Q7075", "library: Q07"), 37, "'Q07' is no item"),
        (("library: Q7075", "NO: Q20"), 37, "put it into quotes"),
        (("kinds: {museum", "kinds: {file: no.csv} #"), 37, "no.csv can't be read"),
        (("kinds: {museum", "kinds: {file: ../no.csv} #"), 37, "below the mapping's folder"),
        (("kinds: {museum", "kinds: {file: /dev/zero} #"), 37, "below the mapping's folder"),
    ],
)
def test_a_fault_says_its_line_and_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], line: int, words: str
) -> None:
    assert change[0] in MUSEUMS
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, MUSEUMS.replace(*change, 1))
    told = [str(fault) for fault in caught.value.faults]
    assert any(f"museums.yaml:{line}: " in each and words in each for each in told), told


def test_a_fault_in_a_table_of_many_lines_says_its_own(tmp_path: Path) -> None:
    text = MUSEUMS.partition("tables:")[0] + "tables:\n  kinds:\n    a: Q1\n    b: P2\n"
    with pytest.raises(ConfigError, match=r"museums.yaml:39: tables.kinds.b: 'P2' is no item"):
        loaded(tmp_path, text)


def test_a_property_is_kept_in_one_way(tmp_path: Path) -> None:
    text = MUSEUMS.replace(
        "terms:",
        "  - {property: P31, item: Q5, withdrawal: remove}\n"
        "  - {property: P1174, value: '5', datatype: quantity, change: end-and-add}\nterms:",
        1,
    )
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    told = "\n".join(str(fault) for fault in caught.value.faults)
    assert "museums.yaml:32: statements.8: P31 is in statement 2 already, with other many" in told
    assert "with other withdrawal" in told
    assert "museums.yaml:33: statements.9: P1174 is in statement 8 already, with other key" in told


def test_a_reference_that_could_be_anyones_is_a_fault(tmp_path: Path) -> None:
    text = MUSEUMS.replace("  - {property: P248, item: Q100}\n", "").replace(
        "  - {property: P791, field: isil}\n", "", 1
    )
    assert mapper(tmp_path, text).rules[0].cites == {"P854"}, "the address is what it is known by"
    with pytest.raises(ConfigError, match=r"museums.yaml:9: reference: nothing says whose"):
        loaded(tmp_path, text.replace("  - {property: P854, record_url: true}\n", ""))
    with pytest.raises(ConfigError, match=r"reference.2.record_url: the mapping has no"):
        loaded(tmp_path, MUSEUMS.replace('record_url: "https://museums.example/{isil}"\n', ""))


@pytest.mark.parametrize("name", [*sorted(RESERVED), "Museums", "museums_x", "-a", "a" * 61, "é"])
def test_an_id_that_cant_be_a_bots_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=rf"{name}.yaml:1: '{name}'"):
        loaded(tmp_path, name=name)


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    loaded(tmp_path)
    (tmp_path / "intake.yaml").write_text(MUSEUMS.replace("partner:", "partners:"))
    (tmp_path / "empty.yaml").write_text("")
    with pytest.raises(ConfigError) as caught:
        load_datasets(tmp_path, HUB)
    told = "\n".join(str(fault) for fault in caught.value.faults)
    assert "intake.yaml:1: 'intake' is another bot's name" in told
    assert "intake.yaml:2: partners: Extra inputs" in told
    assert "empty.yaml:0: title: Field required" in told
    (tmp_path / "intake.yaml").unlink()
    (tmp_path / "empty.yaml").unlink()
    assert list(load_datasets(tmp_path, HUB)) == ["museums"]
    with pytest.raises(ConfigError, match="can't be read"):
        load_dataset(tmp_path / "gone.yaml", HUB)


def test_a_tables_file_is_read_and_the_mapping_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "kinds.csv").write_text(
        "kind,item,note\nmuseum,Q1,x\n gallery ,Q2 Q3,\nnone,,\n,Q9,\n", encoding="utf-8"
    )
    text = MUSEUMS.partition("tables:")[0] + (
        "tables:\n  kinds: {file: kinds.csv, from: kind, values: {museum: Q33506}}\n"
    )
    assert loaded(tmp_path, text).lookups["kinds"] == {
        "museum": ("Q33506",), "gallery": ("Q2", "Q3"), "none": (),
    }  # fmt: skip
    for change, words in (
        (("from: kind", "from: sort"), "kinds.csv has no column 'sort'"),
        (("from: kind", "from: kind, item: note"), "kinds.csv: 'x' is no item"),
    ):
        with pytest.raises(ConfigError, match=words):
            loaded(tmp_path, text.replace(*change))
    (tmp_path / "kinds.csv").write_text("kind,item\na,Q1\na,Q2\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line 3: 'a' is here twice"):
        loaded(tmp_path, text)
    (tmp_path / "kinds.csv").write_bytes(b"kind,item\n\xe9,Q1\n")
    with pytest.raises(ConfigError, match="no CSV in UTF-8"):
        loaded(tmp_path, text)


def test_the_digest_changes_with_what_bears_on_records_and_with_nothing_else(
    tmp_path: Path,
) -> None:
    dataset = loaded(tmp_path)
    assert len(dataset.digest) == 16
    for change in (("Museums of", "Musea of"), ("kind: full", "kind: delta"), ("[Ex", "[An, Ex")):
        assert loaded(tmp_path, MUSEUMS.replace(*change)).digest == dataset.digest
    for change in (
        ("transform: [year]", "transform: [date]"),
        ("library: Q7075", "library: Q7076"),
        ("museum in", "a museum in"),
        ("365", "366"),
        ("record_url: true", "item: Q5, datatype: wikibase-item"),
    ):
        assert loaded(tmp_path, MUSEUMS.replace(*change)).digest != dataset.digest

    def digest(
        numbers: SiteNumbers | None = None, tables: dict[str, dict[str, str]] | None = None
    ) -> str:
        return Mapper(dataset, numbers or SiteNumbers(), TODAY, tables).digest

    assert digest() == digest(tables={"kinds": {"museum": "Q33506"}, "other": {"a": "Q1"}})
    assert digest() != digest(tables={"kinds": {"archive": "Q166118"}})
    assert digest() != digest(SiteNumbers(properties={"P31": "P1"}))
