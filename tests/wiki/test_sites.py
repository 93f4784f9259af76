"""Opening wikis: who we are there, how many requests it takes, and what is said when it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bots.core.config import ConfigError, HubConfig
from bots.core.messages import Message
from bots.core.outcome import Deferred, NotReachedError, Refused
from bots.core.plan import Edit, PageText, Target
from bots.wiki.desk import Desk
from bots.wiki.sites import CredentialsError, Wikis
from sandbox import faults
from sandbox.mediawiki import Sandbox, Wiki
from sandbox.proxy import FaultProxy


def changed(config: HubConfig, **site: object) -> HubConfig:
    """The configuration with another hub wiki in it."""
    hub = config.sites["hub"].model_copy(update=site)
    return config.model_copy(update={"sites": {**config.sites, "hub": hub}})


def test_nothing_is_asked_before_a_wiki_is_used(hub_config: HubConfig, hub_wiki: Wiki) -> None:
    mark = hub_wiki.mark()
    wikis = Wikis(hub_config)
    assert wikis["hub"] is wikis["hub"]
    assert hub_wiki.requests_since(mark) == []


@pytest.mark.usefixtures("logged_out")
def test_logging_in_takes_three_requests(hub_config: HubConfig, hub_wiki: Wiki) -> None:
    mark = hub_wiki.mark()
    wiki = Wikis(hub_config)["hub"]
    account = wiki.log_in()
    assert (account.name, account.bot, account.blocked) == ("HubBot", True, False)
    assert wiki.batch == 500
    assert wiki.info.max_article_bytes == 2048 * 1024
    assert (wiki.language, wiki.account) == ("en", account)
    asked = hub_wiki.requests_since(mark)
    assert [request.parameters["action"] for request in asked] == ["query", "login", "query"]
    assert all("https://hubbot.example/contact" in request.agent for request in asked)
    assert "password" not in "".join(request.uri for request in asked)


def test_several_wikis_of_one_host_are_open_at_once(wikis: Wikis, sandbox_wikis: Sandbox) -> None:
    for _ in range(2):
        for key in ("hub", "media", "sv"):
            answer = wikis[key].api({"action": "query", "meta": "userinfo"})
            assert answer["query"]["userinfo"]["name"] == "HubBot"
    assert wikis["sv"].language == "sv"
    mark = sandbox_wikis.sv.mark()
    wikis["sv"].api({"action": "query", "meta": "userinfo"})
    assert len(sandbox_wikis.sv.requests_since(mark)) == 1


@pytest.mark.usefixtures("logged_out")
def test_a_wiki_behind_a_proxy_is_a_wiki(proxied_config: HubConfig, proxy: FaultProxy) -> None:
    wiki = Wikis(proxied_config)["hub"]
    assert wiki.log_in().bot
    assert proxy.count(faults.is_login) == 1


def test_links_lead_to_where_people_are(
    wikis: Wikis, hub_config: HubConfig, sandbox_wikis: Sandbox
) -> None:
    sv = sandbox_wikis.sv.url
    assert wikis["sv"].page_url("Projekt:Åse b?/c&d") == f"{sv}/wiki/Projekt:%C3%85se_b%3F/c%26d"
    assert wikis["sv"].diff_url(7) == f"{sv}/w/index.php?diff=7"
    hub = Wikis(changed(hub_config, index_url="https://meta.example/w/index.php"))["hub"]
    assert hub.page_url("A&b c") == "https://meta.example/w/index.php?title=A%26b+c"
    assert hub.diff_url(7) == "https://meta.example/w/index.php?diff=7"


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("A", (0, "A")),
        ("A: b", (0, "A: b")),
        ("användardiskussion: A:b", (3, "A:b")),
        ("User_talk:A", (3, "A")),
        ("User talk:_A", (3, "A")),
    ],
)
def test_a_namespace_has_many_names(wikis: Wikis, title: str, parts: tuple[int, str]) -> None:
    assert wikis["sv"].namespace(title) == parts


@pytest.mark.usefixtures("logged_out")
def test_a_wrong_password_is_said_and_ends_the_run(hub_config: HubConfig, tmp_path: Path) -> None:
    file = tmp_path / "accounts.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"bot": {"username": "HubBot@hubbot", "password": "x" * 32}}))
    wiki = Wikis(hub_config.model_copy(update={"credentials": str(file)}))["hub"]
    with pytest.raises(NotReachedError) as caught:
        wiki.log_in()
    refused = caught.value.outcome
    assert isinstance(refused, Refused)
    assert (refused.code, refused.run_continues) == ("login-failed", False)
    assert "x" * 32 not in str(caught.value)


def test_the_right_password_of_the_wrong_account_is_refused(hub_config: HubConfig) -> None:
    wiki = Wikis(hub_config.model_copy(update={"account": "OtherBot"}))["hub"]
    with pytest.raises(NotReachedError, match="takes us for 'HubBot'") as caught:
        wiki.log_in()
    assert isinstance(caught.value.outcome, Refused)


def test_without_a_password_a_wiki_is_read_and_not_written(
    hub_config: HubConfig, tmp_path: Path
) -> None:
    program = (
        "import sys\n"
        "from bots.core.config import HubConfig\n"
        "from bots.core.messages import Message\n"
        "from bots.core.plan import Edit, PageText, Target\n"
        "from bots.wiki.desk import Desk\n"
        "from bots.wiki.sites import Wikis\n"
        "wikis = Wikis(HubConfig.model_validate_json(sys.stdin.read()))\n"
        "desk, target = Desk(wikis), Target('hub', 'Without a password')\n"
        "outcome = desk.write(Edit(target=target, change=PageText(text='x'),"
        " summary=Message('x')), 'x')\n"
        "print(desk.read(target).exists, wikis['hub'].batch, outcome.code)\n"
    )
    config = hub_config.model_copy(update={"credentials": None})
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=config.model_dump_json(by_alias=True),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "50", "no-account"]
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("mode", "text", "said"),
    [
        (0o644, '{"bot": {"username": "A@b", "password": "s3cret"}}', "chmod 600"),
        (0o600, '{"bot": {"username": "A@b", "passwort": "s3cret"}}', "is not JSON with"),
        (0o600, '{"bot": {"username": "A@b", "password": "s3cret"', "is not JSON with"),
        (0o600, '{"bot": {"username": "A", "password": "s3cret"}}', "ACCOUNT@APP"),
        (None, "", "can't be read (No such file or directory)"),
    ],
)
def test_a_file_of_passwords_that_cant_be_used_is_said_without_its_secrets(
    hub_config: HubConfig, tmp_path: Path, mode: int | None, text: str, said: str
) -> None:
    file = tmp_path / "accounts.json"
    if mode is not None:
        file.write_text(text)
        file.chmod(mode)
    config = hub_config.model_copy(update={"credentials": "accounts.json", "folder": tmp_path})
    with pytest.raises(CredentialsError) as caught:
        Wikis(config)["hub"]
    assert said in str(caught.value)
    assert "accounts.json" in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ({"api": None, "family": "nosuch", "code": "en"}, "nosuch"),
        ({"api": None, "family": "wikipedia", "code": "nosuch"}, "no code 'nosuch'"),
        ({"api": "http://wiki.example/w/api.php"}, "in clear"),
        ({"api": "ftp://127.0.0.1/w/api.php"}, "not the address"),
        ({"api": "https:///w/api.php"}, "not the address"),
    ],
)
def test_a_site_that_cant_be_named_so_is_a_fault_of_the_configuration(
    hub_config: HubConfig, site: dict[str, str | None], said: str
) -> None:
    with pytest.raises(ConfigError, match=r"sites\.hub") as caught:
        Wikis(changed(hub_config, **site))["hub"]
    assert said in str(caught.value)


def test_a_site_is_named_by_family_and_code(hub_config: HubConfig) -> None:
    assert Wikis(changed(hub_config, api=None, family="wikidata", code="test"))["hub"].key == "hub"


def test_a_site_that_is_not_configured_is_a_fault_of_the_program(wikis: Wikis) -> None:
    with pytest.raises(KeyError):
        wikis["nosuch"]


def test_a_wiki_that_is_down_is_not_reached_and_nothing_was_written(hub_config: HubConfig) -> None:
    wikis = Wikis(changed(hub_config, api="http://127.0.0.1:9/w/api.php"))
    with pytest.raises(NotReachedError) as caught:
        wikis["hub"].log_in()
    assert isinstance(caught.value.outcome, Deferred)
    edit = Edit(target=Target("hub", "X"), change=PageText(text="x"), summary=Message("x"))
    outcome = Desk(wikis).write(edit, "x")
    assert isinstance(outcome, Deferred)
    assert outcome.reason == "unavailable"


@pytest.mark.parametrize(
    "fault",
    [
        faults.HttpError(503, retry_after=0),
        faults.Truncated(announced=False),
        faults.Truncated(),
        faults.Html(),
        faults.Cut(),
        faults.maxlag(retry_after=0),
        faults.ApiError("internal_api_error_DBQueryError", "x"),
    ],
    ids=repr,
)
def test_a_reader_comes_again_and_then_gets_its_answer(
    proxied_config: HubConfig, proxy: FaultProxy, fault: faults.Fault
) -> None:
    wiki = Wikis(proxied_config)["hub"]
    wiki.log_in()
    proxy.inject(fault)
    answer = wiki.api({"action": "query", "meta": "userinfo"})
    assert answer["query"]["userinfo"]["name"] == "HubBot"


def test_a_reader_gives_up_after_three_tries(proxied_config: HubConfig, proxy: FaultProxy) -> None:
    wiki = Wikis(proxied_config)["hub"]
    wiki.log_in()
    before = proxy.count(reached=False)
    proxy.inject(faults.HttpError(503, retry_after=0), times=None)
    with pytest.raises(NotReachedError) as caught:
        wiki.api({"action": "query", "meta": "userinfo"})
    assert isinstance(caught.value.outcome, Deferred)
    assert proxy.count(reached=False) - before == 3


def test_a_wiki_that_asks_for_a_long_pause_is_not_waited_for(
    proxied_config: HubConfig, proxy: FaultProxy
) -> None:
    wiki = Wikis(proxied_config)["hub"]
    wiki.log_in()
    before = proxy.count(reached=False)
    proxy.inject(faults.HttpError(503, retry_after=3600), times=None)
    with pytest.raises(NotReachedError) as caught:
        wiki.api({"action": "query", "meta": "userinfo"})
    assert isinstance(caught.value.outcome, Deferred)
    assert proxy.count(reached=False) - before == 1


@pytest.mark.usefixtures("logged_out")
def test_a_reader_whose_session_is_lost_logs_in_again(
    proxied_config: HubConfig, proxy: FaultProxy
) -> None:
    wiki = Wikis(proxied_config)["hub"]
    wiki.log_in()
    proxy.inject(faults.SessionLost())
    answer = wiki.api({"action": "query", "meta": "userinfo"})
    assert answer["query"]["userinfo"]["name"] == "HubBot"
    assert proxy.count(faults.is_login) == 2


@pytest.mark.usefixtures("logged_out")
@pytest.mark.parametrize("saved", [False, True])
def test_a_login_whose_answer_was_lost_is_looked_at_first(
    proxied_config: HubConfig, proxy: FaultProxy, saved: bool
) -> None:
    proxy.inject(faults.Cut(saved=saved), faults.is_login)
    assert Wikis(proxied_config)["hub"].log_in().name == "HubBot"


def test_within_a_session_one_request_opens_a_wiki(
    hub_config: HubConfig, wikis: Wikis, hub_wiki: Wiki
) -> None:
    wikis["hub"].api({"action": "query", "meta": "userinfo"})
    mark = hub_wiki.mark()
    assert Wikis(hub_config)["hub"].log_in().bot
    assert len(hub_wiki.requests_since(mark)) == 1
