"""`hubbot check`: everything that can be wrong before a run, each fault with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bots.core.config import ConfigError, ConfigFault, HubConfig, load_hub, load_yaml
from bots.core.licences import LicenceBook
from bots.core.messages import Message, Messages
from bots.core.outcome import NotReachedError
from bots.core.register.computed import load_computed
from bots.core.register.opening import open_register
from bots.core.store import StoreError, opened
from bots.core.wikitext.scan import scan

if TYPE_CHECKING:
    from bots.wiki.sites import Account


def faults(path: Path, i18n: Path, *, offline: bool) -> Iterator[str]:
    """All faults there are, in words, as `file:line: what is wrong`."""
    folder = i18n.parent
    unsaid = list(_message_faults(i18n))
    yield from unsaid
    yield from _template_faults(folder / "wiki")
    yield from _licence_faults(folder / "licences.yaml")
    try:
        config = load_hub(path)
    except ConfigError as error:
        yield from map(str, error.faults)
        return
    yield from _dataset_faults(config)
    if not unsaid:
        yield from _record_faults(config, Messages(i18n))
    yield from _store_faults(path, config)
    if not offline:
        yield from _site_faults(path, config)


def _message_faults(folder: Path) -> Iterator[str]:
    """A message file that is no JSON, or messages that toolforge_i18n's checks refuse."""
    whole = True
    for file in sorted(folder.glob("*.json")):
        try:
            json.loads(file.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            whole = False
            yield str(ConfigFault(file, error.lineno, error.msg))
    if not whole:
        return
    try:
        Messages(folder)
    except (AssertionError, KeyError, IndexError) as error:
        yield str(ConfigFault(folder, 0, f"a message is not as its documentation says: {error}"))


def _template_faults(folder: Path) -> Iterator[str]:
    """A template that is opened in one of our own wiki pages and never closed."""
    for file in sorted(folder.rglob("*.wikitext")):
        text = file.read_text(encoding="utf-8")
        for unclosed in scan(text).unclosed:
            line = text.count("\n", 0, unclosed.start) + 1
            said = f"'{unclosed.opening * unclosed.count}' is opened here and never closed"
            yield str(ConfigFault(file, line, said))


def _licence_faults(path: Path) -> Iterator[str]:
    try:
        load_yaml(path, LicenceBook)
    except ConfigError as error:
        yield from map(str, error.faults)


def _record_faults(config: HubConfig, messages: Messages) -> Iterator[str]:
    """What is wrong in the kinds of records, and in the lists on the pages that they begin."""
    from bots.intake.fields import BY_NAME
    from bots.register.asked import list_faults

    folder = config.folder / "records"
    try:
        register = open_register(config, messages.languages)
        computed = load_computed()
    except ConfigError as error:
        yield from map(str, error.faults)
        return
    for kind, page, fault in list_faults(register.kinds, computed, register.canonical):
        said = messages.text("en", Message(fault.key, fault.params))
        yield str(ConfigFault(folder / f"{kind}.yaml", 1, f"pages.{page}: {said}"))
    for name, filled in register.kinds.items():
        if name in computed and computed[name].asked:
            said = f"a list with of={name} is of something else: give the file another name"
            yield str(ConfigFault(folder / f"{name}.yaml", 1, said))
        for field, source in filled.requests.items():
            if source not in BY_NAME:
                said = f"requests.{field}: a request has no field '{source}' ({', '.join(BY_NAME)})"
                yield str(ConfigFault(folder / f"{name}.yaml", 1, said))


def _dataset_faults(config: HubConfig) -> Iterator[str]:
    """What is wrong in the datasets' mappings."""
    from bots.datasets.mapping import load_datasets  # frictionless takes a second to import

    try:
        load_datasets(config.folder / "datasets", config)
    except ConfigError as error:
        yield from map(str, error.faults)


def switched_off(path: Path) -> Iterator[str]:
    """The datasets that don't run, and why, where the configuration can be read."""
    from bots.datasets.mapping import load_datasets

    try:
        config = load_hub(path)
        found = load_datasets(config.folder / "datasets", config)
    except ConfigError:
        return
    for name, each in found.items():
        if each.switched_off:
            yield f"{name} is switched off: {each.switched_off}"


def _store_faults(path: Path, config: HubConfig) -> Iterator[str]:
    try:
        with opened(config.store_url):
            pass
    except StoreError as error:
        yield f"{path}: store: {error}"


def _site_faults(path: Path, config: HubConfig) -> Iterator[str]:
    """A wiki that can't be reached, or on which we are not who the configuration says."""
    from bots.wiki.sites import Wikis

    wikis = Wikis(config)
    for name in config.sites:
        try:
            account = wikis[name].account
        except ConfigError as error:
            yield from map(str, error.faults)
        except NotReachedError as error:
            yield f"{path}: sites.{name}: {error}"
        else:
            yield from (f"{path}: sites.{name}: {said}" for said in _account_faults(account))


def _account_faults(account: Account) -> Iterator[str]:
    if not account.name:
        yield "nobody is logged in there; give credentials for it"
    elif account.blocked:
        yield f"the account {account.name} is blocked there"
    elif not account.bot:
        yield f"the account {account.name} has no bot flag there (or its grants leave it out)"
