"""What columns often hold: properties, the words by which columns name them, the values' shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bots.datasets.mapping.parts import Datatype


@dataclass(frozen=True)
class Known:
    """A property and how it is told from a column.

    - `words`: names, or parts of names, in several languages, words with a space between.
    - `pattern`: what a value looks like, after `steps`; `alone`: whether values tell it when the
      column's name doesn't.
    """

    id: str
    label: str
    datatype: Datatype
    words: frozenset[str]
    pattern: str = ""
    steps: tuple[Any, ...] = ()
    alone: Literal["no", "perhaps", "surely"] = "no"
    equivalence: tuple[str, ...] = ()

    @property
    def is_identifier(self) -> bool:
        """Whether an item may be found by it."""
        return self.datatype == "external-id"


def _of(property_id: str, label: str, datatype: Datatype, words: str, **more: Any) -> Known:
    told = frozenset(word.strip().replace("_", " ") for word in words.split())
    return Known(property_id, label, datatype, told, **more)


_ID: Datatype = "external-id"
_ITEM: Datatype = "wikibase-item"


def _bare(pattern: str) -> dict[str, Any]:
    """Takes an identifier out of its address."""
    return {"regex-replace": {"pattern": pattern, "with": ""}}


KNOWN: tuple[Known, ...] = (
    _of("P791", "ISIL", _ID, "isil sigel bibliothekssigel library_code",
        pattern=r"[A-Z]{2,4}-[A-Za-z0-9:/-]{1,11}", alone="perhaps"),
    _of("P6782", "ROR ID", _ID, "ror ror_id", pattern=r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}",
        steps=(_bare("^https?://ror\\.org/"),), alone="surely"),
    _of("P496", "ORCID iD", _ID, "orcid orcid_id", steps=("orcid",),
        pattern=r"0000-000[0-9]-[0-9]{4}-[0-9]{3}[0-9X]", alone="surely"),
    _of("P213", "ISNI", _ID, "isni", steps=("isni",), pattern=r"[0-9]{15}[0-9X]", alone="surely"),
    _of("P2427", "GRID ID", _ID, "grid grid_id", pattern=r"grid\.[0-9]{4,6}\.[0-9a-f]{1,2}",
        alone="surely"),
    _of("P214", "VIAF ID", _ID, "viaf viaf_id", pattern=r"[1-9][0-9]{1,21}",
        steps=(_bare("^https?://(www\\.)?viaf\\.org/viaf/|/$"),)),
    _of("P227", "GND ID", _ID, "gnd gnd_id", pattern=r"[0-9X-]{6,12}",
        steps=(_bare("^https?://d-nb\\.info/gnd/"),)),
    _of("P244", "Library of Congress authority ID", _ID, "lccn lcnaf loc_id",
        pattern=r"(gf|n|nb|nr|no|ns|sh|sj)[0-9]{6,10}"),
    _of("P1566", "GeoNames ID", _ID, "geonames geoname geonames_id geonameid",
        pattern=r"[1-9][0-9]{0,8}"),
    _of("P1260", "Swedish Open Cultural Heritage URI", _ID, "ksamsök k_samsök raä kulturarvsdata",
        pattern=r"[a-zA-Z-]+/[a-zA-Z-]+/[0-9A-Za-z_-]+",
        steps=(_bare("^https?://kulturarvsdata\\.se/"),)),
    _of("P359", "Rijksmonument ID", _ID, "rijksmonument rijksmonumentnummer rijksmonument_nummer",
        pattern=r"[1-9][0-9]{0,5}"),
    _of("P1216", "National Heritage List for England number", _ID, "nhle list_entry",
        pattern=r"[1-9][0-9]{6}"),
    _of("P380", "Mérimée ID", _ID, "mérimée merimee", pattern=r"[EIP]A[0-9]{8}", alone="surely"),
    _of("P356", "DOI", _ID, "doi", pattern=r"10\.[0-9]{4,9}/\S+", alone="surely",
        steps=(_bare("^https?://(dx\\.)?doi\\.org/"), "upper"), equivalence=("case",)),
    _of("P236", "ISSN", _ID, "issn eissn", pattern=r"[0-9]{4}-[0-9]{3}[0-9X]"),
    _of("P351", "Entrez Gene ID", _ID, "entrez entrezgene ncbi_gene geneid gene_id",
        pattern=r"[1-9][0-9]*"),
    _of("P594", "Ensembl gene ID", _ID, "ensembl ensembl_gene", pattern=r"ENSG[0-9]{11}",
        alone="surely"),
    _of("P354", "HGNC ID", _ID, "hgnc hgnc_id", pattern=r"[1-9][0-9]*", steps=(_bare("^HGNC:"),)),
    _of("P352", "UniProt ID", _ID, "uniprot uniprotkb accession entry",
        pattern=r"[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2}"),
    _of("P856", "official website", "url",
        "website web webpage homepage url hemsida webbplats webbsida webseite site sitio sitioweb "
        "internet nettsted nettside kotisivu www links", equivalence=("url",)),
    _of("P973", "described at URL", "url", "record_url permalink link länk lien enlace source_url "
        "catalogue_url", equivalence=("url",)),
    _of("P571", "inception", "time",
        "founded established inception opened created built founding foundation grundad grundat "
        "grundades invigd byggår byggd byggnadsår bildad gegründet gründung gründungsjahr baujahr "
        "erbaut fondé fondée fondation création construction fundación fundado fundada "
        "construcción stiftet grunnlagt oprettet perustettu opgericht bouwjaar"),
    _of("P576", "dissolved, abolished or demolished", "time",
        "closed dissolved demolished abolished stängd nedlagd upphörd riven geschlossen aufgelöst "
        "abgerissen fermé dissolution démoli cerrado disuelto nedlagt opgeheven"),
    _of("P569", "date of birth", "time", "born birth född födelsedatum födelseår geboren geburt "
        "geburtsdatum geburtsjahr né née naissance nacido nacimiento fødd født syntynyt"),
    _of("P570", "date of death", "time", "died death dead död dödsdatum dödsår gestorben tod "
        "sterbedatum todesjahr mort décès décédé muerte fallecido død kuollut overleden"),
    _of("P577", "publication date", "time", "published publication utgiven publicerad erschienen "
        "veröffentlicht publié publicado"),
    _of("P580", "start time", "time", "start begin from_date från von début inicio startdatum"),
    _of("P582", "end time", "time", "end slut bis fin slutdatum"),
    _of("P625", "coordinate location", "globe-coordinate",
        "coordinates coordinate coord coords koordinater koordinaten koordinate coordonnées "
        "coordenadas latlon latlng geo geom geometry position location geopunkt wkt"),
    _of("P18", "image", "commonsMedia", "image picture photo file commons bild foto fichier "
        "imagen fotografi bilde kuva afbeelding"),
    _of("P1128", "employees", "quantity", "staff employees anställda mitarbeiter beschäftigte "
        "employés empleados ansatte henkilöstö"),
    _of("P1174", "visitors per year", "quantity", "visitors besökare besucher visiteurs visitantes "
        "besøkende"),
    _of("P1082", "population", "quantity", "population inhabitants befolkning invånare einwohner "
        "habitants habitantes folkmängd innbyggere"),
    _of("P31", "instance of", _ITEM, "type types kind kinds category categories class "
        "instance_of typ slag sort kategori art kategorie catégorie tipo categoría tyyppi "
        "objekttyp museityp genre"),
    _of("P17", "country", _ITEM, "country land pays país paese maa nation countrycode"),
    _of("P131", "located in the administrative territorial entity", _ITEM,
        "place municipality county region province district city town kommun län landskap ort stad "
        "gemeinde kreis bundesland stadt commune département région ville municipio provincia "
        "ciudad fylke kunta gemeente"),
    _of("P1435", "heritage designation", _ITEM, "designation protection skydd skyddstyp "
        "denkmalart schutz protección"),
    _of("P84", "architect", _ITEM, "architect arkitekt architekt architecte arquitecto"),
)  # fmt: skip
"""The commonest of them, those that are told best first."""

WIKIDATA = frozenset(
    {"wikidata", "qid", "wikidata id", "wikidataid", "wikidata item", "wd", "item"}
)
LATITUDE = frozenset({"lat", "latitude", "breddgrad", "breite", "breitengrad", "latitud", "y"})
LONGITUDE = frozenset(
    {"lon", "lng", "long", "longitude", "längdgrad", "länge", "längengrad", "longitud", "x"}
)
ALSO_SIZES = frozenset({"breite", "länge", "x", "y"})
"""Of these, words that also say how broad or long a thing is, or where it is on a sheet."""
ANY_ADDRESS = frozenset(
    {"url", "link", "links", "web", "internet", "www", "site", "lien", "enlace"}
)
"""Words that alone mean a thing's own page, and with others the address of something else."""
PERSONAL = frozenset(
    {"email", "mail", "phone", "telephone", "telefon", "tel", "fax", "mobile", "mobil", "epost",
     "courriel", "teléfono", "contact", "kontakt"}
)  # fmt: skip
"""Not what a wiki is for."""

