"""The register's pages answer what people ask, and show a record with all that it once said."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bots.core.register.kinds import FieldConfig
from bots.core.store import opened
from tests.webservice import registered
from tests.webservice.conftest import Dashboard
from tests.webservice.example import HOSTILE, WIKI
from tests.webservice.markup import Page
from tests.webservice.registered import FORMULA
from webservice.app import create_app
from webservice.shown import Shown, shown


def names(page: Page) -> list[str]:
    """The names of the records that a list shows."""
    links = [a for a in page.all("a") if urlsplit(a.get("href", "")).path.startswith("/register/")]
    return [a["href"] for a in links]


def found(dashboard: Dashboard, query: str) -> list[str]:
    """The page numbers of what the list shows for a query."""
    page = Page(dashboard.page(f"/register?{query}"))
    return sorted(urlsplit(link).path.rpartition("/")[2] for link in names(page))


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("", ["11", "12", "13", "14", "15", "17", "21", "41"]),
        ("kind=agreement", ["21"]),
        ("kind=partner&country=SE", ["11", "12", "13"]),
        ("country=Sverige", ["11", "12", "13", "41"]),
        ("country=SE&country=NL", ["11", "12", "13", "14", "41"]),
        ("kind=partner&field.kind=archive", ["13"]),
        ("kind=partner&topics=built+heritage&country=SE", ["11", "12"]),
        ("kind=partner&where=topics%3Dart%3B+country!%3DSE", ["14"]),
        ("kind=partner&where=since%3E%3D2024", ["11"]),
        ("search=malmo", ["12"]),
        ("search=metadata+scans", ["11"]),
        ("search=museum&kind=agreement", ["21"]),
        ("search=museum+nothing", []),
        ("stage=active", ["11", "13", "14", "21"]),
        ("stage=ended", []),
        ("kind=partner&as_of=2024", ["11", "12", "13", "14", "15", "16", "17"]),
        ("kind=partner&stage=active&as_of=2024-12-31", ["13", "14"]),
        ("as_of=2023", []),
        ("kind=&country=&search=&where=&as_of=&limit=3&after=6", ["13", "21"]),
    ],
)  # fmt: skip
def test_records_are_found(dashboard: Dashboard, query: str, pages: list[str]) -> None:
    assert found(dashboard, query) == pages


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("kind=no", "There is no kind of record “no”; there are: agreement, partner, person."),
        ("kind=partner&where=contry%3DSE", "There is no field “contry”; there are: name, kind,"),
        ("kind=partner&country=Atlantis", "“Atlantis” is no value that the field"),
        ("kind=partner&where=country", "“country” is no condition"),
        ("kind=partner&sort=size", "There is no field “size”"),
        ("as_of=yesterday", "“yesterday” is no date"),
        ("as_of=2026-02-30", "“2026-02-30” is no date"),
        ("where=" + "x" * 1001, "The question is too long: at most 1000 characters are read."),
        ("kind=%3Cb%3E%22", "There is no kind of record “<b>\"”"),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_told_what_is_wrong(
    dashboard: Dashboard, query: str, words: str
) -> None:
    response = dashboard.get(f"/register?{query}", 400)
    assert words in Page(response.text).words
    told = dashboard.get(f"/api/v1/records?{query}", 400).get_json()
    assert words in told["error"]


def test_who_does_not_want_to_be_listed_is_shown_nowhere_not_even_as_of_before(
    dashboard: Dashboard,
) -> None:
    for query in (
        "kind=person",
        "search=shy",
        "kind=person&as_of=2024",
        "as_of=2024",
        "search=left",
    ):
        assert not {"42", "43"} & set(found(dashboard, query)), query
        told = dashboard.get(f"/api/v1/records?{query}").get_json()
        assert not {"42", "43"} & {each["id"] for each in told["records"]}, query
    assert found(dashboard, "kind=person&as_of=2024") == ["41"]
    for path in ("/register/person/42", "/api/v1/records/42", "/register/person/43"):
        dashboard.get(path, 404)
        dashboard.get(f"{path}?as_of=2024", 404)


def test_a_list_is_sorted_by_name_and_by_what_its_headings_say(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/register?kind=partner&country=SE"))
    order = [urlsplit(link).path[-2:] for link in names(page)]
    assert order == ["12", "11", "13"]
    headings = {a["href"] for a in page.all("a") if "sort=" in a.get("href", "")}
    down = next(link for link in headings if parse_qs(urlsplit(link).query)["sort"] == ["-name"])
    page = Page(dashboard.page(down))
    assert [urlsplit(link).path[-2:] for link in names(page)] == ["13", "11", "12"]
    assert [th["aria-sort"] for th in page.all("th") if "aria-sort" in th] == ["descending"]


def test_paging_shows_each_record_once_and_keeps_the_question(dashboard: Dashboard) -> None:
    seen: list[str] = []
    path = "/register?kind=partner&limit=2&where=country!%3D&uselang=sv"
    while path:
        page = Page(dashboard.page(path))
        seen += [urlsplit(link).path for link in names(page)]
        path = next((a["href"] for a in page.all("a") if a.get("rel") == "next"), "")
    assert len(seen) == len(set(seen)) == 5


def test_the_form_offers_the_values_that_occur_in_the_readers_language(
    dashboard: Dashboard,
) -> None:
    html = dashboard.page("/register?kind=partner&country=SE&uselang=sv")
    assert '<option value="SE" selected>Sverige</option>' in html
    assert '<option value="NL">Nederländerna</option>' in html
    assert 'name="field.kind"' in html
    assert '<option value="built heritage">built heritage</option>' in html
    assert "Endpoint" not in html


def test_what_is_chosen_stays_in_downloads_and_links(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/register?kind=partner&country=SE&sort=-since&bot=x&evil=1"))
    csv = next(link for link in page.links if "format=csv" in link)
    asked = parse_qs(urlsplit(csv).query)
    assert asked == {
        "kind": ["partner"], "country": ["SE"], "sort": ["-since"], "format": ["csv"],
        "limit": ["10000"],
    }  # fmt: skip
    assert not [link for link in page.links if "evil" in link]


def test_a_record_says_all_that_stands_on_its_page_and_leads_there(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/register/partner/11"))
    for words in (
        "Sort of organisation Museum",
        "Country Sweden",
        "Topics art built heritage",
        "Stage Active",
        "Since November 2024",
        "Scans first. Then metadata.",
    ):
        assert words in page.words
    title = "Partnerships/Partners/Nationalmuseum"
    assert f"{WIKI}?title={title}" in page.links
    assert f"{WIKI}?title={title}&action=edit" in page.links
    assert "https://www.nationalmuseum.se/" in page.links
    assert "https://www.wikidata.org/wiki/Q842858" in page.links
    assert f"{WIKI}?title=User:Coordinator" in page.links


def test_a_record_names_what_names_it_and_is_led_to_by_it(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/register/partner/11"))
    assert "What names it Agreements Scans 2024" in page.words
    assert "/register/agreement/21" in page.links
    assert "/register/partner/11" in Page(dashboard.page("/register/agreement/21")).links


def test_a_records_history_says_what_changed_and_shows_it_as_it_was(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/register/partner/11"))
    assert "Stage: Removed: In conversation Added: Active" in page.words
    assert "Topics: Removed: art Added: art, built heritage" in page.words
    then = [link for link in page.links if "as_of=" in link and link.startswith("/register/")]
    assert len(then) == 2
    for link, stage in zip(then, ("Active", "In conversation"), strict=True):
        old = Page(dashboard.page(link))
        assert f"Stage {stage}" in old.words
        assert "This is how it was on" in old.words
    assert (
        "Moved from Partnerships/Partners/Old name"
        in Page(dashboard.page("/register/partner/17")).words
    )


def test_a_record_that_is_gone_says_so_and_what_it_said_last(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/register/partner/16"))
    assert "The register has this record no more" in page.words
    assert "Country Finland" in page.words
    assert "no more" not in Page(dashboard.page("/register/partner/16?as_of=2024-12")).words


def test_an_address_with_another_kind_leads_to_the_record(dashboard: Dashboard) -> None:
    response = dashboard.get("/register/agreement/11?as_of=2024", 302)
    assert urlsplit(response.headers["Location"]).path == "/register/partner/11"
    dashboard.get("/register/x/11", 302)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/register/partner/999", 404),
        ("/register/partner/31", 404),
        ("/register/partner/99999999999999999999", 404),
        ("/register/partner/0", 404),
        ("/register/partner/11?as_of=2020", 404),
        ("/register/partner/11?as_of=soon", 400),
        ("/register/partner/11?as_of=0001-01-01T00:00:00%2B14:00", 400),
        ("/register?limit=x", 400),
        ("/register?after=-1", 400),
    ],
)
def test_what_is_not_there_or_makes_no_sense_is_an_error(
    dashboard: Dashboard, path: str, status: int
) -> None:
    dashboard.get(path, status)


def test_hostile_values_do_nothing(dashboard: Dashboard) -> None:
    for path in ("/register", "/register/partner/15", "/register?search=script&where=topics%3D%22"):
        html = dashboard.page(path)
        assert "<script" not in html
        assert "javascript:alert" not in "".join(Page(html).links)
        assert "None" not in Page(html).links
    words = Page(dashboard.page("/register/partner/15")).words
    assert HOSTILE in words
    assert FORMULA in words
    assert "[[Category:Evil]]{{delete}}'''<b>bold</b>" in words
    dashboard.get("/register?endpoint=1&_external=1&_scheme=javascript&_anchor=x&self=1")
    for odd in ("%00", "%ff", "%F0%9F%98%80", "{}", "'%20OR%201=1"):
        for name in ("search", "uselang", "topics", "field.kind", "country"):
            assert dashboard.client.get(f"/register?{name}={odd}").status_code in (200, 400)


def test_a_register_without_kinds_or_records_says_so(store_url: str, tmp_path: object) -> None:
    with opened(store_url):
        pass
    empty = create_app(registered.CONFIG.model_copy(update={"store": store_url}))
    assert (
        "There is no record of this kind yet"
        in Page(empty.test_client().get("/register").text).words
    )


def test_a_filter_with_very_many_values_is_written_in(
    store_url: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(store_url) as store:
        for page in range(1, 400):
            store.put_page_record(
                registered.partner(page, f"P{page}", topics=[f"t{page}"]), "hub", registered.START
            )
    app = create_app(registered.config(store_url, tmp_path_factory.mktemp("kinds")))
    html = app.test_client().get("/register?kind=partner&topics=t7").text
    assert 'name="topics" class="form-control form-control-sm" value="t7"' in html
    assert "One record; 399 in all" in Page(html).words


@pytest.mark.parametrize(
    ("kind", "value", "text", "url"),
    [
        ("item", "Q42", "Q42", "https://www.wikidata.org/wiki/Q42"),
        ("property", "P1", "P1", "https://www.wikidata.org/wiki/Property:P1"),
        ("category", "A & B?", "A & B?", "https://commons.wikimedia.org/wiki/Category:A_%26_B%3F"),
        ("dataset", "x", "x", f"{WIKI}?title=User:HubBot/mapping/x"),
        ("page", "A page", "A page", f"{WIKI}?title=A_page"),
        ("url", "https://a.example/b", "a.example", "https://a.example/b"),
        ("url", "data:text/html,x", "data:text/html,x", None),
        ("language", "sv", "Swedish", None),
        ("date", "2026-11", "November 2026", None),
        ("country", "XX", "XX", None),
        ("number", "1200", "1200", None),
        ("yes-no", "yes", "yes", None),
    ],
)
def test_each_value_leads_to_where_there_is_more(
    dashboard: Dashboard, kind: str, value: str, text: str, url: str | None
) -> None:
    words = {"en": "x"}
    field = FieldConfig.model_validate({"type": kind, "label": words, "about": words})
    with dashboard.app.test_request_context("/register?uselang=en"):
        dashboard.app.preprocess_request()
        assert shown(field, value) == Shown(text, url)
