"""Sources on the web: fetched once, whole, and never from inside a private network."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bots.datasets.facts import Row
from bots.datasets.source import Fetcher, SourceError
from bots.datasets.source.fetching import public
from tests.datasets.source.conftest import Site
from tests.datasets.source.parts import NOW, RECORDS, keys, opened, tabular, words

CSV = tabular(RECORDS)


Refusal = Callable[..., list[str]]


@pytest.fixture
def refusal(tmp_path: Path, fetcher: Fetcher) -> Refusal:
    """The messages with which a source on the web is refused."""

    def refuse(url: str, by: Fetcher = fetcher, **config: Any) -> list[str]:
        with pytest.raises(SourceError) as refused:
            opened(url, by, base=tmp_path, **config)
        assert all(words(fault) for fault in refused.value.faults)
        return keys(refused.value.faults)

    return refuse


def test_a_package_on_the_web_is_read_with_its_file_and_says_who_asks(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.put("/p/m.csv", CSV, etag='"1"', last_modified="Sat, 21 Feb 2026 10:00:00 GMT")
    source = opened(site.package(), fetcher, base=tmp_path)
    assert len(list(source.rows())) == 3
    assert (source.release.etag, source.release.modified[:16]) == ('"1"', "Sat, 21 Feb 2026")
    assert source.release.since.isoformat() == "2026-02-21T10:00:00+00:00"
    assert {headers["user-agent"] for _path, headers in site.asked} == {fetcher.user_agent}
    assert site.paths() == ["/p/datapackage.json", "/p/m.csv"]


def test_a_server_s_date_that_is_none_counts_for_nothing(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    for number, zone in enumerate(("+99999999999999999999", "nowhere", "+9999")):
        site.put(f"/p/m{number}.csv", CSV, last_modified=f"Sat, 21 Feb 2099 10:00:00 {zone}")
        source = opened(site.package(path=f"m{number}.csv"), fetcher, base=tmp_path)
        assert source.release.since.isoformat() == "2026-02-20T10:00:00+00:00"


def test_a_file_that_did_not_change_is_not_sent_again(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.put("/p/m.csv", CSV, etag='"1"')
    first = opened(site.package(), fetcher, base=tmp_path).release
    site.put("/p/m.csv", b"never sent", etag='"1"')
    source = opened(site.package(), fetcher, base=tmp_path, seen=first)
    assert site.asked[-1][1]["if-none-match"] == '"1"'
    assert (source.release.new, source.release.digest) == (False, first.digest)
    assert len(list(source.rows())) == 3


def test_the_digest_says_whether_a_file_changed_whatever_the_server_says(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.put("/p/m.csv", CSV, etag='"1"')
    first = opened(site.package(), fetcher, base=tmp_path).release
    site.put("/p/m.csv", CSV, etag='"2"')
    same = opened(site.package(), fetcher, base=tmp_path, seen=first).release
    assert (same.new, same.etag) == (False, '"2"')
    site.put("/p/m.csv", tabular(RECORDS[:1]), etag='"3"')
    assert opened(site.package(), fetcher, base=tmp_path, seen=same).release.new


def test_a_cache_that_was_tampered_with_is_not_believed(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.put("/p/m.csv", CSV, etag='"1"')
    path = opened(site.package(), fetcher, base=tmp_path).release.path
    path.write_bytes(CSV[:-5])
    opened(site.package(), fetcher, base=tmp_path)
    assert path.read_bytes() == CSV


def test_a_file_cut_off_on_its_way_leaves_the_old_one(
    site: Site, fetcher: Fetcher, refusal: Refusal, tmp_path: Path
) -> None:
    site.put("/p/m.csv", CSV, etag='"1"')
    url = site.package()
    path = opened(url, fetcher, base=tmp_path).release.path
    site.put("/p/m.csv", CSV[:20], etag='"2"', content_length=str(len(CSV)))
    assert refusal(url) == ["cut"]
    assert path.read_bytes() == CSV
    assert not list(path.parent.glob("*.part"))


def test_a_web_page_in_place_of_data_is_refused(site: Site, refusal: Refusal) -> None:
    site.put("/p/m.csv", b"<p>Please log in", content_type="text/html; charset=utf-8")
    assert refusal(site.package()) == ["html"]
    site.put("/p/m.csv", b"<!doctype html><p>", content_type="text/csv")
    assert refusal(site.package()) == ["html-file"]


def test_what_a_server_packs_on_its_way_is_unpacked(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    import gzip

    site.put("/p/m.csv", gzip.compress(CSV), content_encoding="gzip")
    assert len(list(opened(site.package(), fetcher, base=tmp_path).rows())) == 3


def test_a_file_that_is_not_there_or_too_large_is_refused(site: Site, refusal: Refusal) -> None:
    assert refusal(site.package()) == ["http"]
    site.put("/p/m.csv", CSV, status=500)
    assert refusal(site.package()) == ["http"]
    site.put("/p/m.csv", CSV + b"\n" * 1_100_000)
    assert refusal(site.package(), limits={"fetched_mb": 1}) == ["too-big"]
    assert refusal("http://127.0.0.1:1/datapackage.json") == ["not-reached"]


def test_redirects_are_followed_five_times(
    site: Site, fetcher: Fetcher, refusal: Refusal, tmp_path: Path
) -> None:
    site.put("/p/m.csv", b"", status=302, location="/1")
    for hop in range(1, 5):
        site.put(f"/{hop}", b"", status=(301, 303, 307, 308)[hop - 1], location=str(hop + 1))
    site.put("/5", CSV)
    assert len(list(opened(site.package(), fetcher, base=tmp_path).rows())) == 3
    site.put("/5", b"", status=302, location="/6")
    assert refusal(site.package()) == ["redirects"]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://169.254.169.254/latest/meta-data/", "address-private"),
        ("https://10.0.0.1/m.csv", "address-private"),
        ("https://192.168.1.1/", "address-private"),
        ("https://[fd00::1]/", "address-private"),
        ("https://[::ffff:10.0.0.1]/", "address-private"),
        ("https://0.0.0.0/", "address-private"),
        ("https://2852039166/", "address-private"),
        ("file:///etc/passwd", "address-refused"),
        ("ftp://example.org/", "address-refused"),
        ("https://user:secret@example.org/", "address-refused"),
        ("https://", "address-refused"),
        (f"https://{'a' * 70}.example/", "not-reached"),
        ("https://example.org:99999/", "not-reached"),
        ("https://[", "not-reached"),
    ],
)
def test_a_redirect_to_a_private_address_is_refused(
    target: str, said: str, site: Site, refusal: Refusal
) -> None:
    site.put("/p/m.csv", b"", status=302, location=target)
    assert refusal(site.package()) == [said]


def test_without_leave_nothing_is_asked_of_this_machine(site: Site, refusal: Refusal) -> None:
    port = site.url.rpartition(":")[2]
    plain = Fetcher("HubBot")
    for host in ("127.0.0.1", "localhost", "[::1]", "127.1", "0x7f000001"):
        assert refusal(f"https://{host}:{port}/p/datapackage.json", plain) == ["address-private"]
    assert refusal(site.package(), plain) == ["address-refused"]
    assert site.asked == []


def test_the_connection_goes_to_the_address_that_was_checked(
    site: Site, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/p/m.csv", CSV)
    url = site.package().replace("127.0.0.1", "partner.example")
    real, answers = socket.getaddrinfo, []

    def rebinding(host: str, *more: Any, **how: Any) -> Any:
        if host != "partner.example":
            return real(host, *more, **how)
        answers.append("10.0.0.1" if len(answers) % 2 else "127.0.0.1")
        return real(answers[-1], *more, **how)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    fetched = fetcher.fetch(url, tmp_path, 1)
    assert json.loads(fetched.path.read_bytes())["name"] == "museums"
    assert answers == ["127.0.0.1"], "the name was looked up once"
    with pytest.raises(SourceError) as refused:
        fetcher.fetch(url, tmp_path, 1)
    assert keys(refused.value.faults) == ["address-private"]


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def both(_host: str, *more: Any, **how: Any) -> Any:
        return real("93.184.216.34", *more, **how) + real("10.0.0.1", *more, **how)

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(SourceError) as refused:
        Fetcher("HubBot").fetch("https://partner.example/", tmp_path, 1)
    assert keys(refused.value.faults) == ["address-private"]


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.0.1", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%1",
     "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1",
     "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1"],
)  # fmt: skip
def test_no_address_inside_a_network_is_public(address: str) -> None:
    assert not public(address)


def test_public_addresses_are_public() -> None:
    assert all(map(public, ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34")))


def test_a_package_on_the_web_leads_to_no_file_here_and_to_no_other_folder(
    site: Site, refusal: Refusal
) -> None:
    for path in ("../m.csv", "/m.csv", "//127.0.0.1/m.csv", "file:///etc/passwd", "%2e%2e/m.csv"):
        assert refusal(site.package(path, format="csv")) == ["path-refused"]
    assert set(site.paths()) == {"/p/datapackage.json"}


def test_no_secret_of_this_machine_goes_into_a_request(
    site: Site, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    site.put("/p/m.csv", CSV)
    rows = list(opened(site.package(), fetcher, base=tmp_path, now=NOW).rows())
    assert all(isinstance(row, Row) for row in rows)
    assert not any("authorization" in headers for _path, headers in site.asked)
