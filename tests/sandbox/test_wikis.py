"""The wikis of the sandbox are what bots will meet: real ones, with rights, modules and a log."""

from __future__ import annotations

import io
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from sandbox.client import Client, RefusedError
from sandbox.mediawiki import Sandbox
from sandbox.template import EXTENSIONS


@pytest.mark.parametrize(("name", "language"), [("hub", "en"), ("media", "en"), ("sv", "sv")])
def test_each_wiki_answers_in_its_language_with_all_extensions(
    shared_wikis: Sandbox, name: str, language: str
) -> None:
    wiki = getattr(shared_wikis, name)
    answer = Client(wiki).ask(action="query", meta="siteinfo", siprop="general|extensions")
    assert answer["query"]["general"]["lang"] == language
    assert answer["query"]["general"]["wikiid"] == name
    found = {one["name"].replace(" ", "") for one in answer["query"]["extensions"]}
    assert set(EXTENSIONS) <= found


def test_a_module_really_renders(wikis: Sandbox) -> None:
    coordinator = Client(wikis.hub, wikis.accounts.coordinator)
    coordinator.edit("Module:Sum", "return { of = function(f) return f.args[1] + f.args[2] end }")
    coordinator.edit("Total", "{{#invoke:Sum|of|40|2}} and {{#ifexpr: 1 > 2 | no | yes }}")
    assert "42 and yes" in requests.get(f"{wikis.hub.url}/wiki/Total", timeout=30).text


def test_the_bot_has_its_rights_by_its_bot_password_on_each_wiki(shared_wikis: Sandbox) -> None:
    for wiki in shared_wikis.wikis:
        bot = Client(wiki, shared_wikis.accounts.bot)
        me = bot.ask(action="query", meta="userinfo", uiprop="rights|groups")["query"]["userinfo"]
        assert me["name"] == "HubBot"
        assert {"bot", "apihighlimits", "noratelimit", "edit"} <= set(me["rights"])


def test_the_bots_edits_are_flagged_and_it_reads_500_pages_at_once(wikis: Sandbox) -> None:
    bot = Client(wikis.hub, wikis.accounts.bot)
    bot.edit("Flagged", "text", bot="1", assert_="bot")
    changes = bot.ask(action="query", list="recentchanges", rcprop="flags|title", rclimit="1")
    assert changes["query"]["recentchanges"][0]["bot"] is True
    titles = "|".join(f"Missing {number}" for number in range(500))
    assert len(bot.ask(action="query", titles=titles)["query"]["pages"]) == 500


def test_people_have_the_rights_of_people(wikis: Sandbox) -> None:
    coordinator = Client(wikis.sv, wikis.accounts.coordinator)
    coordinator.edit("Skyddad", "text")
    coordinator.post(action="protect", title="Skyddad", protections="edit=sysop")
    for login in (wikis.accounts.aino, wikis.accounts.bashir):
        with pytest.raises(RefusedError, match="protectedpage"):
            Client(wikis.sv, login).edit("Skyddad", "other")


def test_many_edits_of_an_ordinary_user_meet_no_rate_limit(wikis: Sandbox) -> None:
    aino = Client(wikis.hub, wikis.accounts.aino)
    for number in range(12):
        aino.edit("Often", f"edit {number}")


def test_parallel_editors_and_readers_never_find_the_database_locked(wikis: Sandbox) -> None:
    accounts = wikis.accounts
    editors = [Client(wikis.hub, login) for login in (accounts.bot, accounts.aino, accounts.bashir)]
    begin = threading.Barrier(len(editors) + 1)

    def edit(who: int) -> None:
        begin.wait()
        for number in range(15):
            editors[who].edit(f"Parallel/{who}/{number}", f"[[Category:All]] {{{{T{number}}}}}")

    def read() -> None:
        begin.wait()
        for number in range(15):
            requests.get(f"{wikis.hub.url}/wiki/Parallel/0/{number}", timeout=30).text.index(
                "</html>"
            )

    with ThreadPoolExecutor() as pool:
        tasks = [pool.submit(edit, who) for who in range(len(editors))]
        for task in [*tasks, pool.submit(read)]:
            task.result()
    found = editors[0].ask(
        action="query", list="categorymembers", cmtitle="Category:All", cmlimit="max"
    )
    assert len(found["query"]["categorymembers"]) == 45


def test_what_an_edit_brings_about_is_there_with_its_answer(wikis: Sandbox) -> None:
    aino = Client(wikis.hub, wikis.accounts.aino)
    aino.edit("Template:Box", "[[Category:Boxed]]")
    aino.edit("Boxes", "{{Box}}")
    aino.edit("Template:Box", "[[Category:Unpacked]]")
    found = aino.ask(action="query", list="categorymembers", cmtitle="Category:Unpacked")
    assert {one["title"] for one in found["query"]["categorymembers"]} == {
        "Boxes",
        "Template:Box",
    }


