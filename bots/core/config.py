"""What operators configure: hub.yaml and the files beside it, each fault with its line."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

DEFAULT_PATH = Path("config/hub.yaml")
ENVIRONMENT = "HUBBOT_CONFIG"
"""The environment variable that names another hub.yaml."""

_SQLITE = "sqlite:///"
_LONGEST_FILE = 8 << 20
_MOST_NODES = 1_000_000
"""Of a YAML file, when each alias is taken for what it stands for."""
_MOST_FAULTS = 200


class Strict(BaseModel):
    """A part of the configuration: unknown keys are faults, values don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Approval(Strict):
    """Where a wiki's community agreed to a bot: both are titles or URLs that people can read."""

    opt_in: str
    bot_approval: str


class SiteConfig(Strict):
    """One wiki, named by pywikibot's family and code, or by its API's address.

    `approvals`: bot name → approval; a bot writes only where it has one. `edit_group`: the tool's
    name at EditGroups, on wikis whose community reviews runs there (Wikidata, Commons).
    `index_url`, the index.php that links point to, is only needed for a wiki that people reach
    under another name than the API's.
    """

    family: str | None = None
    code: str | None = None
    api: str | None = None
    language: str | None = None
    edit_group: str | None = None
    approvals: Mapping[str, Approval] = Field(default_factory=dict)
    index_url: str | None = None

    @model_validator(mode="after")
    def _one_name(self) -> SiteConfig:
        if bool(self.api) == bool(self.family and self.code):
            raise ValueError("name the wiki either by 'api' or by both 'family' and 'code'")
        return self


Positive = Annotated[int, Field(gt=0)]
Percent = Annotated[float, Field(gt=0, le=100)]


class Limits(Strict):
    """How fast, and how patiently."""

    edits_per_minute: Annotated[int, Field(ge=0)] = 60
    """0: as fast as the wiki takes them."""
    maxlag_seconds: Positive = 5
    stop_check_seconds: Annotated[float, Field(gt=0, le=10)] = 8
    lease_seconds: Positive = 120
    request_timeout_seconds: Annotated[float, Field(gt=0)] = 45
    longest_wait_seconds: Annotated[float, Field(ge=0)] = 300
    """A wiki that asks for more than this ends the run; what is left is done by the next one."""
    replans_per_target: Positive = 3

    @model_validator(mode="after")
    def _a_lease_outlives_a_request(self) -> Limits:
        if self.lease_seconds <= self.request_timeout_seconds:
            raise ValueError("lease_seconds has to be more than request_timeout_seconds")
        return self


class GuardLimits(Strict):
    """What a plan may do without a person's word; see `bots.core.guard`."""

    first_run_edits: Positive = 200
    growth: Annotated[float, Field(ge=1)] = 2
    """A plan may have this many times the edits of the largest run so far."""
    page_shrunk_percent: Percent = 20
    page_shrunk_bytes: Annotated[int, Field(ge=0)] = 4096
    """A page that loses fewer bytes than this is not called shrunk."""
    withdrawn_percent: Percent = 1
    """Of a dataset's statements on the wiki, so many may be removed or deprecated."""
    withdrawn_statements: Annotated[int, Field(ge=0)] = 10
    """So few may always be."""
    gone_percent: Percent = 20
    """Of a source's records, so many may be gone; beyond, the source is doubted, not followed."""
    reverted_percent: Percent = 5
    """Of a bot's last edits, people may revert so many before it stops itself."""
    reverted_edits: Annotated[int, Field(ge=0)] = 3
    """So few reverted ones never stop it."""


class IntakeConfig(Strict):
    """The requests page and its template, on the hub wiki."""

    requests_page: str = "Partnership requests"
    template: str = "Partnership request"
    template_aliases: Sequence[str] = ()


class RegisterConfig(Strict):
    """The register on the hub wiki, and its lists on every wiki where the bot may write.

    Records are pages below `top` and their kind's own page; the pages that are made of them are
    below `top`, in the language of their wiki. `top_on`: another one on a site, by its key.
    """

    top: str = "Partnerships"
    top_on: Mapping[str, str] = Field(default_factory=dict)
    list_template: str = "Partner list"
    list_template_aliases: Sequence[str] = ()
    list_end_aliases: Sequence[str] = ()
    """Other names of the template that ends a list, which is `list_template` and "end"."""
    items: str | None = None
    """The site of the items that records name; without it, the one of Wikidata's family."""

    def top_of(self, site: str) -> str:
        """The title of the register's own page on a site."""
        return self.top_on.get(site, self.top)


PropertyId = Annotated[str, Field(pattern=r"^P[1-9][0-9]*$")]
ItemId = Annotated[str, Field(pattern=r"^Q[1-9][0-9]*$")]


