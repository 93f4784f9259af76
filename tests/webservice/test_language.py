"""The dashboard speaks the reader's language, in the reader's direction."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from bots.core.messages import Message
from tests.webservice import example
from tests.webservice.conftest import Dashboard
from tests.webservice.markup import Page
from webservice.app import MESSAGES, create_app
from webservice.overview import LOOKS
from webservice.words import Reader, Translations


def _root(html: str) -> tuple[str, str]:
    root = Page(html).all("html")[0]
    return root["lang"], root["dir"]


def test_the_language_asked_for_goes_before_the_browsers(dashboard: Dashboard) -> None:
    assert _root(dashboard.get("/", **{"Accept-Language": "sv,en;q=0.5"}).text) == ("sv", "ltr")
    assert _root(dashboard.get("/?uselang=en", **{"Accept-Language": "sv"}).text) == ("en", "ltr")
    assert _root(dashboard.get("/", **{"Accept-Language": "xx,sv-FI;q=0.3"}).text)[0] == "sv"


def test_a_language_without_messages_gets_english_from_left_to_right(dashboard: Dashboard) -> None:
    for asked in ("he", "qqq", "no-such-language", "../../etc/passwd", "<b>", "x" * 5000):
        response = dashboard.client.get("/", query_string={"uselang": asked})
        assert response.status_code == 200
        assert _root(response.text) == ("en", "ltr")


def test_the_language_asked_for_stays_in_the_dashboards_links(dashboard: Dashboard) -> None:
    page = Page(dashboard.page("/?uselang=sv"))
    own = [link for link in page.links if link.startswith("/") and "static" not in link]
    assert own
    assert all("uselang=" in link for link in own)


def test_the_answer_depends_on_the_browsers_language(dashboard: Dashboard) -> None:
    assert "Accept-Language" in dashboard.get("/").headers["Vary"]


def test_a_language_from_right_to_left_turns_the_page_and_marks_what_is_english(
    tmp_path: Path, dashboard: Dashboard
) -> None:
    folder = tmp_path / "i18n"
    shutil.copytree(MESSAGES, folder)
    (folder / "he.json").write_text(json.dumps({"web-nav-bots": "בוטים"}), encoding="utf-8")
    app = create_app(example.config(dashboard.store_url), messages=folder)
    html = app.test_client().get("/?uselang=he").text
    assert _root(html) == ("he", "rtl")
    assert "<h1>בוטים</h1>" in html
    assert '<span lang="en" dir="ltr">Runs</span>' in html


def test_every_word_of_the_dashboard_is_there_in_english_and_swedish() -> None:
    def ours(language: str) -> set[str]:
        messages = json.loads((MESSAGES / f"{language}.json").read_text(encoding="utf-8"))
        return {key for key in messages if key.startswith(("web-", "state-", "outcome-"))}

    assert ours("en") == ours("sv") == ours("qqq")


def test_one_edit_is_not_said_to_be_several_in_swedish(dashboard: Dashboard) -> None:
    words = Page(dashboard.page("/runs/{outcomes}?uselang=sv")).words
    assert "1 sparad " in words
    assert "1 sparade" not in words


def test_every_state_and_outcome_has_a_word(dashboard: Dashboard) -> None:
    reader = Reader(Translations(MESSAGES), "en")
    for name in LOOKS:
        said = {str(reader.say(f"{kind}-{name}", num_edits=1)) for kind in ("state", "outcome")}
        assert any("raw" not in words for words in said), name


def test_every_message_of_the_templates_is_there() -> None:
    """Keys are read from the templates; those that are put together are tested by the pages."""
    messages = json.loads((MESSAGES / "en.json").read_text(encoding="utf-8"))
    folder = Path(__file__).parents[2] / "webservice"
    text = "".join(path.read_text() for path in [*folder.rglob("*.html"), *folder.rglob("*.xml")])
    keys = set(re.findall(r"'(web-[a-z0-9-]+[a-z0-9])'", text))
    assert len(keys) > 60
    assert keys <= messages.keys()
    said = text + "".join(path.read_text() for path in folder.glob("*.py"))
    unused = {key for key in messages if key.startswith("web-") and key not in said}
    assert unused == {"web-error-400", "web-error-404", "web-error-405"} | {
        f"web-mode-{mode}" for mode in ("run", "plan", "apply", "trial", "undo", "rebuild")
    }


@pytest.fixture(scope="module")
def reader() -> Reader:
    """A reader of English."""
    return Reader(Translations(MESSAGES), "en")


def test_a_parameter_can_bring_no_markup(reader: Reader) -> None:
    said = reader.message(Message("web-run", {"run": "<img src=x onerror=alert(1)>{0}{run}"}))
    assert "<img" not in said
    assert "&lt;img" in said
    assert "{0}{run}" in said


def test_a_message_that_is_not_there_or_lacks_a_parameter_is_shown_as_it_is(reader: Reader) -> None:
    assert "no-such-key (a: &lt;b&gt;)" in reader.message(Message("no-such-key", {"a": "<b>"}))
    assert "web-run" in reader.message(Message("web-run"))
    assert "web-findings-open" in reader.message(
        Message("web-findings-open", {"num_findings": "many"})
    )


def test_a_link_in_a_message_is_one_only_to_http(tmp_path: Path) -> None:
    (tmp_path / "en.json").write_text('{"a": "See [$1 the file]."}')
    (tmp_path / "qqq.json").write_text('{"a": "* $1 - url: where"}')
    reader = Reader(Translations(tmp_path), "en")
    good = reader.message(Message("a", {"url": 'https://a.example/?"><script>'}))
    assert good == 'See <a href="https://a.example/?&#34;&gt;&lt;script&gt;">the file</a>.'
    for bad in ("javascript:alert(1)", "data:text/html,x", "//a.example", " https://a.example\n"):
        assert reader.message(Message("a", {"url": bad})) == "See the file."


def test_wikitext_in_a_message_is_shown_without_its_marks(tmp_path: Path) -> None:
    (tmp_path / "en.json").write_text("{\"a\": \"'''Look''' at [[Help:X|the help]] of [[$1]].\"}")
    (tmp_path / "qqq.json").write_text('{"a": "* $1 - page: title"}')
    reader = Reader(Translations(tmp_path), "en")
    said = reader.plain(Message("a", {"page": "''Y''"}))
    assert said == "Look at the help of ''Y''."
