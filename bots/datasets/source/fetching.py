"""Files fetched by https, whole or not at all, never from a private network."""

from __future__ import annotations

import hashlib
import io
import ipaddress
import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.connection import create_connection

from bots.datasets.source.config import Pages
from bots.datasets.source.faults import error
from bots.datasets.source.paging import LARGEST_PAGE, write_pages

MOST_REDIRECTS = 5
CONNECT_SECONDS = 10.0
SILENT_SECONDS = 60.0
LONGEST_SECONDS = 3600.0
"""A server that trickles on for longer is left."""

_PIECE = 256 * 1024
_MB = 1024 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}
_HTML = {"text/html", "application/xhtml+xml"}
_TUNNELS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")))
"""IPv6 addresses that lead to IPv4 ones (RFC 6052, 8215, 3056), private ones among them."""


@dataclass(frozen=True)
class Fetched:
    """A file in the cache as the web had it: `digest` is the sha256 of its bytes, 64 hex digits."""

    path: Path
    digest: str
    etag: str = ""
    modified: str = ""


class Fetcher:
    """Fetches files; `user_agent` says who asks and whom to write to.

    `allow_loopback_http` is for tests alone: servers on this machine, without TLS.
    """

    def __init__(self, user_agent: str = "HubBot", *, allow_loopback_http: bool = False) -> None:
        self.user_agent = user_agent
        self.loopback = allow_loopback_http

    def fetch(self, url: str, cache: Path, most_mb: int) -> Fetched:
        """The file at `url`, from `cache` where it has not changed since it was put there.

        The cache folder belongs to one dataset, so that one run at a time writes there. Raises
        `SourceError`; the file that was there before then stays as it was.
        """
        name = _name(cache, url)
        kept = _kept(cache, name)
        headers = {"User-Agent": self.user_agent, "Accept-Encoding": "identity"}
        if kept and kept.etag:
            headers["If-None-Match"] = kept.etag
        if kept and kept.modified:
            headers["If-Modified-Since"] = kept.modified
        with self._asking(url) as adapter, self._follow(adapter, url, headers) as response:
            if response.status_code == 304 and kept:
                return kept
            return _save(response, url, cache / name, most_mb)

    def fetch_pages(
        self, url: str, cache: Path, most_mb: int, inside: str, pages: Pages
    ) -> Fetched:
        """As `fetch`, of a list that an API gives page by page: the file has JSON Lines."""
        path = cache / _name(cache, url)
        headers = {"User-Agent": self.user_agent, "Accept-Encoding": "identity"}
        until, room = time.monotonic() + LONGEST_SECONDS, most_mb * _MB
        part = path.with_suffix(".part")
        with self._asking(url) as adapter:

            def ask(at: str) -> bytes:
                nonlocal room
                data = io.BytesIO()
                with self._follow(adapter, at, headers) as response:
                    room -= _receive(response, at, data, min(room, LARGEST_PAGE), until)[1]
                return data.getvalue()

            try:
                with part.open("wb") as file:
                    write_pages(file, url, inside, pages, ask)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        return _keep(Fetched(path, digest_of(path)))

    @contextmanager
    def _asking(self, url: str) -> Iterator[HTTPAdapter]:
        """What is asked by. Raises `SourceError` for what fails meanwhile."""
        # Not a session: that takes proxies and passwords from this machine's environment, and
        # reads the whole body of a redirect, however long it is.
        adapter = _Adapter(loopback=self.loopback)
        try:
            yield adapter
        except (requests.RequestException, HTTPError, OSError, ValueError) as reason:
            raise error("not-reached", place=url, reason=_words(reason)) from reason
        finally:
            adapter.close()

    def _follow(
        self, adapter: HTTPAdapter, url: str, headers: Mapping[str, str]
    ) -> requests.Response:
        """The answer at the end of at most five redirects, each of whose addresses is checked."""
        at = url
        for _hop in range(MOST_REDIRECTS + 1):
            self._check(at)
            response = adapter.send(
                requests.Request("GET", at, headers).prepare(),
                stream=True,
                timeout=(CONNECT_SECONDS, SILENT_SECONDS),
                verify=True,
            )
            if response.status_code not in _REDIRECTS:
                return response
            response.close()
            at = urljoin(at, response.headers.get("location", ""))
        raise error("redirects", place=url, num_redirects=MOST_REDIRECTS)

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            secret = parts.username is not None or parts.password is not None
            host = parts.hostname
        except ValueError as reason:
            raise error("address-refused", place=url) from reason
        plain = self.loopback and parts.scheme == "http"
        if not host or secret or not (parts.scheme == "https" or plain):
            raise error("address-refused", place=url)


