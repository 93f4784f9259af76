"""The wiki's plain pages for people: an entity, its history and diffs, and forms to edit it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, FileSystemLoader

from sandbox.wikibase import entities, forms
from sandbox.wikibase.action.summaries import plain
from sandbox.wikibase.entitydata import concept, entity_data
from sandbox.wikibase.http import Request, Response
from sandbox.wikibase.phpjson import dumps
from sandbox.wikibase.state import WIKITEXT, Page, Revision
from sandbox.wikibase.titles import normal

if TYPE_CHECKING:
    from sandbox.wikibase.server import Wikibase

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
)
_SECURE = {
    "Content-Type": "text/html; charset=UTF-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
_MOST = 200
"""How many entries a list has."""


def handle(request: Request, wikibase: Wikibase) -> Response:
    """Answer a request for a page, or one that a form sent."""
    if request.path.startswith("/wiki/Special:EntityData/"):
        return entity_data(request, wikibase)
    if request.path.startswith("/entity/"):
        return concept(request.path, wikibase)
    given = dict(parse_qsl(request.query, keep_blank_values=True))
    if request.path == "/w/index.php":
        title = given.get("title", "Main_Page")
    elif request.path.startswith("/wiki/"):
        title = request.path.removeprefix("/wiki/")
    elif request.path == "/":
        title = "Main_Page"
    else:
        return Response(404, b"Not found", {"Content-Type": "text/plain; charset=UTF-8"})
    visit = Visit(request, wikibase, given)
    if title == "Special:UserLogin":
        return visit.login()
    if title == "Special:UserLogout":
        return visit.logout()
    if request.method == "POST":
        return visit.post(title)
    return visit.show(title)


class Visit:
    """A person's request for a page."""

    def __init__(self, request: Request, wikibase: Wikibase, given: dict[str, str]) -> None:
        self.request = request
        self.wikibase = wikibase
        self.given = given
        self.session = wikibase.session(request)
        self.form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))

    # what is sent

    def login(self) -> Response:
        """The form to log in, or what came of it."""
        accounts = self.wikibase.accounts
        key = self.session.key
        cookies: tuple[str, ...] = ()
        if not key:
            key = accounts.open_session()
            cookies = (f"{self.wikibase.cookie}={key}; path=/; HttpOnly; SameSite=Lax",)
        session = accounts.session(key, self.request.ip)
        token = accounts.token(session, "login")
        problem = ""
        if self.request.method == "POST":
            name, password = self.form.get("name", ""), self.form.get("password", "")
            if self.form.get("token") != token:
                problem = "The form was too old: please send it again."
            elif accounts.login(key, name, password, bot_passwords=False):
                return Response(303, b"", {"Location": "/wiki/Main_Page"})
            else:
                problem = "Incorrect username or password entered. Please try again."
        facts = {"title": "Log in", "token": token, "problem": problem}
        return self._page("login.html", 200, facts, cookies)

    def logout(self) -> Response:
        """Log out."""
        if self.request.method == "POST" and self._token_holds():
            self.wikibase.accounts.logout(self.session.key)
        return Response(303, b"", {"Location": "/wiki/Main_Page"})

    def post(self, title: str) -> Response:
        """Save what a form has sent, and show the page again."""
        full = normal(title, self.wikibase.settings) or title
        if not self._token_holds():
            return self.show(title, "The form was too old: please send it again.", status=403)
        action = self.given.get("action", "")
        problem = forms.save(action, full, self.form, self.session, self.wikibase)
        if problem:
            return self.show(title, problem, status=400)
        return Response(303, b"", {"Location": f"/wiki/{quote(full.replace(' ', '_'))}"})

    def _token_holds(self) -> bool:
        return self.form.get("token") == self.wikibase.accounts.token(self.session)

    # what is shown

    def show(self, title: str, problem: str = "", status: int = 200) -> Response:
        """A page, its history, a diff, or one of the lists."""
        full = normal(title, self.wikibase.settings) or "Main Page"
        if full in ("Main Page", "Special:Search"):
            return self._main()
        if full == "Special:RecentChanges":
            found = self.wikibase.state.select_revisions(
                f"p.gone = 0 order by r.id desc limit {_MOST}"
            )
            return self._page("revisions.html", 200, {"title": full, "revisions": found})
        page = self.wikibase.state.page_titled(full)
        there = page is not None and not page.deleted and bool(page.latest)
        if page is None or not there:
            facts = {"title": full, "exists": False, "text": "", "problem": problem}
            editable = self.given.get("action") == "edit" or bool(problem)
            return self._page("text.html", 404, {**facts, "editable": editable})
        if self.given.get("action") == "history":
            history = [(one, page) for one in self.wikibase.state.history(page.id)[:_MOST]]
            facts = {"title": f"History of {full}", "revisions": history}
            return self._page("revisions.html", 200, facts)
        if self.given.get("diff", "").isdecimal():
            return self._diff(page, int(self.given["diff"]))
        return self._latest(page, problem, status)

    def _main(self) -> Response:
        words = self.given.get("search", "").strip()
        state = self.wikibase.state
        if words:
            rows = state.rows(
                "select distinct p.title, t.text from page p left join term t on"
                " t.entity = p.entity and t.kind = 'label' where p.gone = 0 and"
                " (p.entity = ? or instr(t.lower, ?)) order by p.id limit ?",
                words.upper(), words.lower(), _MOST,
            )  # fmt: skip
        else:
            rows = state.rows(
                "select p.title, min(t.text) from page p left join term t on t.entity = p.entity"
                " and t.kind = 'label' where p.gone = 0 group by p.id order by p.id desc limit ?",
                _MOST,
            )
        facts = {"title": "Main Page", "search": words, "found": rows}
        return self._page("main.html", 200, facts)

    def _latest(self, page: Page, problem: str, status: int) -> Response:
        state = self.wikibase.state
        if page.redirect is not None and "redirect" not in self.given:
            return Response(302, b"", {"Location": f"/wiki/{quote(page.redirect)}"})
        wanted = self.given.get("oldid", "")
        revision = state.revision(int(wanted) if wanted.isdecimal() else page.latest)
        if revision is None or revision.page != page.id:
            return self._page("text.html", 404, {"title": page.title, "exists": False, "text": ""})
        if page.model == WIKITEXT or page.redirect is not None:
            facts = {"title": page.title, "exists": True, "text": revision.content}
            editable = page.model == WIKITEXT
            return self._page(
                "text.html", status, {**facts, "editable": editable, "problem": problem}
            )
        content = state.content(revision)
        languages: dict[str, None] = {}
        for field in ("labels", "descriptions", "aliases"):
            languages |= dict.fromkeys(content.get(field) or {})
        labels = content.get("labels") or {}
        label = next((labels[code]["value"] for code in ("en", *labels) if code in labels), "")
        facts = {
            "title": page.title,
            "label": label,
            "content": content,
            "revision": revision,
            "languages": list(languages),
            "groups": list(self._groups(content)),
            "problem": problem,
        }
        return self._page("entity.html", status, facts)

    def _groups(self, content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for prop, group in content[entities.claims_field(content)].items():
            statements = [self._statement(one) for one in group]
            yield {"name": self._named(prop), "statements": statements}

    def _statement(self, statement: Mapping[str, Any]) -> dict[str, Any]:
        qualifiers = entities.flat_snaks(
            statement.get("qualifiers"), statement.get("qualifiers-order")
        )
        references = statement.get("references") or []
        return {
            "id": statement["id"],
            "rank": statement["rank"],
            "value": self._shown(statement["mainsnak"]),
            "editable": forms.editable(statement["mainsnak"]),
            "qualifiers": [self._told(snak) for snak in qualifiers],
            "references": [
                [self._told(snak) for group in one["snaks"].values() for snak in group]
                for one in references
            ],
        }

    def _told(self, snak: Mapping[str, Any]) -> str:
        return f"{self._named(snak['property'])}: {self._shown(snak)}"

    def _shown(self, snak: Mapping[str, Any]) -> str:
        found = re.fullmatch(r"\[\[(?:Property:)?([QP]\d+)\]\]", plain(snak))
        return self._named(found[1]) if found else plain(snak)

    def _named(self, entity: str) -> str:
        row = self.wikibase.state.first(
            "select text from term where entity = ? and kind = 'label'"
            " order by language != 'en' limit 1",
            entity,
        )
        return f"{row[0]} ({entity})" if row else entity

    def _diff(self, page: Page, number: int) -> Response:
        state = self.wikibase.state
        new = state.revision(number)
        old = state.revision(new.parent) if new else None
        if new is None or old is None or new.page != page.id:
            return self._page("text.html", 404, {"title": page.title, "exists": False, "text": ""})
        before, after = (dict(_flat(_content(state.content(one), one))) for one in (old, new))
        changes = [
            (where, before.get(where, ""), after.get(where, ""))
            for where in {**before, **after}
            if before.get(where) != after.get(where)
        ]
        facts = {"title": f"Difference in {page.title}", "page": page, "old": old, "new": new}
        return self._page("diff.html", 200, {**facts, "changes": changes})

    def _page(
        self, template: str, status: int, facts: Mapping[str, Any], cookies: tuple[str, ...] = ()
    ) -> Response:
        common = {
            "site": self.wikibase.settings.site_name,
            "user": self.session.user.name if self.session.user else "",
            "token": self.wikibase.accounts.token(self.session),
        }
        body = _TEMPLATES.get_template(template).render({**common, **facts})
        return Response(status, body.encode("utf-8", "replace"), dict(_SECURE), cookies)


def _content(content: Any, revision: Revision) -> Any:
    return {"text": content} if revision.model == WIKITEXT else content


def _flat(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """A value as places and texts; a statement's place is its id, not its index."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key != "hash":
                yield from _flat(part, f"{where}/{key}" if where else key)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            number = part.get("id", index) if isinstance(part, Mapping) else index
            yield from _flat(part, f"{where}/{number}")
    else:
        yield where, value if isinstance(value, str) else dumps(value)
