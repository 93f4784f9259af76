"""A program that uses the stand-in as a bot's author would, by pywikibot; run by a test.

`python pywikibot_client.py ADDRESS DIRECTORY` prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

USER_CONFIG = """
family = "standin"
mylang = "en"
usernames["standin"]["en"] = "HubBot"
password_file = "user-password.py"
user_agent_description = "tests of HubBot"
put_throttle = minthrottle = maxthrottle = 0
max_retries = 1
retry_wait = 0
family_files["standin"] = "standin_family.py"
"""
FAMILY = """
from pywikibot import family

class Family(family.DefaultWikibaseFamily):
    name = "standin"
    langs = {"en": "127.0.0.1"}

    def protocol(self, code): return "http"
    def hostname(self, code): return "%s"
    def scriptpath(self, code): return "/w"
"""


def main(address: str, directory: Path) -> dict[str, Any]:
    """Log in, preload, edit, merge, search; what came of each."""
    (directory / "user-config.py").write_text(USER_CONFIG)
    (directory / "user-password.py").write_text('("HubBot", "hubbotpass-1234")\n')
    (directory / "user-password.py").chmod(0o600)
    (directory / "standin_family.py").write_text(FAMILY % address.removeprefix("http://"))
    (directory / "user-config.py").chmod(0o600)
    os.chdir(directory)
    os.environ["PYWIKIBOT_DIR"] = str(directory)
    import pywikibot
    from pywikibot import pagegenerators

    site = pywikibot.Site("en", "standin")
    site.login()
    repo = site.data_repository()
    seen: dict[str, Any] = {"user": site.user(), "bot": site.has_right("bot")}
    numbers = [f"Q{number}" for number in range(1, 101)]
    pages = [pywikibot.ItemPage(repo, number) for number in numbers]
    preloaded = list(repo.preload_entities(pages, groupsize=50))
    seen["preloaded"] = [item.labels["en"] for item in preloaded]
    item = pywikibot.ItemPage(repo, "Q1")
    item.get()
    seen["claim"] = item.claims["P1"][0].getTarget()
    item.editEntity({"labels": {"de": "von pywikibot"}}, summary="a test", bot=True)
    item.editLabels({"sv": "av pywikibot"}, summary="another")
    claim = pywikibot.Claim(repo, "P2")
    claim.setTarget(pywikibot.WbTime(year=1850, month=2, day=3))
    item.addClaim(claim, summary="a date")
    qualifier = pywikibot.Claim(repo, "P1")
    qualifier.setTarget("a qualifier")
    claim.addQualifier(qualifier)
    source = pywikibot.Claim(repo, "P3", is_reference=True)
    source.setTarget("https://example.org/1")
    claim.addSources([source])
    claim.changeTarget(pywikibot.WbTime(year=1851))
    claim.changeRank("preferred")
    item.get(force=True)
    seen["labels"] = dict(item.labels)
    date = item.claims["P2"][0]
    time = date.getTarget()
    seen["date"] = [time.year, time.precision, date.rank, len(date.sources)]
    seen["qualifier"] = date.qualifiers["P1"][0].getTarget()
    item.removeClaims([date])
    new = pywikibot.ItemPage(repo)
    new.editEntity({"labels": {"en": "made by pywikibot"}}, summary="new")
    seen["new"] = new.getID()
    other = pywikibot.ItemPage(repo, "Q2")
    other.mergeInto(pywikibot.ItemPage(repo, "Q1"), ignore_conflicts=["description"])
    seen["redirects"] = pywikibot.ItemPage(repo, "Q2").isRedirectPage()
    seen["target"] = pywikibot.ItemPage(repo, "Q2").getRedirectTarget().getID()
    seen["history"] = [revision.comment for revision in item.revisions(total=3)]
    seen["missing"] = pywikibot.ItemPage(repo, "Q999999").exists()
    seen["search"] = [page["id"] for page in repo.search_entities("made by", "en", total=5)]
    found = pagegenerators.SearchPageGenerator("haswbstatement:P1=v7", site=repo, total=5)
    seen["by statement"] = [page.title() for page in found]
    seen["contributions"] = sum(1 for _ in pywikibot.User(site, "HubBot").contributions(total=50))
    seen["changes"] = sum(1 for _ in site.recentchanges(total=5))
    return seen


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
