"""A question means what its asker would expect, or is told what is wrong with it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.core.register.asking import Asked, answers, columns_of, moment, name_of, understand
from bots.core.register.facts import PageRecord
from bots.core.register.kinds import FieldConfig, KindConfig
from bots.core.register.query import QueryError

THEN = datetime(2026, 1, 1, tzinfo=UTC)


def kind(name: str, called: str = "name", **fields: object) -> KindConfig:
    """A kind whose fields say only what a test is about."""
    said = {
        called: {},
        **{key.replace("_", " "): value for key, value in fields.items()},
    }
    words = {"en": name}
    return KindConfig.model_validate(
        {
            "name": name, "template": name, "below": name, "called": called,
            "label": words, "plural": words, "about": words,
            "fields": {key: {"label": words, "about": words} | each for key, each in said.items()},
        }
    )  # fmt: skip


KINDS = {
    "partner": kind(
        "partner",
        country={"type": "country"},
        topics={"many": True},
        since={"type": "date"},
        staff={"type": "number"},
        media_categories={"type": "category", "many": True},
    ),
    "activity": kind(
        "activity", called="title", country={"type": "country"}, topics={"many": True}
    ),
    "goal": kind("goal", target={"type": "number"}),
}


def canonical(field: FieldConfig, word: str) -> str | None:
    """Countries are what two letters say; all else is a word."""
    if field.type == "country":
        return {"sweden": "SE", "se": "SE", "no": "NO"}.get(word.casefold())
    return word


def record(of: str, page: int, title: str = "", **values: str | list[str]) -> PageRecord:
    """A record with these values."""
    said = {
        name.replace("_", " "): [many] if isinstance(many, str) else many
        for name, many in values.items()
    }
    return PageRecord(
        kind=of, page=page, title=title or f"Top/{page}", revid=1, edited=THEN, values=said
    )


RECORDS = [
    record("partner", 1, name="Ålborg", country="SE", topics=["art", "maps"], since="2024-05"),
    record("partner", 2, name="alpha", country="NO", staff="9", since="2025"),
    record("partner", 3, name="Beta", country="SE", staff="10", media_categories=["Maps of A"]),
    record("partner", 4, title="Top/Partners/Only a page"),
    record("activity", 5, title="Top/A/Maps day", country="SE", topics=["maps"]),
    record("goal", 6, name="Five", target="5"),
]


def pages(**asked: object) -> list[int]:
    """The pages that answer a question, in order."""
    question = understand(Asked(**asked), KINDS, canonical)  # type: ignore[arg-type]
    return [each.page for each in answers(question, KINDS, RECORDS)]


def fault(**asked: object) -> QueryError:
    """What is told of a question that makes no sense."""
    with pytest.raises(QueryError) as raised:
        pages(**asked)
    return raised.value


def test_a_question_about_nothing_is_about_everything_by_name_whatever_case_and_accents() -> None:
    assert pages() == [1, 2, 3, 6, 5, 4]


def test_a_filter_takes_any_of_its_words_and_an_empty_one_asks_nothing() -> None:
    assert pages(kind="partner", filters={"country": ["sweden", "NO"]}) == [1, 2, 3]
    assert pages(kind="partner", filters={"country": ["", "NO"]}) == [2]
    assert pages(kind="partner", filters={"country": [""]}) == [1, 2, 3, 4]


def test_a_word_of_a_filter_is_one_word_whatever_stands_in_it() -> None:
    assert pages(kind="partner", filters={"name": ["Beta; country=NO, alpha"]}) == []


def test_a_question_to_all_kinds_is_answered_by_those_that_have_its_fields() -> None:
    assert pages(filters={"country": ["SE"]}) == [1, 3, 5]
    assert pages(where="topics=maps") == [1, 5]
    assert pages(where="target>=5") == [6]


def test_conditions_and_filters_all_hold() -> None:
    assert pages(kind="partner", filters={"country": ["SE"]}, where="staff>=2; topics=") == [3]


def test_a_year_asked_for_is_the_whole_of_it() -> None:
    assert pages(kind="partner", where="since>=2024", sort="since") == [1, 2]
    assert pages(kind="partner", where="since<=2024") == [1]


def test_numbers_are_sorted_as_numbers_and_what_says_nothing_comes_last() -> None:
    assert pages(kind="partner", sort="staff") == [2, 3, 1, 4]
    assert pages(kind="partner", sort="-staff") == [3, 2, 1, 4]


def test_a_search_finds_all_its_words_in_names_and_texts_but_not_in_codes() -> None:
    assert pages(search="MAPS") == [1, 3, 5]
    assert pages(search="alborg art") == [1]
    assert pages(search="only page") == [4]
    assert pages(search="se") == []
    assert pages(search="alborg nothing") == []


_FIELDS = {"field": "a", "fields": "name, target"}


@pytest.mark.parametrize(
    ("asked", "key", "params"),
    [
        ({"kind": "x"}, "register-no-kind", {"kind": "x", "kinds": "partner, activity, goal"}),
        ({"kind": "goal", "where": "a=1"}, "register-no-field", _FIELDS),
        ({"where": "country=X"}, "register-where-value", {"field": "country", "value": "X"}),
        ({"filters": {"country": ["X"]}}, "register-where-value", None),
        ({"where": "country"}, "register-where-form", {"text": "country"}),
        ({"where": "country<"}, "register-where-form", {"text": "country<"}),
        ({"sort": "size"}, "register-no-field", None),
        ({"where": "x" * 1001}, "register-where-long", {"most": "1000"}),
        ({"search": "x" * 1001}, "register-where-long", {"most": "1000"}),
        ({"filters": {"name": ["x"] * 51}}, "register-where-long", {"most": "1000"}),
        ({"as_of": "soon"}, "register-as-of", {"value": "soon"}),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_says_why(
    asked: dict[str, object], key: str, params: dict[str, str] | None
) -> None:
    told = fault(**asked)
    assert told.key == key
    assert params is None or told.params == params


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-03-31", "2026-03-31T23:59:59.999999+00:00"),
        ("2026-02", "2026-02-28T23:59:59.999999+00:00"),
        ("2024-02", "2024-02-29T23:59:59.999999+00:00"),
        (" 2025 ", "2025-12-31T23:59:59.999999+00:00"),
        ("9999", "9999-12-31T23:59:59.999999+00:00"),
        ("2026-03-31T12:30:00Z", "2026-03-31T12:30:00+00:00"),
        ("2026-03-31T12:30:00+02:00", "2026-03-31T10:30:00+00:00"),
        ("2026-03-31T12:30", "2026-03-31T12:30:00+00:00"),
    ],
)
def test_a_date_is_the_end_of_it_and_a_moment_itself(text: str, when: str) -> None:
    assert moment(text).isoformat() == when


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}(T[0-9:+]{0,9})?"))
def test_whatever_is_asked_as_a_date_is_a_moment_or_a_fault(text: str) -> None:
    with suppress(QueryError):
        assert moment(text).tzinfo is UTC


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30))
def test_whatever_is_asked_is_answered_or_a_fault(where: str, search: str, sort: str) -> None:
    with suppress(QueryError):
        assert set(pages(where=where, search=search, sort=sort)) <= {1, 2, 3, 4, 5, 6}


def test_a_record_is_called_by_its_field_else_by_its_page() -> None:
    assert name_of(RECORDS[0], KINDS) == "Ålborg"
    assert name_of(RECORDS[4], KINDS) == "Maps day"


def test_a_list_shows_what_the_kinds_first_page_shows_else_what_it_is_looked_up_by() -> None:
    assert columns_of(KINDS["partner"]) == ["country"]
    words = {"en": "x"}
    page = {"title": words, "about": words, "columns": ["name", "since", "nothing"]}
    pages = {"other": {**page, "of": "dataset:x"}, "own": {**page, "group": "topics"}}
    config = KindConfig.model_validate(KINDS["partner"].model_dump() | {"pages": pages})
    assert columns_of(config) == ["topics", "since"]
