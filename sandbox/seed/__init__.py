"""What people would have put on the hub wiki: the hub's own pages, and requests in all shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bots.core.wikitext import find_templates
from sandbox.accounts import Login
from sandbox.client import Client
from sandbox.mediawiki import Sandbox, Wiki

PAGES = Path(__file__).parents[2] / "config" / "wiki"
"""A folder a room, in it one a namespace (Main, Template …), then titles."""
REQUESTS = Path(__file__).parent / "requests.yaml"
REQUESTS_PAGE = "Partnership requests"


@dataclass(frozen=True)
class Page:
    """A page as somebody would write it; `author` is a field of `Accounts`."""

    title: str
    text: str
    author: str


def seed(wikis: Sandbox) -> list[str]:
    """Put everything on the hub wiki that isn't there yet; the titles of what was written.

    The hub's own pages are brought up to date as long as only the coordinator has edited them;
    requests are left to the people who wrote them. So a second time nothing is written.
    """
    return put(wikis, wikis.hub, [*hub_pages(), *requests()])


def put(wikis: Sandbox, wiki: Wiki, pages: Sequence[Page]) -> list[str]:
    """Put pages on one of the wikis, as `seed` does; the titles of what was written."""
    coordinator = Client(wiki, wikis.accounts.coordinator)
    there = _there(coordinator, [page.title for page in pages])
    clients = {"coordinator": coordinator}
    written: list[str] = []
    for page in pages:
        text, user = there.get(page.title, (None, ""))
        ours = page.author == "coordinator" and user == wikis.accounts.coordinator.username
        if text is not None and (text == page.text.rstrip() or not ours):
            continue
        if page.author not in clients:
            login: Login = getattr(wikis.accounts, page.author)
            clients[page.author] = Client(wiki, login)
        clients[page.author].edit(page.title, page.text)
        written.append(page.title)
    return written


def hub_pages() -> Iterator[Page]:
    """The pages that the hub publishes, templates first, and of those the ones that use no other.

    MediaWiki keeps what a page looked like for the rest of the second in which it was saved.
    """
    found = []
    for file in PAGES.glob("*/*/**/*.wikitext"):
        namespace, *names = file.relative_to(PAGES).with_suffix("").parts[1:]
        title = "/".join(names)
        title = title if namespace == "Main" else f"{namespace}:{title}"
        found.append(Page(title, file.read_text(encoding="utf-8"), "coordinator"))
    names = [page.title.removeprefix("Template:") for page in found]

    def uses(page: Page) -> int:
        return len({call.name for call in find_templates(page.text, names)})

    yield from sorted(
        found, key=lambda page: (not page.title.startswith("Template:"), uses(page), page.title)
    )


def requests() -> Iterator[Page]:
    """The requests, each by an ordinary user."""
    for each in yaml.safe_load(REQUESTS.read_text(encoding="utf-8")):
        yield Page(f"{REQUESTS_PAGE}/{each['title']}", each["text"], each["user"])


def _there(client: Client, titles: list[str]) -> dict[str, tuple[str, str]]:
    """Title → text and newest editor, of those pages that there are."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(titles), 50):
        answer = client.ask(
            action="query",
            prop="revisions",
            rvprop="user|content",
            rvslots="main",
            titles="|".join(titles[start : start + 50]),
        )
        for page in answer["query"]["pages"]:
            if not page.get("missing"):
                revision = page["revisions"][0]
                text = revision["slots"]["main"]["content"]
                found[page["title"]] = (text, revision.get("user", ""))
    return found