class SiteNumbers(Strict):
    """sites/NAME.yaml: what Wikidata's properties and items are numbered on that site.

    Only what differs need be there. Datasets name everything by Wikidata's numbers.
    """

    properties: Mapping[PropertyId, PropertyId] = Field(default_factory=dict)
    items: Mapping[ItemId, ItemId] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_each(self) -> SiteNumbers:
        for numbers in (self.properties, self.items):
            doubled = [here for here, count in Counter(numbers.values()).items() if count > 1]
            if doubled:
                raise ValueError(f"{doubled[0]} can't stand for two of Wikidata's")
        return self

    def here(self, wikidata_id: str) -> str:
        """What Wikidata's P… or Q… is called on the site."""
        return self.properties.get(wikidata_id) or self.items.get(wikidata_id) or wikidata_id


class HubConfig(Strict):
    """The whole of hub.yaml. `folder` is where it lies: other paths are relative to it."""

    account: str
    """The bot's account, the same on every wiki."""
    operator: str
    """Who answers for it: a user name on the hub wiki."""
    contact: str
    """A page or address that goes into the User-Agent, as Wikimedia's policy wants it."""
    hub: str
    """The site on which requests, records, stop pages and plan pages live."""
    sites: Mapping[str, SiteConfig]
    trusted_groups: Sequence[str] = ("sysop",)
    store: str = "sqlite:///hubbot.sqlite"
    """SQLAlchemy URL; HUBBOT_STORE in the environment goes before it. 'toolsdb:NAME' is the
    database USER__NAME on ToolsDB."""
    credentials: str | None = None
    """A file of mode 600 with bot passwords (the sandbox's); without it, pywikibot's own."""
    dashboard_url: str | None = None
    public_pages: bool = True
    """Whether each dataset's mapping and task are shown on the hub wiki, and kept up."""
    history_days: Positive = 90
    """After so many days a run's edits keep their outcome but no longer their text."""
    limits: Limits = Limits()
    guard: GuardLimits = GuardLimits()
    intake: IntakeConfig = IntakeConfig()
    the_register: Annotated[RegisterConfig, Field(alias="register")] = RegisterConfig()
    folder: Path = Path()
    numbers: Mapping[str, SiteNumbers] = Field(default_factory=dict)
    """From the files in `sites/` beside it, by site; see `numbers_of`."""

    @model_validator(mode="after")
    def _hub_is_a_site(self) -> HubConfig:
        if self.hub not in self.sites:
            raise ValueError(f"hub: '{self.hub}' is none of the sites ({', '.join(self.sites)})")
        return self

    @model_validator(mode="after")
    def _items_are_on_a_site(self) -> HubConfig:
        items = self.the_register.items
        if items and items not in self.sites:
            named = ", ".join(self.sites)
            raise ValueError(f"register.items: '{items}' is none of the sites ({named})")
        return self

    def numbers_of(self, site: str) -> SiteNumbers:
        """What Wikidata's properties and items are numbered on a site."""
        return self.numbers.get(site) or SiteNumbers()

    def dataset_page(self, dataset: str) -> str:
        """The title of a dataset's own page on the hub wiki."""
        return f"User:{self.account}/datasets/{dataset}"

    @property
    def cache(self) -> Path:
        """Where fetched files lie: beside hub.yaml, on Toolforge in the tool's own data folder."""
        own = os.environ.get("TOOL_DATA_DIR")
        return Path(own) / "hubbot-cache" if own else self.folder / "cache"

    @property
    def store_url(self) -> str:
        """Where the store is, the environment first; a file's path is relative to hub.yaml."""
        url = os.environ.get("HUBBOT_STORE") or self.store
        path = url.removeprefix(_SQLITE)
        if path == url or path in ("", ":memory:"):
            return url
        return f"{_SQLITE}{self.folder / path}"


