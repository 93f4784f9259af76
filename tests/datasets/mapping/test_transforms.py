"""Each named transform: what it makes of a value, and which values it makes nothing of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from bots.core.wikibase.model import GREGORIAN, JULIAN, Coordinate, Time
from bots.datasets.transforms import TRANSFORMS, Measure, TransformError, arguments_of, text_of


def made(use: str | dict[str, Any], value: Any) -> Any:
    """What a transform makes of a value."""
    name, given = (use, None) if isinstance(use, str) else next(iter(use.items()))
    return TRANSFORMS[name].make(arguments_of(name, given))(value)


def year(text: str, calendar: str = GREGORIAN) -> Time:
    return Time(f"{text}-00-00T00:00:00Z", 9, calendar)


def day(text: str, calendar: str = GREGORIAN) -> Time:
    return Time(f"{text}T00:00:00Z", 11, calendar)


def place(latitude: str, longitude: str, precision: str) -> Coordinate:
    return Coordinate(Decimal(latitude), Decimal(longitude), Decimal(precision))


UNITS = {"number-with-unit": {"units": {"km": "Q828224", "m": "Q11573", "%": "Q11229"}}}
DMY = {"date": ["D.M.YYYY", "M/YYYY", "YYYY", "D MMMM YYYY"]}
EITHER = {"date": ["D/M/YYYY", "M/D/YYYY"]}

GOOD: list[tuple[str | dict[str, Any], Any, Any]] = [
    ("strip", "\u00a0a b\t", "a b"),
    ({"strip": ".,"}, " a.b,. ", "a.b"),
    ({"strip": "-"}, "--", ""),
    ("one-space", "a \n b\u00a0\u2009c", "a b c"),
    ("upper", "xe-ab", "XE-AB"),
    ("lower", "ÅÄÖ", "åäö"),
    ("digits", "HGNC:1771", "1771"),
    ("digits", 1771, "1771"),
    ({"split": ";"}, "a;;b; c", ["a", "", "b", " c"]),
    ("split", "a", ["a"]),
    ("first", ["a", "b"], ["a"]),
    ("first", [], []),
    ("only", ["a"], ["a"]),
    ("only", ["a", "a"], ["a"]),
    ("only", ["a", "b"], []),
    ("only", [], []),
    ({"nothing": ["N/A", "-"]}, "n/a", None),
    ({"nothing": ["N/A", "-"]}, "no", "no"),
    ({"nothing": ["0"]}, 0, 0),
    ({"regex-replace": {"pattern": r"\.\d+$"}}, "NM_001290230.2", "NM_001290230"),
    ({"regex-replace": {"pattern": "(a)(b)", "with": r"\2\1"}}, "xaby", "xbay"),
    ({"regex-replace": {"pattern": "z"}}, "a", "a"),
    ({"regex-replace": {"pattern": "(x)|y", "with": r"ä\1Ж"}}, "xyå", "äxЖäЖå"),
    ({"regex-replace": {"pattern": "/", "with": "\\"}}, "a/n", "a\\n"),
    ({"prefix": "GO:"}, "0004674", "GO:0004674"),
    ({"suffix": ".jpg"}, 5, "5.jpg"),
    ("url", "https://museum.example/a?b=ä", "https://museum.example/a?b=ä"),
    ("url", "HTTP://MUSEUM.example", "HTTP://MUSEUM.example"),
    ({"url": "https"}, "www.museum.example/x", "https://www.museum.example/x"),
    ({"url": "https"}, "http://museum.example", "http://museum.example"),
    ("commons-file", "File:het_museum.jpg", "Het museum.jpg"),
    ("commons-file", "https://commons.wikimedia.org/wiki/File:A_%C3%A4.jpg?uselang=sv", "A ä.jpg"),
    ("commons-file", "http://commons.wikimedia.org/wiki/Special:FilePath/A%20b.png", "A b.png"),
    (
        "commons-file",
        "https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/A_b.tif/120px-A_b.tif.jpg",
        "A b.tif",
    ),
    ("isni", "0000 0001 2281 955X", "000000012281955X"),
    ("isni", "https://isni.org/isni/000000012281955x", "000000012281955X"),
    ("isni", "ISNI: 0000-0001-2281-955X", "000000012281955X"),
    ({"isni": True}, "000000012281955X", "0000 0001 2281 955X"),
    ("orcid", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
    ("orcid", "0000000218250097", "0000-0002-1825-0097"),
    ("ror", "https://ror.org/05DXPS055", "05dxps055"),
    ("ror", "01ggx4157", "01ggx4157"),
    ("wikidata-id", "http://www.wikidata.org/entity/Q42", "Q42"),
    ("wikidata-id", "https://www.wikidata.org/wiki/q42", "Q42"),
    ("wikidata-id", "Q42", "Q42"),
    ("language-tag", "EN", "en"),
    ("language-tag", "no", "nb"),
    ("language-tag", "deu", "de"),
    ("language-tag", "ger", "de"),
    ("language-tag", "zh_Hans", "zh-hans"),
    ("language-tag", "sr-Latn", "sr-latn"),
    ("language-tag", "smn", "smn"),
    ("language-tag", "mul", "mul"),
    ({"language-tag": {"codes": {"Dutch": "nl"}}}, "dutch", "nl"),
    ("country-code", "se", "SE"),
    ("country-code", "NLD", "NL"),
    ("country-code", "UK", "GB"),
    ("year", 1798, year("+1798")),
    ("year", "1798", year("+1798")),
    ("year", "850", year("+0850")),
    ("year", Decimal("1798"), year("+1798")),
    ("year", dt.date(1798, 5, 6), year("+1798")),
    ("year", "1798-05-06T00:00:00Z", year("+1798")),
    ("year", "-44", year("-0044")),
    ("year", "44 BC", year("-0044")),
    ("year", "AD 44", year("+0044")),
    ({"year": {"year_zero": True}}, "-43", year("-0044")),
    ({"year": {"year_zero": True}}, 0, year("-0001")),
    ("date", "1850", year("+1850")),
    ("date", "1850-02", Time("+1850-02-00T00:00:00Z", 10)),
    ("date", "1850-02-01", day("+1850-02-01")),
    ("date", "2026-03-24T10:11:12.5+01:00", day("+2026-03-24")),
    ("date", "-0044-03-15", day("-0044-03-15")),
    ("date", dt.datetime(1850, 2, 1, 3, tzinfo=dt.UTC), day("+1850-02-01")),
    ("date", 1850, year("+1850")),
    ("date", "300 BCE", year("-0300")),
    ("date", "18th century", Time("+1800-00-00T00:00:00Z", 7)),
    ("date", "2. century BC", Time("-0200-00-00T00:00:00Z", 7)),
    ("date", "1850s", Time("+1850-00-00T00:00:00Z", 8)),
    (DMY, "1.2.1850", day("+1850-02-01")),
    (DMY, "2/1850", Time("+1850-02-00T00:00:00Z", 10)),
    (DMY, "1 February 1850", day("+1850-02-01")),
    (DMY, "1 Feb. 1850", day("+1850-02-01")),
    (DMY, "1850-02-01", day("+1850-02-01")),
    ({"date": {"formats": ["D MMMM YYYY"], "language": "sv"}}, "1 maj 1850", day("+1850-05-01")),
    (EITHER, "13/2/1850", day("+1850-02-13")),
    (EITHER, "2/2/1850", day("+1850-02-02")),
    ("julian", "1700-02-29", day("+1700-02-29", JULIAN)),
    ({"julian": dt.date(1753, 3, 1)}, day("+1753-02-17"), day("+1753-02-17", JULIAN)),
    ({"julian": dt.date(1753, 3, 1)}, day("+1753-03-01"), day("+1753-03-01")),
    ({"julian": "1582-10-15"}, year("-0044"), year("-0044", JULIAN)),
    ("decimal", "1.50", Decimal("1.50")),
    ("decimal", "\u22125", Decimal(-5)),
    ("decimal", 12, Decimal(12)),
    ("decimal", 0.1, Decimal("0.1")),
    ({"decimal": {"point": ",", "group": "."}}, "1.234.567,80", Decimal("1234567.80")),
    ({"decimal": {"point": ",", "group": " "}}, "1\u202f234,5", Decimal("1234.5")),
    ({"decimal": {"group": "'"}}, "1'000", Decimal(1000)),
    (UNITS, "12.5 km", Measure(Decimal("12.5"), "Q828224")),
    (UNITS, "-3%", Measure(Decimal(-3), "Q11229")),
    ("latlon", "52.0705, 4.3007", place("52.0705", "4.3007", "0.0001")),
    ("latlon", "-52;+4.10", place("-52", "4.10", "0.01")),
    ("latlon", "0,5", place("0", "5", "1")),
    ({"latlon": {"order": "lon-lat"}}, "4.3 52.1", place("52.1", "4.3", "0.1")),
    ({"latlon": {"precision": 0.001}}, "52.1,4.3", place("52.1", "4.3", "0.001")),
    ("latlon", "52°4'30\"N 4°18'E", place("52.075", "4.3", "0.00027777777777778")),
    ("latlon", "52°S, 4°30′W", place("-52", "-4.5", "0.016666666666667")),
    ("latlon", "POINT (4.3 52.1)", place("52.1", "4.3", "0.1")),
    ("latlon", {"lat": Decimal("52.1"), "lng": Decimal("4.3")}, place("52.1", "4.3", "0.1")),
    ("latlon", {"latitude": "52.1", "longitude": "4.3"}, place("52.1", "4.3", "0.1")),
    ("latlon", {"type": "Point", "coordinates": [4.3, 52.1]}, place("52.1", "4.3", "0.1")),
    ("latlon", (Decimal("4.3"), Decimal("52.1")), place("52.1", "4.3", "0.1")),
    ("latlon", {"lat": None, "lng": ""}, None),
]

ODD: list[tuple[str | dict[str, Any], list[Any], str]] = [
    ("upper", [True, {"a": 1}, ["a"], b"a"], "mapping-not-text"),
    ("digits", ["none", "٣"], "mapping-no-digits"),
    (
        "url",
        [
            "javascript:alert(1)",
            "//museum.example",
            "museum.example",
            "https://museum",
            "https://a b.example",
            "https://me:secret@museum.example",
            "ftp://museum.example",
            "https://[::1",
            "https://museum.example:port/",
            "https://museum.example/\u202e",
            "",
        ],
        "mapping-no-url",
    ),
    ({"url": "https"}, ["javascript:alert(1)", "a b.example"], "mapping-no-url"),
    ("commons-file", ["https://museum.example/a.jpg"], "mapping-no-file-name"),
    ("isni", ["0000 0001 2281 955", "X000000012281955", "", "٠" * 16], "mapping-no-identifier"),
    ("isni", ["0000 0001 2281 9550"], "mapping-check-digit"),
    ("orcid", ["0000-0002-1825-0098"], "mapping-check-digit"),
    ("orcid", ["https://orcid.org/me"], "mapping-no-identifier"),
    ("ror", ["05dxps056", "05dxpt055"], "mapping-check-digit"),
    ("ror", ["https://ror.org/", "05dxpl055", "05dxps05"], "mapping-no-identifier"),
    (
        "wikidata-id",
        ["Q0", "P31", "https://en.wikipedia.org/wiki/Q42", "Q42 Q43"],
        "mapping-no-item",
    ),
    (
        "language-tag",
        ["English", "xx", "und", "zxx", "e", "en--gb", "日本語"],
        "mapping-no-language",
    ),
    ("country-code", ["Sweden", "XX", "ZZ", "EU", "SUN", ""], "mapping-no-country"),
    (
        "year",
        [
            "ca. 1850",
            "1850?",
            "1850-1860",
            "before 1850",
            "18th century",
            "1850s",
            "20260101",
            True,
            Decimal("1850.5"),
            10**30,
            [1850],
            "",
        ],
        "mapping-no-date",
    ),
    ("year", [0, "0", "0000-01-01"], "mapping-year-zero"),
    ("year", [float("inf")], "mapping-no-number"),
    (
        "date",
        ["ca. 1850", "1850/51", "1800s", "1.2.1850", "40th century", "1850-2-1", "٢٠٢٠", {}],
        "mapping-no-date",
    ),
    ("date", ["0000", 0], "mapping-year-zero"),
    (DMY, ["1 Foo 1850", "1-2-1850", "1.2.50", "1.13.1850", "32.1.1850"], "mapping-no-date"),
    (EITHER, ["3/4/1850"], "mapping-two-dates"),
    ("julian", ["1.2.1850"], "mapping-no-date"),
    (
        "decimal",
        ["1,5", "1e5", "NaN", "1_000", "ca. 5", "1.2.3", "", "9" * 200, float("nan")],
        "mapping-no-number",
    ),
    (
        {"decimal": {"point": ",", "group": "."}},
        ["1.23.456", "1.2345", "1,234.5", "1234.567"],
        "mapping-no-number",
    ),
    (UNITS, ["12.5", "12.5 furlongs", "12 KM"], "mapping-no-unit"),
    (UNITS, ["km", "km 12", "1,2 km"], "mapping-no-number"),
    (
        "latlon",
        [
            "91,0",
            "52.1,181",
            "52.1",
            "here",
            "52,1,4,3",
            "52°61'N 4°E",
            "52°N 4°O",
            {"lat": 52},
            {"lat": 52, "lng": None},
            {"type": "Polygon", "coordinates": []},
            {"type": "Point", "coordinates": [1]},
            True,
        ],
        "mapping-no-coordinate",
    ),
    ("latlon", ["0,0", "0.000 -0.0", {"lat": 0, "lng": 0.0}, "0°N 0°E"], "mapping-null-island"),
]


@pytest.mark.parametrize(("use", "value", "wanted"), GOOD)
def test_a_value_becomes_what_its_documentation_says(
    use: str | dict[str, Any], value: Any, wanted: Any
) -> None:
    assert made(use, value) == wanted


@pytest.mark.parametrize(
    ("use", "value", "key"), [(use, value, key) for use, values, key in ODD for value in values]
)
def test_an_odd_value_is_told_and_makes_nothing(
    use: str | dict[str, Any], value: Any, key: str
) -> None:
    with pytest.raises(TransformError) as caught:
        made(use, value)
    assert caught.value.message.key == key


def test_every_transform_has_an_example_of_each_kind() -> None:
    names = {use if isinstance(use, str) else next(iter(use)) for use, *_ in GOOD}
    assert names == TRANSFORMS.keys()
    odd = {use if isinstance(use, str) else next(iter(use)) for use, *_ in ODD}
    never_odd = {"first", "only", "nothing"}
    of_text = {"strip", "one-space", "lower", "split", "regex-replace", "prefix", "suffix"}
    assert odd == TRANSFORMS.keys() - never_odd - of_text
    for name in of_text:
        given = {"pattern": "a"} if name == "regex-replace" else "x" if name[3:] == "fix" else None
        with pytest.raises(TransformError):
            made({name: given}, {"an": "object"})


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("upper", "x", "takes no arguments"),
        ("split", {"by": ""}, "at least 1 character"),
        ("split", 5, "valid string"),
        ("nothing", [], "at least 1 item"),
        ("nothing", None, "Field required"),
        ("prefix", None, "Field required"),
        ("regex-replace", "a", "takes pattern, with"),
        ("regex-replace", {"pattern": "("}, "no pattern that RE2 takes: missing"),
        ("regex-replace", {"pattern": "a(b)", "with": r"\2"}, "has 1 brackets, not 2"),
        ("url", "gopher", "http or https"),
        ("date", ["D.YYYY"], "a format with a day has a month too"),
        ("date", ["DD.MM.YY"], "has YYYY once"),
        ("date", ["D.D.MM.YYYY"], "has YYYY once"),
        ("date", {"formats": ["D MMMM YYYY"], "language": "xx"}, "no month names in 'xx'"),
        ("julian", "soon", "valid date"),
        ("decimal", {"point": ",", "group": ","}, "can't be the same"),
        ("number-with-unit", {"units": {"m": "metre"}}, "match pattern"),
        ("latlon", {"precision": 0}, "greater than 0"),
        ("latlong", None, "is no transform; there are commons-file"),
    ],
)
def test_arguments_that_a_transform_does_not_take_are_told(
    name: str, given: Any, words: str
) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        arguments_of(name, given)


def test_a_pattern_that_would_keep_python_busy_for_ever_takes_no_time() -> None:
    assert made({"regex-replace": {"pattern": "(a+)+$"}}, "a" * 5000 + "b") == "a" * 5000 + "b"


def test_a_message_shows_only_so_much_of_a_value() -> None:
    with pytest.raises(TransformError) as caught:
        made("digits", "x" * 5000 + "\x00")
    assert len(str(caught.value.message.params["value"])) == 200
    with pytest.raises(TransformError):
        text_of(Decimal("1e999999999"))


@pytest.mark.parametrize(
    ("use", "text"),
    [
        ("latlon", "1" + " " * 10**5 + "x"),
        ("latlon", "1°N" + " " * 10**5 + "x"),
        (UNITS, "1" + " " * 10**5 + "1x1"),
    ],
)
def test_a_long_text_is_refused_at_once(use: Any, text: str) -> None:
    # By its length: the patterns would take minutes.
    with pytest.raises(TransformError):
        made(use, text)