def public(address: str) -> bool:
    """Whether an IP address is one of the public internet's, not private or local."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return public(str(ip.ipv4_mapped))
        if ip.teredo or ip.is_site_local or any(ip in network for network in _TUNNELS):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _Guarded(HTTPConnection):
    """Connects to an address that was checked: the name is not looked up a second time."""

    loopback: ClassVar[bool] = False

    def _new_conn(self) -> socket.socket:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            local = self.loopback and ipaddress.ip_address(address.partition("%")[0]).is_loopback
            if not (local or public(address)):
                raise error("address-private", host=self.host, address=address)
        return self._connect(addresses)

    def _connect(self, addresses: list[str]) -> socket.socket:
        failed: OSError = OSError("the name has no address")
        for address in addresses:
            try:
                return create_connection(
                    (address, self.port), self.timeout, socket_options=self.socket_options
                )
            except OSError as reason:
                failed = reason
        raise failed


class _GuardedTLS(_Guarded, HTTPSConnection):
    """The same, and the certificate is checked for the name."""


class _LocalGuarded(_Guarded):
    loopback = True


class _LocalGuardedTLS(_GuardedTLS):
    loopback = True


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _PoolTLS(HTTPSConnectionPool):
    ConnectionCls = _GuardedTLS


class _LocalPool(HTTPConnectionPool):
    ConnectionCls = _LocalGuarded


class _LocalPoolTLS(HTTPSConnectionPool):
    ConnectionCls = _LocalGuardedTLS


class _Adapter(HTTPAdapter):
    def __init__(self, *, loopback: bool) -> None:
        self._pools: dict[str, type[HTTPConnectionPool]] = (
            {"http": _LocalPool, "https": _LocalPoolTLS}
            if loopback
            else {"http": _Pool, "https": _PoolTLS}
        )
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: urllib3.PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = self._pools


def _name(cache: Path, url: str) -> str:
    """What a file is called in the cache, which is there then. Raises OSError."""
    cache.mkdir(parents=True, exist_ok=True)
    return hashlib.sha256(url.encode()).hexdigest()[:32]


def _save(response: requests.Response, url: str, path: Path, most_mb: int) -> Fetched:
    """Write an answer's bytes beside `path`, and put them there when they are whole."""
    until = time.monotonic() + LONGEST_SECONDS
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            digest, _ = _receive(response, url, file, most_mb * _MB, until)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    etag, modified = (response.headers.get(name, "") for name in ("etag", "last-modified"))
    return _keep(Fetched(path, digest, etag, modified))


def _receive(
    response: requests.Response, url: str, file: BinaryIO, most: int, until: float
) -> tuple[str, int]:
    """Write an answer's whole body: its sum, and its bytes. Raises `SourceError`."""
    if response.status_code != 200:
        raise error("http", place=url, status=str(response.status_code))
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _HTML:
        raise error("html", place=url)
    response.raw.enforce_content_length = False  # It is compared here, for clearer words.
    digest, got = hashlib.sha256(), 0
    while piece := response.raw.read1(_PIECE, decode_content=False):
        got += len(piece)
        if got > most:
            raise error("too-big", place=url, megabytes=str(most // _MB))
        if time.monotonic() > until:
            raise TimeoutError("the server is too slow")
        digest.update(piece)
        file.write(piece)
    said = response.headers.get("content-length", "")
    if said.isdigit() and int(said) != got:
        raise error("cut", place=url, num_got=got, num_said=int(said))
    return digest.hexdigest(), got


def _keep(fetched: Fetched) -> Fetched:
    """Note what the cache has of it."""
    facts = {name: value for name, value in asdict(fetched).items() if name != "path"}
    note = fetched.path.with_suffix(".json.part")
    note.write_text(json.dumps(facts), encoding="utf-8")
    note.replace(fetched.path.with_suffix(".json"))
    return fetched


def _kept(cache: Path, name: str) -> Fetched | None:
    """What the cache has, if it is what was noted beside it: a run may have died in between."""
    path = cache / name
    try:
        facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        kept = Fetched(path, **facts)
        return kept if digest_of(path) == kept.digest else None
    except (OSError, ValueError, TypeError):
        return None


def digest_of(path: Path) -> str:
    """The sha256 of a file's bytes, 64 hex digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _words(reason: Exception) -> str:
    """An error of the network in a few words, without the objects' addresses in it."""
    inner: object = reason
    while isinstance(inner, Exception):
        below = getattr(inner, "reason", None) or (inner.args[0] if inner.args else None)
        if not isinstance(below, Exception):
            break
        inner = below
    return f"{type(inner).__name__}: {inner}"