def test_pictures_are_uploaded_on_the_media_wiki_and_nowhere_else(wikis: Sandbox) -> None:
    upload = {"action": "upload", "filename": "Dot.png", "file": ("Dot.png", _png()), "text": "t"}
    Client(wikis.media, wikis.accounts.bot).post(**upload)
    asked = {"action": "query", "prop": "imageinfo", "iiprop": "url", "titles": "File:Dot.png"}
    page = Client(wikis.media).ask(**asked)["query"]["pages"][0]
    assert requests.get(page["imageinfo"][0]["url"], timeout=30).content == _png()
    with pytest.raises(RefusedError, match="uploaddisabled"):
        Client(wikis.hub, wikis.accounts.coordinator).post(**upload)


def test_subpages_know_their_parents_in_the_main_and_the_project_namespace(wikis: Sandbox) -> None:
    text = "{{BASEPAGENAME}} over {{SUBPAGENAME}}"
    for title in ("Requests/One", "Project:Requests/One"):
        answer = Client(wikis.hub).ask(action="parse", title=title, text=text, prop="text")
        assert "Requests over One" in answer["parse"]["text"]


def test_addresses_of_pages_scripts_and_files_all_work(wikis: Sandbox) -> None:
    Client(wikis.sv, wikis.accounts.aino).edit("Åäö?/ett", "hej")
    for path in (
        "/wiki/%C3%85%C3%A4%C3%B6%3F/ett",
        "/w/index.php/%C3%85%C3%A4%C3%B6%3F/ett",
        "/w/index.php?title=%C3%85%C3%A4%C3%B6%3F/ett",
        "/w/rest.php/v1/page/%C3%85%C3%A4%C3%B6%3F%2Fett",
        "/w/load.php?modules=startup&only=scripts&raw=1",
        "/w/resources/assets/licenses/cc-0.png",
    ):
        answer = requests.get(wikis.sv.url + path, timeout=30)
        assert answer.status_code == 200, path
        assert path.startswith(("/w/load", "/w/resources")) or "hej" in answer.text


def test_a_stale_edit_elsewhere_on_the_page_is_merged_as_on_wikimedias_wikis(
    wikis: Sandbox,
) -> None:
    aino, bot = (Client(wikis.hub, who) for who in (wikis.accounts.aino, wikis.accounts.bot))
    base = aino.edit("Merged", "one\n\ntwo\n\nthree")
    aino.edit("Merged", "one, hers\n\ntwo\n\nthree")
    bot.edit("Merged", "one\n\ntwo\n\nthree, the bot's", baserevid=base)
    assert bot.text("Merged") == "one, hers\n\ntwo\n\nthree, the bot's"


def test_the_log_tells_each_request_by_what_it_asked(wikis: Sandbox) -> None:
    bot = Client(wikis.hub, wikis.accounts.bot)
    mark = wikis.hub.mark()
    bot.ask(action="query", prop="revisions", titles="A|B|C")
    bot.ask(action="query", prop="info", titles="\x1fA|B\x1fC")
    bot.edit("A", "text", summary="not in the log")
    told = [(one.method, one.parameters) for one in wikis.hub.requests_since(mark)]
    assert told == [
        ("GET", {"action": "query", "prop": "revisions", "titles": 3}),
        ("GET", {"action": "query", "prop": "info", "titles": 2}),
        ("GET", {"action": "query", "meta": "tokens"}),
        ("POST", {"action": "edit"}),
    ]
    assert wikis.hub.requests_since(mark)[0].agent == "HubBot-sandbox"


def test_settings_change_without_a_new_installation(wikis: Sandbox) -> None:
    aino = Client(wikis.hub, wikis.accounts.aino)
    wikis.hub.override(wgReadOnly="Maintenance until noon")
    with pytest.raises(RefusedError, match="readonly"):
        aino.edit("Page", "text")
    wikis.hub.override(
        wgReadOnly=None,
        wgGroupPermissions={"*": {"createpage": False}, "user": {"createpage": False}},
    )
    with pytest.raises(RefusedError, match=r"noedit|cantcreate|createpage"):
        Client(wikis.hub, wikis.accounts.bashir).edit("Page", "text")
    assert aino.ask(action="query", meta="userinfo")["query"]["userinfo"]["name"] == "Aino"


def _png() -> bytes:
    """One red pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    picture = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    picture.seek(0, io.SEEK_END)
    picture.write(chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)))
    picture.write(chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00")))
    picture.write(chunk(b"IEND", b""))
    return picture.getvalue()