TERMS: dict[str, dict[str, str]] = {
    "label": {
        "name": "en", "title": "en", "label": "en", "namn": "sv", "titel": "sv",
        "benämning": "sv", "bezeichnung": "de", "nom": "fr", "titre": "fr", "nombre": "es",
        "título": "es", "navn": "nb", "tittel": "nb", "nimi": "fi", "naam": "nl", "nome": "it",
        "nazwa": "pl", "institution": "en", "organisation": "en",
    },
    "alias": {
        "alias": "en", "aliases": "en", "acronym": "en", "acronyms": "en", "abbreviation": "en",
        "shortname": "en", "altname": "en", "förkortning": "sv", "abkürzung": "de", "sigle": "fr",
        "synonyms": "en",
    },
    "description": {
        "description": "en", "beskrivning": "sv", "beschreibung": "de", "descripción": "es",
        "beskrivelse": "nb", "kuvaus": "fi", "omschrijving": "nl", "descrizione": "it",
    },
}  # fmt: skip
"""Words for terms, and the language that uses them."""

NOT_A_NAME = frozenset({"short", "old", "alt", "alternative", "former", "other", "file", "user"})
"""Before or behind a word for a name: it is none, or another one."""

_CODES = (
    "ar az be bg bn br ca cs cy da de el en eo es et eu fa fi fo fr fy ga gl he hi hr hu hy id is "
    "it ja ka kk ko ku la lb lt lv mk ms mt nb nl nn no oc pl pt ro ru se sk sl sq sr sv sw ta th "
    "tr uk ur uz vi yi zh"
)
LANGUAGES = frozenset(_CODES.split())
"""Languages by which columns of names are told apart."""
VARIANTS = frozenset(
    {"de-at", "de-ch", "en-ca", "en-gb", "pt-br", "sr-ec", "sr-el", "zh-cn", "zh-hans", "zh-hant",
     "zh-hk", "zh-mo", "zh-my", "zh-sg", "zh-tw"}
)  # fmt: skip
"""Those of them that have labels of their own; of others (sv-SE) the language has."""

