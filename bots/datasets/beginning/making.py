"""Makes a dataset of a file: mapping, data package and a copy, tried before anything is there."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bots.core.config import ConfigError, ConfigFault, HubConfig
from bots.core.messages import Message
from bots.datasets.beginning.columns import Looked
from bots.datasets.beginning.looking import look_at
from bots.datasets.beginning.meanings import meaning_of
from bots.datasets.beginning.proposal import Proposal
from bots.datasets.beginning.proposing import propose
from bots.datasets.beginning.shapes import share_of
from bots.datasets.beginning.writing import About, Say, descriptor, mapping_text, plain
from bots.datasets.facts import Fault
from bots.datasets.mapping import Dataset, load_dataset, name_faults
from bots.datasets.source import SourceError, open_source
from bots.datasets.source.faults import quoted

PACKAGE = "datapackage.json"
_LONGEST_ID = 60
_WIKIDATA = "wikidata"
_ENDING = re.compile(r"\.[A-Za-z]{2,8}", re.ASCII)


@dataclass(frozen=True)
class Made:
    """What was written. `faults`: what the source is told to lack, such as a licence."""

    mapping: Path
    package: Path
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Beginning:
    """A dataset that is to be made: the file, what is in it, and where it goes."""

    file: Path
    looked: Looked
    id: str
    folder: Path
    site: str

    @property
    def data(self) -> str:
        """The name of the data's file beside the package."""
        if self.file.parent == self.folder / self.id:
            return self.file.name
        endings = [each for each in self.file.suffixes if _ENDING.fullmatch(each)]
        return self.id + ("".join(endings) or f".{self.looked.format}")

    @property
    def mapping(self) -> Path:
        """The mapping's file."""
        return self.folder / f"{self.id}.yaml"

    def proposal(self, answers: Mapping[str, str]) -> Proposal:
        """What is proposed, with these answers. Raises `SourceError`."""
        return propose(self.looked, answers)


def begin(file: Path, config: HubConfig, id_: str | None, site: str | None) -> Beginning:
    """Look at the file.

    Raises `SourceError`, also where the dataset is there already, and `ConfigError` for an id that
    can't be one: it becomes part of paths.
    """
    name = id_ or id_of(file)
    folder = config.folder / "datasets"
    faults = name_faults(folder / f"{name}.yaml")
    if faults or Path(name).name != name:
        raise ConfigError(faults or [ConfigFault(folder, 0, f"'{plain(name)}' can't be an id")])
    looked = look_at(file)
    begun = Beginning(
        file=file.resolve(),
        looked=looked,
        id=name,
        folder=folder,
        site=site or _site(config),
    )
    for there in (begun.mapping, folder / name):
        inside = there == begun.file.parent
        if there.exists() and not (inside and not (there / PACKAGE).exists()):
            params = {"path": quoted(str(there))}
            raise SourceError([Fault(Message("new-dataset-there", params))])
    return begun


def make(
    begun: Beginning,
    proposal: Proposal,
    answers: Mapping[str, str],
    config: HubConfig,
    say: Say,
    now: datetime,
) -> Made:
    """Write the dataset's files, once all is known to fit together.

    Raises `SourceError`, and `ConfigError` for an id or a site that can't be.
    """
    if not proposal.match:
        raise SourceError([Fault(_no_identifier(begun.looked))])
    about = About(
        id=begun.id,
        title=answers.get("title") or _title_of(begun.file),
        partner=answers.get("partner", ""),
        licence=answers.get("licence", ""),
        site=begun.site,
        package=f"{begun.id}/{PACKAGE}",
    )
    text = mapping_text(begun.looked, proposal, about, say)
    package = descriptor(begun.looked, proposal, about, begun.data)
    described = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    begun.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=begun.folder, prefix=".new-") as scratch:
        tried = Path(scratch)
        data = tried / begun.id
        data.mkdir()
        shutil.copyfile(begun.file, data / begun.data)
        (data / PACKAGE).write_text(described, encoding="utf-8")
        (tried / begun.mapping.name).write_text(text, encoding="utf-8")
        dataset = _loaded(tried, begun, config)
        source = open_source(dataset.source, tried, tried / "cache", None, now)
        faults = tuple(source.faults)
        _place(data, begun)
        with begun.mapping.open("x", encoding="utf-8") as mapping:
            mapping.write(text)
    return Made(begun.mapping, begun.folder / begun.id / PACKAGE, faults)


def _no_identifier(looked: Looked) -> Message:
    """Why items can't be found."""
    for column in looked.columns:
        meaning = meaning_of(column)
        known = meaning.choices[0] if meaning.why == "unread" else None
        if known and known.is_identifier:
            value = str(
                next(v for v in column.values if not share_of((v,), known.steps, known.pattern))
            )
            return Message(
                "new-dataset-identifier-unread",
                {"name": quoted(column.name), "label": known.label, "value": quoted(value)},
            )
    return Message("new-dataset-no-identifier")


def _loaded(tried: Path, begun: Beginning, config: HubConfig) -> Dataset:
    """The mapping, its faults told as those of the file that it will be."""
    try:
        return load_dataset(tried / begun.mapping.name, config)
    except ConfigError as error:
        faults = [ConfigFault(begun.mapping, each.line, each.text) for each in error.faults]
        raise ConfigError(faults) from error


def _place(data: Path, begun: Beginning) -> None:
    """Put what was tried where it belongs; a file that is there already stays."""
    wanted = begun.folder / begun.id
    if begun.file.parent == wanted:
        with (wanted / PACKAGE).open("x", encoding="utf-8") as file:
            file.write((data / PACKAGE).read_text(encoding="utf-8"))
    else:
        data.rename(wanted)


def id_of(file: Path) -> str:
    """An id such as `our-museums`, of a file's name; "dataset" where nothing of it can be one."""
    name = file.name.partition(".")[0]
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", bare))[:_LONGEST_ID].strip("-") or "dataset"


def _title_of(file: Path) -> str:
    words = re.sub(r"[_\W]+", " ", file.name.partition(".")[0]).strip()
    return words[:1].upper() + words[1:] or file.name


def _site(config: HubConfig) -> str:
    """The site that is Wikidata; else the one that isn't the hub, where that is the only one."""
    for name, site in config.sites.items():
        if _WIKIDATA in (name, site.family):
            return name
    others = [name for name in config.sites if name != config.hub]
    return others[0] if len(others) == 1 else config.hub
