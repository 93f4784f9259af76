"""What HubBot relies on in pywikibot's configuration, all of it, and where each site's API is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from pywikibot import config as pywikibot_config
from pywikibot.comms import http
from pywikibot.exceptions import SiteDefinitionError
from pywikibot.family import Family

from bots.core.config import ConfigError, ConfigFault, HubConfig, SiteConfig
from bots.wiki.transport import Address

_IN_A_HEADER = "".join(map(chr, range(0x20, 0x7F)))


def configure() -> None:
    """Set pywikibot's configuration, whatever user-config.py says; only its keys are its own."""
    pywikibot_config.max_retries = 0  # A repeated POST is a second edit.
    pywikibot_config.retry_wait = 0
    pywikibot_config.put_throttle = 0  # The runner paces.
    pywikibot_config.minthrottle = 0
    pywikibot_config.simulate = False
    pywikibot_config.verbose_output = 0
    pywikibot_config.fake_user_agent_exceptions = {}
    pywikibot_config.extra_headers = {}


def address_of(key: str, config: HubConfig) -> Address:
    """Where a configured site's API is, and how it is spoken to. Asks nothing.

    No `pywikibot.Site` is made: it would ask the wiki at once, wait and repeat by itself, and
    write files where the program was started. Raises `ConfigError`: a family or code that
    pywikibot doesn't know, an address that is none.
    """
    configure()
    named = config.sites[key]
    try:
        url, verify = (_checked(named.api), True) if named.api else _in_family(named)
    except (SiteDefinitionError, ValueError) as error:
        fault = ConfigFault(config.folder / "hub.yaml", 0, f"sites.{key}: {error}")
        raise ConfigError([fault]) from error
    timeout = config.limits.request_timeout_seconds
    return Address(url=url, user_agent=user_agent(config), timeout=timeout, verify=verify)


def user_agent(config: HubConfig) -> str:
    """Who asks and whom to write to, as meta.wikimedia.org, User-Agent policy wants it."""
    try:
        ours = version("hubbot")
    except PackageNotFoundError:
        ours = "source"
    products = http.USER_AGENT_PRODUCTS
    return quote(
        f"{config.account.replace(' ', '_')}/{ours} ({config.contact}; User:{config.operator}) "
        f"{products['pwb']} {products['http_backend']}",
        safe=_IN_A_HEADER,
    )


def _in_family(named: SiteConfig) -> tuple[str, bool]:
    family = Family.load(named.family)
    if named.code not in family.codes:
        raise ValueError(f"pywikibot's family '{named.family}' has no code '{named.code}'")
    url = family.base_url(named.code, family.apipath(named.code))
    return url, family.verify_SSL_certificate(named.code)


def _checked(api: str) -> str:
    parts = urlsplit(api)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise ValueError(f"'{api}' is not the address of an api.php")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError(f"'{api}' would send the password in clear: write https://")
    return api


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
