"""What the stand-in's Action API does that no recording shows, as Wikibase documents it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.client import Client, RefusedError
from sandbox.wikibase.server import Wikibase
from sandbox.wikibase.state import SEEDER


@pytest.fixture(autouse=True)
def properties(standin: Wikibase) -> None:
    """A property of each data type that is used here."""
    kinds = {"P1": "string", "P2": "wikibase-item", "P3": "globe-coordinate", "P4": "quantity"}
    for number, datatype in kinds.items():
        standin.state.seed({"id": number, "type": "property", "datatype": datatype})


def _statement(value: Any, prop: str = "P1", kind: str = "string", **more: Any) -> dict[str, Any]:
    snak = {"snaktype": "value", "property": prop, "datavalue": {"value": value, "type": kind}}
    return {"mainsnak": snak, "type": "statement", "rank": "normal", **more}


def _label(text: str, language: str = "en") -> dict[str, Any]:
    return {"labels": {language: {"language": language, "value": text}}}


def _edit(client: Client, data: Any, **more: Any) -> dict[str, Any]:
    more = more if "id" in more else {"new": "item", **more}
    entity = client.post(action="wbeditentity", data=json.dumps(data), **more)["entity"]
    assert isinstance(entity, dict)
    return entity


def _values(standin: Wikibase, item: str, prop: str = "P1") -> list[Any]:
    groups = standin.state.entity(item)[1]["claims"]
    return [one["mainsnak"]["datavalue"]["value"] for one in groups.get(prop, [])]


def test_exact_numbers_survive_the_way_in_and_out(standin: Wikibase, bot: Client) -> None:
    amounts = ["+123456789012345678901", "+0.00000000190", "-27000000000000000000000000000000000"]
    claims = [_statement({"amount": one, "unit": "1"}, "P4", "quantity") for one in amounts]
    place = {"latitude": 52, "longitude": 4.5, "precision": 1e-9, "globe": "http://x.org/Q2"}
    claims.append(_statement(place, "P3", "globecoordinate"))

    made = _edit(bot, {"claims": claims})

    assert [one["amount"] for one in _values(standin, made["id"], "P4")] == amounts
    asked = {"action": "wbgetentities", "ids": made["id"], "format": "json"}
    text = bot._http.get(standin.api, params=asked, timeout=10).text
    assert '"latitude":52,"longitude":4.5' in text
    assert '"precision":1.0e-9' in text


def test_somevalue_novalue_qualifiers_and_references_are_kept_in_their_order(bot: Client) -> None:
    unknown = {"snaktype": "somevalue", "property": "P2"}
    nothing = {"snaktype": "novalue", "property": "P1"}
    statement = {
        **_statement("v"),
        "qualifiers": {"P1": [nothing], "P2": [unknown]},
        "qualifiers-order": ["P2", "P1"],
        "references": [{"snaks": {"P2": [unknown], "P1": [nothing]}, "snaks-order": ["P1", "P2"]}],
    }

    (made,) = _edit(bot, {"claims": [statement]})["claims"]["P1"]

    assert made["qualifiers-order"] == ["P2", "P1"]
    assert made["references"][0]["snaks-order"] == ["P1", "P2"]
    assert made["qualifiers"]["P2"][0]["snaktype"] == "somevalue"


def test_a_stale_edit_of_a_statement_loses_the_other_users_value(
    standin: Wikibase, bot: Client, person: Client
) -> None:
    made = _edit(bot, {"claims": [_statement("A")]})
    guid = made["claims"]["P1"][0]["id"]
    person.post(action="wbsetclaimvalue", claim=guid, snaktype="value", value='"by a person"')

    sent = {"claims": [{**_statement("by the bot"), "id": guid}]}
    answer = bot.post(
        action="wbeditentity", id=made["id"], data=json.dumps(sent), baserevid=made["lastrevid"]
    )

    names = [one["name"] for one in answer["warnings"]["wbeditentity"]["messages"]]
    assert names == ["wikibase-conflict-patched"]
    assert _values(standin, made["id"]) == ["by the bot"]


def test_a_stale_edit_of_another_statement_is_patched_in(
    standin: Wikibase, bot: Client, person: Client
) -> None:
    made = _edit(bot, {"claims": [_statement("A"), _statement("B")]})
    first, second = (one["id"] for one in made["claims"]["P1"])
    person.post(action="wbsetclaimvalue", claim=second, snaktype="value", value='"by a person"')

    sent = {"claims": [{**_statement("by the bot"), "id": first}]}
    _edit(bot, sent, id=made["id"], baserevid=made["lastrevid"])

    assert _values(standin, made["id"]) == ["by the bot", "by a person"]


def test_a_statement_with_an_id_of_ours_is_stored_once(standin: Wikibase, bot: Client) -> None:
    made = _edit(bot, {})["id"]
    sent = {"claims": [{**_statement("v"), "id": f"{made}$11111111-2222-3333-4444-555555555555"}]}

    first = _edit(bot, sent, id=made)
    again = _edit(bot, sent, id=made)

    assert again["nochange"] is True
    assert again["lastrevid"] == first["lastrevid"]
    assert _values(standin, made) == ["v"]


def test_a_merge_leaves_a_redirect_which_is_followed(
    standin: Wikibase, bot: Client, admin: Client
) -> None:
    target = _edit(bot, {**_label("same"), "claims": [_statement("A")]})["id"]
    source = _edit(bot, {**_label("other"), "claims": [_statement("A"), _statement("B")]})["id"]

    merged = bot.post(action="wbmergeitems", fromid=source, toid=target)

    assert merged["redirected"] == 1
    asked = bot.ask(action="wbgetentities", ids=source)["entities"]
    assert asked[target]["redirects"] == {"from": source, "to": target}
    assert _values(standin, target) == ["A", "B"]
    assert asked[target]["aliases"]["en"][0]["value"] == "other"
    edited = _edit(bot, _label("by way of the redirect"), id=source)
    assert edited["id"] == target
    shown = bot.ask(action="query", prop="info", titles=source)["query"]["pages"][0]
    assert shown["redirect"] is True


def test_a_redirect_to_a_redirect_is_not_followed(bot: Client) -> None:
    first, second, third = (_edit(bot, _label(text))["id"] for text in ("a", "b", "c"))
    bot.post(action="wbmergeitems", fromid=first, toid=second)
    bot.post(action="wbmergeitems", fromid=second, toid=third)

    asked = bot.ask(action="wbgetentities", ids=f"{first}|{second}")["entities"]
    assert asked[first] == {"id": first, "missing": ""}
    assert asked[third]["redirects"] == {"from": second, "to": third}


def test_the_log_tells_of_new_pages_that_are_deleted_too(standin: Wikibase, bot: Client) -> None:
    first, second = (_edit(bot, _label(text), summary=text)["id"] for text in ("a", "b"))
    standin.state.delete(first, SEEDER, "gone")

    asked = {"list": "logevents", "letype": "create", "leuser": "HubBot", "lenamespace": 0}
    told = bot.ask(action="query", **asked, ledir="newer")["query"]["logevents"]
    assert [(each["title"], each["comment"].rpartition("*/ ")[2]) for each in told] == [
        (first, "a"),
        (second, "b"),
    ]
    assert bot.ask(action="query", **{**asked, "lenamespace": 2})["query"]["logevents"] == []


def test_a_redirect_can_be_made_of_an_empty_item_only(standin: Wikibase, bot: Client) -> None:
    full, empty, target = _edit(bot, _label("x"))["id"], _edit(bot, {})["id"], _edit(bot, {})["id"]

    with pytest.raises(RefusedError, match="origin-not-empty"):
        bot.post(action="wbcreateredirect", **{"from": full, "to": target})
    bot.post(action="wbcreateredirect", **{"from": empty, "to": target})

    assert standin.state.resolve(empty) == target


def test_a_history_is_read_in_parts_both_ways(bot: Client) -> None:
    made = _edit(bot, {})["id"]
    for number in range(11):
        bot.post(action="wbsetlabel", id=made, language="en", value=f"x{number}")

    found: dict[str, list[int]] = {}
    for direction in ("older", "newer"):
        more: dict[str, Any] = {}
        while True:
            asked = {"prop": "revisions", "rvlimit": 5, "rvdir": direction, "rvprop": "ids"}
            answer = bot.ask(action="query", titles=made, **asked, **more)
            page = answer["query"]["pages"][0]
            found.setdefault(direction, []).extend(one["revid"] for one in page["revisions"])
            if "continue" not in answer:
                break
            more = answer["continue"]

    assert len(found["older"]) == 12
    assert found["older"] == found["newer"][::-1] == sorted(found["older"], reverse=True)


def test_histories_of_several_pages_are_refused_and_contents_come_by_revids(bot: Client) -> None:
    made = [_edit(bot, _label(f"item {number}")) for number in range(3)]
    titles = "|".join(one["id"] for one in made)

    with pytest.raises(RefusedError, match="invalidparammix"):
        bot.ask(action="query", prop="revisions", titles=titles, rvlimit=2)
    wanted = "|".join(str(one["lastrevid"]) for one in made)
    asked = {"prop": "revisions", "rvprop": "ids|content", "rvslots": "main"}
    answer = bot.ask(action="query", revids=f"{wanted}|99999", **asked)

    assert answer["query"]["badrevids"] == [{"revid": 99999, "missing": True}]
    for page in answer["query"]["pages"]:
        content = json.loads(page["revisions"][0]["slots"]["main"]["content"])
        assert content["id"] == page["title"]
        assert content["labels"]["en"]["value"].startswith("item")


def test_a_user_and_a_time_narrow_a_history(bot: Client, person: Client) -> None:
    made = _edit(bot, {})["id"]
    person.post(action="wbsetlabel", id=made, language="en", value="by a person")

    asked = {"action": "query", "prop": "revisions", "titles": made, "rvlimit": 5}
    by_person = bot.ask(**asked, rvuser="PlainUser")["query"]["pages"][0]["revisions"]
    by_others = bot.ask(**asked, rvexcludeuser="PlainUser")["query"]["pages"][0]["revisions"]
    later = bot.ask(**asked, rvend="2999-01-01T00:00:00Z")["query"]["pages"][0]

    assert [one["user"] for one in by_person] == ["PlainUser"]
    assert [one["user"] for one in by_others] == ["HubBot"]
    assert "revisions" not in later or later["revisions"] == []


def test_statements_are_searched_only_where_the_extension_is_listed(
    standin: Wikibase, bot: Client
) -> None:
    made = _edit(bot, {"claims": [_statement("needle")]})["id"]
    asked = {"action": "query", "list": "search", "srsearch": "haswbstatement:P1=needle"}

    assert bot.ask(**asked)["query"]["search"] == []
    standin.settings.cirrus_search = True

    assert [one["title"] for one in bot.ask(**asked)["query"]["search"]] == [made]
    site = bot.ask(action="query", meta="siteinfo", siprop="extensions")["query"]["extensions"]
    assert "WikibaseCirrusSearch" in [one["name"] for one in site]


def test_an_undo_brings_back_what_was_there_and_is_tagged(
    standin: Wikibase, bot: Client, person: Client
) -> None:
    made = _edit(bot, {"claims": [_statement("A")]})
    guid = made["claims"]["P1"][0]["id"]
    removed = bot.post(action="wbremoveclaims", claim=guid)["pageinfo"]["lastrevid"]
    bot.post(action="wbsetlabel", id=made["id"], language="en", value="kept")

    person.post(action="edit", title=made["id"], undo=removed)

    page = standin.state.page(made["id"])
    assert page is not None
    undo, _, undone, _ = standin.state.history(page.id)
    assert (undo.tags, undone.tags) == (("mw-undo",), ("mw-reverted",))
    assert undo.comment == f"/* undo:0||{removed}|HubBot */"
    assert _values(standin, made["id"]) == ["A"]
    assert standin.state.entity(made["id"])[1]["labels"]["en"]["value"] == "kept"


def test_a_rollback_takes_all_of_a_users_last_edits_back(
    standin: Wikibase, bot: Client, person: Client, admin: Client
) -> None:
    made = _edit(person, _label("good"))["id"]
    for text in ("bad", "worse"):
        bot.post(action="wbsetlabel", id=made, language="en", value=text)
    token = admin.ask(action="query", meta="tokens", type="rollback")["query"]["tokens"]

    admin.post(action="rollback", title=made, user="HubBot", token=token["rollbacktoken"])

    page = standin.state.page(made)
    assert page is not None
    tags = [one.tags for one in standin.state.history(page.id)]
    assert tags == [("mw-rollback",), ("mw-reverted",), ("mw-reverted",), ()]
    assert standin.state.entity(made)[1]["labels"]["en"]["value"] == "good"


def test_a_partial_block_binds_on_its_page_only(bot: Client, admin: Client) -> None:
    first, second = _edit(bot, _label("first"))["id"], _edit(bot, _label("second"))["id"]
    admin.post(action="block", user="HubBot", partial=1, pagerestrictions=first)

    with pytest.raises(RefusedError, match="permissiondenied"):
        bot.post(action="wbsetlabel", id=first, language="en", value="x")
    bot.post(action="wbsetlabel", id=second, language="en", value="x")

    admin.post(action="unblock", user="HubBot")
    bot.post(action="wbsetlabel", id=first, language="en", value="x")


def test_a_deleted_item_can_be_brought_back(standin: Wikibase, bot: Client, admin: Client) -> None:
    made = _edit(bot, _label("gone"))["id"]
    admin.post(action="delete", title=made)
    assert not standin.state.exists(made)
    assert bot.ask(action="wbsearchentities", search="gone", language="en")["search"] == []

    admin.post(action="undelete", title=made)

    assert standin.state.entity(made)[1]["labels"]["en"]["value"] == "gone"
    assert len(bot.ask(action="wbsearchentities", search="gone", language="en")["search"]) == 1


def test_a_lost_session_is_told_only_to_who_asserts(standin: Wikibase, bot: Client) -> None:
    made = _edit(bot, {})["id"]
    standin.accounts.log_everybody_out()

    with pytest.raises(RefusedError, match="badtoken"):
        bot.post(action="wbsetlabel", id=made, language="en", value="x")
    with pytest.raises(RefusedError, match="assertbotfailed"):
        bot.post(action="wbsetlabel", id=made, **{"language": "en", "value": "x", "assert": "bot"})


def test_mul_is_a_language_of_labels_only_where_it_is_switched_on(
    standin: Wikibase, bot: Client
) -> None:
    assert _edit(bot, _label("everywhere", "mul"))["labels"]["mul"]["value"] == "everywhere"
    with pytest.raises(RefusedError, match="not-recognized-language"):
        _edit(bot, {"descriptions": {"mul": {"language": "mul", "value": "x"}}})

    standin.settings.mul = False

    with pytest.raises(RefusedError, match="not-recognized-language"):
        _edit(bot, _label("nowhere", "mul"))


def test_a_mediainfo_entity_keeps_its_statements_under_their_own_name(
    standin: Wikibase, bot: Client
) -> None:
    standin.state.seed({"id": "M5", "type": "mediainfo", "statements": {}})

    edited = _edit(bot, {"claims": [_statement("depicted")]}, id="M5")

    assert [one["mainsnak"]["property"] for one in edited["statements"]["P1"]] == ["P1"]
    assert "claims" not in edited
    asked = bot.ask(action="wbgetentities", ids="M5")["entities"]["M5"]
    assert asked["statements"] == edited["statements"]
