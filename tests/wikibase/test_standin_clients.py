"""Other people's libraries work with the stand-in as they do with a real Wikibase."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sandbox.wikibase.server import Wikibase

_HERE = Path(__file__).parent


@pytest.fixture
def seeded(standin: Wikibase) -> Wikibase:
    """The stand-in with 100 items, each with a label and a string, and CirrusSearch."""
    standin.settings.cirrus_search = True
    for prop, datatype in (("P1", "string"), ("P2", "time"), ("P3", "url")):
        standin.state.seed({"id": prop, "type": "property", "datatype": datatype})
    with standin.state.transaction():
        for number in range(1, 101):
            value = {"value": f"v{number}", "type": "string"}
            snak = {"snaktype": "value", "property": "P1", "datavalue": value}
            guid = f"Q{number}$00000000-0000-0000-0000-{number:012}"
            standin.state.seed(
                {
                    "id": f"Q{number}",
                    "type": "item",
                    "labels": {"en": {"language": "en", "value": f"Item {number}"}},
                    "claims": {"P1": [{"mainsnak": snak, "id": guid, "rank": "normal"}]},
                }
            )
    return standin


def _run(program: str, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, str(_HERE / program), *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_pywikibot_logs_in_preloads_edits_merges_and_searches(
    seeded: Wikibase, tmp_path: Path
) -> None:
    seen = _run("pywikibot_client.py", seeded.url, str(tmp_path))

    assert (seen["user"], seen["bot"]) == ("HubBot", True)
    assert seen["preloaded"] == [f"Item {number}" for number in range(1, 101)]
    assert seen["claim"] == "v1"
    assert seen["labels"] == {"en": "Item 1", "de": "von pywikibot", "sv": "av pywikibot"}
    assert seen["date"] == [1851, 9, "preferred", 1]
    assert seen["qualifier"] == "a qualifier"
    assert seen["new"] == "Q101"
    assert (seen["redirects"], seen["target"]) == (True, "Q1")
    assert seen["history"][0] == "/* wbmergeitems-from:0||Q2 */"
    assert seen["missing"] is False
    assert seen["search"] == ["Q101"]
    assert seen["by statement"] == ["Q7"]
    assert seen["contributions"] >= 10
    assert seen["changes"] == 5
    merged = seeded.state.entity("Q1")[1]
    assert [one["mainsnak"]["datavalue"]["value"] for one in merged["claims"]["P1"]] == ["v1", "v2"]


def test_what_pywikibot_sends_is_what_it_sent_to_a_real_wikibase(
    seeded: Wikibase, tmp_path: Path
) -> None:
    _run("pywikibot_client.py", seeded.url, str(tmp_path))
    sent = [request.parameters.get("action") for request in seeded.requests_since()]

    login = sent[: sent.index("clientlogin") + 1]
    assert login == ["query", "query", "paraminfo", "paraminfo", "query", "clientlogin"]


def test_wikibaseintegrator_reads_writes_and_searches(seeded: Wikibase) -> None:
    pytest.importorskip("wikibaseintegrator")

    seen = _run("wikibaseintegrator_client.py", seeded.url)

    assert (seen["label"], seen["claim"]) == ("Item 1", "v1")
    assert seen["values"] == ["v1", "written"]
    assert seen["german"] == "von WikibaseIntegrator"
    assert (seen["new"], seen["search"]) == ("Q101", ["Q101"])
    page = seeded.state.page("Q1")
    assert page is not None
    latest = seeded.state.history(page.id)[0]
    assert (latest.user, latest.bot, latest.comment.endswith("a test")) == ("HubBot", True, True)
