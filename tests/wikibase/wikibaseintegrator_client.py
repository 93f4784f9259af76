"""A program that uses the stand-in by WikibaseIntegrator; run by a test.

`python wikibaseintegrator_client.py ADDRESS` prints what it saw as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from wikibaseintegrator import WikibaseIntegrator, datatypes, wbi_helpers, wbi_login
from wikibaseintegrator.wbi_config import config
from wikibaseintegrator.wbi_enums import ActionIfExists


def main(address: str) -> dict[str, Any]:
    """Log in, read, write, search; what came of each."""
    config["MEDIAWIKI_API_URL"] = f"{address}/w/api.php"
    config["WIKIBASE_URL"] = address
    config["USER_AGENT"] = "tests of HubBot"
    config["BACKOFF_MAX_TRIES"] = 1
    login = wbi_login.Login(user="HubBot@hub", password="hub" * 11)
    wbi = WikibaseIntegrator(login=login)
    item = wbi.item.get("Q1")
    seen: dict[str, Any] = {"label": item.labels.get("en").value}
    seen["claim"] = item.claims.get("P1")[0].mainsnak.datavalue["value"]
    item.labels.set("de", "von WikibaseIntegrator")
    reference = [datatypes.URL(prop_nr="P3", value="https://example.org/2")]
    statement = datatypes.String(prop_nr="P1", value="written", references=[reference])
    item.claims.add(statement, action_if_exists=ActionIfExists.APPEND_OR_REPLACE)
    written = item.write(summary="a test", is_bot=True)
    seen["values"] = [one.mainsnak.datavalue["value"] for one in written.claims.get("P1")]
    again = wbi.item.get("Q1")
    seen["german"] = again.labels.get("de").value
    new = wbi.item.new()
    new.labels.set("en", "made by WikibaseIntegrator")
    new.claims.add(datatypes.Time(prop_nr="P2", time="+1850-02-03T00:00:00Z", precision=11))
    seen["new"] = new.write().id
    seen["search"] = wbi_helpers.search_entities("made by Wiki", language="en")
    return seen


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
