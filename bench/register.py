"""The register with 5,000 partners, 2,000 other records and 12 pages of lists on a wiki.

`full` is the first run: all records are read and all pages filled. `full_over_floor` is its time
over that of a loop which only posts the same texts to other pages; `full_peak_mb` the memory of
its process. `noop` is a run after which nothing has changed. Then people change 20 partners, and
`change_edits_beyond_needed` counts the pages edited on which none of them stands.

Requests are counted by the wiki's own server, from the moment that the bot is logged in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import yaml

from bench.harness import record
from bench.intake import LOGIN, edits
from sandbox.client import Client
from sandbox.demo import write_config
from sandbox.mediawiki import Request, Sandbox, running
from sandbox.template import HOME, run_maintenance, the_template

PARTNERS = 5_000
OTHERS = 2_000
CHANGED = 20
TOP = "Partnerships"
KINDS = Path(__file__).parents[1] / "config" / "records"
PLACES = ("Sweden", "Norway", "Finland", "Denmark", "Iceland", "Germany", "France", "Spain")
COUNTRIES = (*PLACES, "Italy", "Poland", "Brazil", "Ghana", "India", "Japan", "Kenya", "Peru")
STAGES = ("interested", "conversation", "collaboration", "paused", "ended")
SORTS = ("glam", "open-data", "ngo", "research", "education", "technical")
TOPICS = ("churches", "birds", "maps", "portraits", "ships", "languages", "law", "medicine")

LISTS: Mapping[str, str] = {
    "By country": "of=partner|where=stage!=ended|columns=name, kind, stage, region|group=country",
    "By topic": "of=partner|where=stage!=ended|columns=name, country, stage|group=topics",
    "By kind": "of=partner|columns=name, country, stage, topics, mediators|group=kind",
    "By stage": "of=partner|columns=name, country, kind, since|group=stage",
    "By mediator": "of=partner|columns=name, country, stage|group=mediators",
    "Interested": "of=partner|where=stage=interested|columns=name, team, contacts, country",
    "Technical": "of=partner|where=kind=technical|columns=name, stage, since|group=priority",
    "Sweden": "of=partner|where=country=Sweden|columns=name, website, topics|sort=-since",
    "Churches": "of=partner|where=topics=churches; country=NO, DK|columns=name, website",
    "Activities": "of=activity|columns=name, kind, start, partners|sort=-start",
    "Workshops": "of=activity|where=kind=workshop|columns=name, start, partners",
    "Tools": "of=tool|columns=name, owner|sort=name",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "wikis") as wikis:
        import_records(wikis, Path(folder))
        aino = Client(wikis.hub, wikis.accounts.aino)
        for name, asks in LISTS.items():
            aino.edit(f"{TOP}/{name}", f"{{{{Partner list|{asks}}}}}\n{{{{Partner list end}}}}")
        path = configured(wikis, Path(folder))
        full, seconds, peak_mb = run(path, wikis)
        texts = {name: aino.text(f"{TOP}/{name}") or "" for name in LISTS}
        floor = posted(aino, texts)
        run(path, wikis)  # reads what the first one left
        noop, noop_seconds, _ = run(path, wikis)
        changed = change(aino)
        before = {name: aino.revision(f"{TOP}/{name}") for name in LISTS}
        run(path, wikis)
        edited = {name for name in LISTS if aino.revision(f"{TOP}/{name}") != before[name]}
        needed = {name for name in LISTS if names(texts[name], changed)}
    record(
        "register",
        {
            "records": PARTNERS + OTHERS,
            "pages": len(LISTS),
            "pages_mb": sum(len(text.encode()) for text in texts.values()) / 1e6,
            "full_edits": len(edits(full)),
            "full_requests": len(full),
            "full_seconds": seconds,
            "full_over_floor": seconds / floor,
            "full_peak_mb": peak_mb,
            "noop_edits": len(edits(noop)),
            "noop_requests": len(noop),
            "noop_seconds": noop_seconds,
            "change_edits": len(edited),
            "change_edits_needed": len(needed),
            "change_edits_beyond_needed": len(edited - needed),
        },
    )


def import_records(wikis: Sandbox, folder: Path) -> None:
    """The records, in one go."""
    pages = "".join(
        f"<page><title>{escape(title)}</title><ns>0</ns><revision>"
        "<timestamp>2026-01-02T03:04:05Z</timestamp>"
        "<contributor><username>Imported</username></contributor>"
        f'<text xml:space="preserve">{escape(text)}</text></revision></page>'
        for title, text in records()
    )
    file = folder / "records.xml"
    head = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10">'
    file.write_text(f"{head}{pages}</mediawiki>", encoding="utf-8")
    arguments = ("--no-updates", str(file))
    run_maintenance(the_template(HOME), wikis.hub.directory, "importDump.php", *arguments)


def records() -> Iterator[tuple[str, str]]:
    """Titles and texts, as people fill in the forms."""
    for number in range(PARTNERS):
        yield f"{TOP}/Partners/Museum {number:04}", call("Partner", **partner(number))
    for number in range(OTHERS * 3 // 4):
        values = {
            "name": f"Meeting {number}",
            "kind": ("workshop", "residency", "campaign")[number % 3],
            "start": f"20{number % 26:02}-0{1 + number % 9}",
            "partners": f"Museum {number:04}",
            "country": COUNTRIES[number % len(COUNTRIES)],
        }
        yield f"{TOP}/Activities/Meeting {number}", call("Partnership activity", **values)
    for number in range(OTHERS - OTHERS * 3 // 4):
        values = {"name": f"Uploader {number}", "owner": f"Museum {number * 7 % PARTNERS:04}"}
        yield f"{TOP}/Tools/Uploader {number}", call("Partnership tool", **values)


def partner(number: int) -> dict[str, str]:
    """What one of them says of itself."""
    return {
        "name": f"Museum {number:04} of {TOPICS[number % 8]}",
        "kind": SORTS[number % len(SORTS)],
        "stage": STAGES[number % len(STAGES)],
        "country": COUNTRIES[number * 7 % len(COUNTRIES)],
        "region": f"Region {number % 40}",
        "languages": "sv, en",
        "topics": f"{TOPICS[number % 8]}, {TOPICS[(number // 8 + 1) % 8]}",
        "website": f"https://museum{number}.example/about",
        "team": f"Wikimedians {number % 50}",
        "mediators": f"Mediator {number % 60}",
        "contacts": f"Contact {number}",
        "priority": ("high", "medium", "low")[number % 3],
        "since": f"20{10 + number % 15}-0{1 + number % 9}",
    }


def call(template: str, **values: str) -> str:
    """A template as a form leaves it."""
    return f"{{{{{template}\n" + "".join(f"| {n} = {v}\n" for n, v in values.items()) + "}}"


def configured(wikis: Sandbox, folder: Path) -> Path:
    """A hub.yaml for the hub wiki alone, with the kinds as they ship but without their pages."""
    kinds = folder / "records"
    kinds.mkdir()
    for path in sorted(KINDS.glob("*.yaml")):
        kind = yaml.safe_load(path.read_text(encoding="utf-8"))
        kind.pop("pages", None)
        (kinds / path.name).write_text(yaml.safe_dump(kind, sort_keys=False), encoding="utf-8")
    shutil.copy(KINDS.parent / "licences.yaml", folder)
    agreed = {"opt_in": "Project:Opt-in", "bot_approval": "Project:Approval"}
    sites = {"hub": {"api": wikis.hub.api, "approvals": {"register": agreed}}}
    limits = {"edits_per_minute": 0}
    return write_config(wikis, folder / "hub.yaml", sites=sites, limits=limits)


def run(path: Path, wikis: Sandbox) -> tuple[list[Request], float, float]:
    """One run, as the command makes it: its requests after login, seconds, most megabytes."""
    mark, began = wikis.hub.mark(), time.monotonic()
    command = [sys.executable, "-m", "bots.cli", "--config", str(path), "run", "register"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if process.returncode:
        raise SystemExit(f"The run ended with status {process.returncode}")
    found = wikis.hub.requests_since(mark)
    logins = [at for at, request in enumerate(found) if request.parameters.get("action") in LOGIN]
    return found[logins[-1] + 1 :] if logins else found, seconds, used.ru_maxrss / 1024


def posted(person: Client, texts: Mapping[str, str]) -> float:
    """Seconds in which the same texts are posted to other pages, and nothing else is done."""
    for name in texts:
        person.edit(f"Floor/{name}", "begun")
    began = time.monotonic()
    for name, text in texts.items():
        person.edit(f"Floor/{name}", text)
    return time.monotonic() - began


def change(person: Client) -> list[str]:
    """Somebody corrects the names of some partners; the titles of their pages."""
    # All of one kind, one stage and one country: there are lists on which none of them is.
    titles = [f"{TOP}/Partners/Museum {at * 240 % PARTNERS:04}" for at in range(CHANGED)]
    for title in titles:
        text = person.text(title) or ""
        person.edit(title, text.replace(" of churches\n", " of churches and chapels\n"))
    return titles


def names(text: str, titles: Iterable[str]) -> bool:
    """Whether a page names one of these."""
    return any(f"[[{title}|" in text for title in titles)


if __name__ == "__main__":
    main()