@dataclass(frozen=True)
class ConfigFault:
    """One thing wrong in a configuration file, for the person who can mend it."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class ConfigError(Exception):
    """A configuration that can't be used; `faults` says all that is wrong with it."""

    def __init__(self, faults: Sequence[ConfigFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)


def config_path(named: Path | None = None) -> Path:
    """The hub.yaml to read: the one named, else the environment's, else the project's."""
    return named or Path(os.environ.get(ENVIRONMENT) or DEFAULT_PATH)


def load_hub(path: Path) -> HubConfig:
    """hub.yaml and sites/*.yaml beside it, checked. Raises `ConfigError`."""
    config = load_yaml(path, HubConfig)
    folder = path.resolve().parent
    return config.model_copy(update={"folder": folder, "numbers": _numbers(folder, config)})


def _numbers(folder: Path, config: HubConfig) -> dict[str, SiteNumbers]:
    numbers: dict[str, SiteNumbers] = {}
    faults: list[ConfigFault] = []
    for path in sorted((folder / "sites").glob("*.yaml")):
        if path.stem not in config.sites:
            said = f"hub.yaml has no site '{path.stem}' ({', '.join(config.sites)})"
            faults.append(ConfigFault(path, 1, said))
            continue
        try:
            numbers[path.stem] = load_yaml(path, SiteNumbers)
        except ConfigError as error:
            faults += error.faults
    if faults:
        raise ConfigError(faults)
    return numbers


M = TypeVar("M", bound=BaseModel)


def load_yaml(path: Path, model: type[M]) -> M:
    """A YAML file as `model`. Raises `ConfigError`: file, line and what to do for each fault."""
    try:
        if path.stat().st_size > _LONGEST_FILE:
            said = f"is larger than {_LONGEST_FILE >> 20} MB; long tables have files of their own"
            raise ConfigError([ConfigFault(path, 0, said)])
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            [ConfigFault(path, 0, f"can't be read ({error.strerror}); is this the right folder?")]
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError([ConfigFault(path, 0, "is not UTF-8 text")]) from error
    node, data = _read(path, text)
    try:
        return model.model_validate({} if data is None else data)
    except ValidationError as error:
        raise ConfigError(
            [
                ConfigFault(path, _line(node, fault["loc"]), _words(fault["loc"], fault["msg"]))
                for fault in islice(error.errors(), _MOST_FAULTS)
            ]
        ) from error


def _read(path: Path, text: str) -> tuple[yaml.Node | None, Any]:
    """A file's nodes, which know their lines, and what they say. Raises `ConfigError`."""
    node = None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        faults = _endless(path, node) or _doubled_keys(path, node)
        if faults:
            raise ConfigError(faults)
        return node, yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ConfigError([ConfigFault(path, line, str(error.problem or error))]) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError([ConfigFault(path, line, str(error.reason))]) from error
    except RecursionError as error:
        raise ConfigError([ConfigFault(path, 0, "is nested too deeply")]) from error
    # A date that there is not (2020-13-45), a number of 5,000 digits.
    except (ValueError, AttributeError) as error:
        found = list(_unreadable(path, node))
        raise ConfigError(found or [ConfigFault(path, 0, str(error))]) from error


def _nodes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """All nodes, those that aliases lead to once."""
    met: set[yaml.Node] = set()
    waiting = [node] if node else []
    while waiting:
        here = waiting.pop()
        if here not in met:
            met.add(here)
            yield here
            waiting += reversed(_inside(here))


def _inside(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _endless(path: Path, node: yaml.Node | None) -> list[ConfigFault]:
    """Whether an alias leads to what it stands in, or aliases of aliases stand for too much."""
    sizes: dict[yaml.Node, int] = {}

    def fault(here: yaml.Node, said: str) -> list[ConfigFault]:
        return [ConfigFault(path, here.start_mark.line + 1, said)]

    def size(here: yaml.Node) -> int:
        if here not in sizes:
            sizes[here] = _MOST_NODES + 1  # if it is met again while it is counted
            sizes[here] = 1 + sum(map(size, _inside(here)))
        return sizes[here]

    if node is None or size(node) <= _MOST_NODES:
        return []
    least = min((each for each in sizes if sizes[each] > _MOST_NODES), key=sizes.__getitem__)
    return fault(least, "its aliases (*) stand for too much, or for what they stand in themselves")


def _unreadable(path: Path, node: yaml.Node | None) -> Iterator[ConfigFault]:
    for each in _nodes(node):
        try:
            if isinstance(each, yaml.ScalarNode):
                yaml.SafeLoader("").construct_object(each)
        except (ValueError, AttributeError) as error:
            said = f"'{each.value[:40]}' can't be read ({error}); in quotation marks it is a text"
            yield ConfigFault(path, each.start_mark.line + 1, said)


def _words(location: Sequence[str | int], message: str) -> str:
    where = ".".join(str(part) for part in location)
    said = message.removeprefix("Value error, ")
    return f"{where}: {said}" if where else said


def _line(node: yaml.Node | None, location: Sequence[str | int]) -> int:
    """The line (from 1) of what `location` names, or of the nearest thing around it."""
    line = node.start_mark.line + 1 if node else 0
    for part in location:
        found = _child(node, part)
        if found is None:
            return line
        key, node = found
        line = key.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((k, v) for k, v in node.value if k.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def _doubled_keys(path: Path, node: yaml.Node | None) -> list[ConfigFault]:
    faults: list[ConfigFault] = []
    for each in _nodes(node):
        seen: dict[str, int] = {}
        for key, _ in each.value if isinstance(each, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                continue
            line = key.start_mark.line + 1
            if key.value in seen:
                said = f"'{key.value}' is here twice (first on line {seen[key.value]})"
                faults.append(ConfigFault(path, line, said))
            seen.setdefault(key.value, line)
    return faults