_KINDS = {
    "museum": "Q33506", "musée": "Q33506", "museo": "Q33506", "museet": "Q33506",
    "library": "Q7075", "bibliotek": "Q7075", "bibliothek": "Q7075", "bibliothèque": "Q7075",
    "biblioteca": "Q7075", "archive": "Q166118", "archives": "Q166118", "arkiv": "Q166118",
    "archiv": "Q166118", "archivo": "Q166118", "art museum": "Q207694", "konstmuseum": "Q207694",
    "kunstmuseum": "Q207694", "church": "Q16970", "kyrka": "Q16970", "kirche": "Q16970",
    "église": "Q16970", "iglesia": "Q16970", "castle": "Q23413", "university": "Q3918",
    "universitet": "Q3918", "universität": "Q3918", "université": "Q3918",
    "universidad": "Q3918", "school": "Q3914", "skola": "Q3914", "schule": "Q3914",
    "hospital": "Q16917", "sjukhus": "Q16917", "krankenhaus": "Q16917",
}  # fmt: skip
_COUNTRIES = {
    "SE": "Q34", "NO": "Q20", "DK": "Q35", "FI": "Q33", "IS": "Q189", "DE": "Q183", "FR": "Q142",
    "GB": "Q145", "IE": "Q27", "NL": "Q55", "BE": "Q31", "LU": "Q32", "AT": "Q40", "CH": "Q39",
    "IT": "Q38", "ES": "Q29", "PT": "Q45", "PL": "Q36", "CZ": "Q213", "SK": "Q214", "HU": "Q28",
    "RO": "Q218", "BG": "Q219", "GR": "Q41", "EE": "Q191", "LV": "Q211", "LT": "Q37", "UA": "Q212",
    "RU": "Q159", "TR": "Q43", "SI": "Q215", "HR": "Q224", "RS": "Q403", "US": "Q30", "CA": "Q16",
    "MX": "Q96", "BR": "Q155", "AR": "Q414", "CL": "Q298", "AU": "Q408", "NZ": "Q664", "JP": "Q17",
    "CN": "Q148", "IN": "Q668", "KR": "Q884", "ZA": "Q258", "EG": "Q79", "IL": "Q801",
    "NG": "Q1033", "KE": "Q114",
}  # fmt: skip
ITEMS: dict[str, dict[str, str]] = {"P31": _KINDS, "P17": _COUNTRIES}
"""By property: a value in small letters (a country's two capitals), and the item that it is."""


def by_property(property_id: str) -> Known | None:
    """What is known of a property."""
    return next((each for each in KNOWN if each.id == property_id), None)
