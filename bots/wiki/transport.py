"""One request to one wiki, sent once through pywikibot's session, and what came back as a fact."""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from pywikibot import config as pywikibot_config
from pywikibot.comms import http
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from bots.core.wikibase.exact import JSON, dumps, loads

CONNECT_SECONDS = 6.05
LONGEST_RETRY_AFTER = timedelta(days=1)
"""A wiki that asks for more is asked again after this."""

LONGEST_ANSWER = 64 * 1024 * 1024
"""Bytes; MediaWiki cuts its answers at 8 to 12 MB."""

_PIECE = 64 * 1024
_LONGEST_ADDRESS = 2000
_ONLY_READS = {"Promise-Non-Write-API-Action": "true"}
"""Lets a wiki answer a POST from its nearest data centre (mediawiki.org, API:Etiquette)."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back for one request.

    - `status`: the HTTP status; 0 where no whole answer came.
    - `data`: the JSON object that MediaWiki sent, numbers exact (`Decimal`, never float); None
      where there was none.
    - `arrived`: False where it is certain that the wiki never got the request.
    - `lost`: what was wrong with an answer that is not a JSON object, in a few words.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] | None = None
    arrived: bool = True
    lost: str = ""

    @property
    def error(self) -> Mapping[str, Any]:
        """MediaWiki's own error (`errorformat=bc`); empty where it did not complain."""
        error = (self.data or {}).get("error")
        return error if isinstance(error, dict) else {}

    @property
    def code(self) -> str:
        """The code of MediaWiki's own error, or ''."""
        return str(self.error.get("code", ""))

    @property
    def info(self) -> str:
        """What the wiki, or the network, said, for people."""
        return str(self.error.get("info", "")) or self.lost

    def retry_after(self, now: datetime) -> timedelta | None:
        """How long `Retry-After` asks to wait, between 0 and `LONGEST_RETRY_AFTER`; None: unsaid.

        It is a number of seconds or a date (RFC 9110, 10.2.3).
        """
        said = self.headers.get("retry-after", "").strip()
        try:
            wait = _seconds(said)
            if wait is None:
                wait = _date(said) - now
        except OverflowError:
            return LONGEST_RETRY_AFTER
        except ValueError:
            return None
        return min(max(wait, timedelta()), LONGEST_RETRY_AFTER)


@dataclass(frozen=True)
class Address:
    """Where a wiki's API is, and how it is to be spoken to; `timeout` in seconds."""

    url: str
    user_agent: str
    timeout: float
    verify: bool = True


def ask(address: Address, params: Mapping[str, str]) -> Answer:
    """Send a request that changes no page; as a GET where it is short and holds no secret."""
    form = {**params, "format": "json", "formatversion": "2"}
    short = sum(len(value.encode()) for value in form.values()) < _LONGEST_ADDRESS
    if short and not any(name.endswith(("token", "password")) for name in form):
        return _send(address, "GET", params=form)
    headers = _ONLY_READS if form.get("action") == "query" else {}
    return _send(address, "POST", data=form, headers=headers)


def post(address: Address, params: Mapping[str, str]) -> Answer:
    """Send a request that writes, as a multipart form (urlencoding would triple a text's size).

    It is sent once: pywikibot's own `Request` repeats a POST when its answer is lost.
    """
    form = {**params, "format": "json", "formatversion": "2"}
    last = {"token": form.pop("token")} if "token" in form else {}
    return _send(
        address, "POST", files=[(name, (None, value)) for name, value in (form | last).items()]
    )


def rest(
    address: Address,
    method: str,
    path: str,
    body: JSON = None,
    headers: Mapping[str, str] | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Answer:
    """Send one request to the REST API of the same wiki, once; `path` starts below rest.php.

    It carries no token: MediaWiki takes a bot password's cookies and OAuth without one.
    `meanwhile` is called when the body is sent, while the wiki works at its answer.
    """
    at = replace(address, url=f"{address.url.rpartition('/')[0]}/rest.php{path}")
    if body is None:
        return _send(at, method, headers=headers or {})
    sent = {"content-type": "application/json", **(headers or {})}
    data = dumps(body).encode()
    return _send(at, method, data=_Followed(data, meanwhile) if meanwhile else data, headers=sent)


@dataclass(frozen=True)
class _Followed:
    """A request's body, and what is done once it is sent."""

    body: bytes
    then: Callable[[], None]

    def __len__(self) -> int:
        return len(self.body)

    def __iter__(self) -> Iterator[bytes]:
        yield self.body
        self.then()


def _send(address: Address, method: str, **how: Any) -> Answer:
    headers = {"user-agent": address.user_agent, **how.pop("headers", {})}
    until = time.monotonic() + address.timeout
    pywikibot_config.socket_timeout = (min(CONNECT_SECONDS, address.timeout), address.timeout)
    response = http.fetch(
        address.url,
        method=method,
        headers=headers,
        default_error_handling=False,
        charset="utf-8",
        verify=address.verify,
        stream=True,
        # A POST that is led elsewhere becomes a GET, or goes where nobody meant it to go.
        allow_redirects=False,
        **how,
    )
    if isinstance(response, requests.RequestException):
        return Answer(arrived=not _never_sent(response), lost=type(response).__name__)
    if not isinstance(response, requests.Response):
        raise response
    try:
        return _answer(response, _body(response, until))
    except (HTTPError, OSError) as error:
        return Answer(lost=type(error).__name__)
    finally:
        response.close()


def _body(response: requests.Response, until: float) -> bytes:
    """The whole body, from a server that may also trickle or never end.

    Raises urllib3's HTTPError (cut, no gzip) and OSError (too slow, too long).
    """
    body = bytearray()
    while piece := response.raw.read1(_PIECE, decode_content=True):
        body += piece
        if time.monotonic() > until:
            raise TimeoutError
        if len(body) > LONGEST_ANSWER:
            raise OSError(errno.EFBIG, "the answer is too long")
    return bytes(body)


def _answer(response: requests.Response, body: bytes) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        data = loads(body)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return Answer(status=response.status_code, headers=headers, data=data)
    kind = headers.get("content-type", "no content type").partition(";")[0]
    lost = f"HTTP {response.status_code}, {len(body)} bytes of {kind}"
    return Answer(status=response.status_code, headers=headers, lost=lost)


def _never_sent(error: requests.RequestException) -> bool:
    """Whether there was no connection over which the request could have gone."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _seconds(said: str) -> timedelta | None:
    return timedelta(seconds=float(said)) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", said) else None


def _date(said: str) -> datetime:
    date = parsedate_to_datetime(said)
    return date if date.tzinfo else date.replace(tzinfo=UTC)
