"""What a wiki's owner would set: version, limits, rights, data types; changed while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field

BOTS, ADMINS, EVERYONE, USERS, CONFIRMED = "bot", "sysop", "*", "user", "autoconfirmed"


def words(text: str) -> frozenset[str]:
    """The words of a text with spaces between them."""
    return frozenset(text.split())


_EVERYONE = """createaccount read edit createpage createtalk writeapi viewmywatchlist
editmywatchlist viewmyprivateinfo editmyprivateinfo editmyoptions item-term property-term
item-merge item-redirect"""
_USERS = """read edit createpage createtalk move move-subpages move-rootuserpages
move-categorypages movefile upload reupload reupload-shared minoredit editmyusercss editmyuserjson
editmyuserjs editmyuserjsredirect purge applychangetags changetags editcontentmodel"""
_BOTS = """bot autoconfirmed editsemiprotected nominornewtalk autopatrol suppressredirect
apihighlimits writeapi noratelimit property-create"""
_ADMINS = """block delete undelete protect editprotected editsemiprotected rollback apihighlimits
noratelimit markbotedits property-create userrights autoconfirmed autopatrol deletedhistory
browsearchive unblockself"""

DATA_TYPES = {
    "commonsMedia": "string",
    "geo-shape": "string",
    "tabular-data": "string",
    "entity-schema": "wikibase-entityid",
    "url": "string",
    "external-id": "string",
    "wikibase-item": "wikibase-entityid",
    "wikibase-property": "wikibase-entityid",
    "globe-coordinate": "globecoordinate",
    "monolingualtext": "monolingualtext",
    "quantity": "quantity",
    "string": "string",
    "time": "time",
    "musical-notation": "string",
    "math": "string",
    "wikibase-lexeme": "wikibase-entityid",
    "wikibase-form": "wikibase-entityid",
    "wikibase-sense": "wikibase-entityid",
}
"""The type of the value that each data type of a property takes."""

LANGUAGES = words(
    """aa ab af am an ar arz as ast az azb ba bar be be-tarask bg bh bn bo br bs ca ce ceb ckb co cs
    cv cy da de de-at de-ch de-formal dv el en en-ca en-gb en-us eo es es-419 et eu ext fa ff fi fo
    fr frr fur fy ga gd gl gn gsw gu ha haw he hi hr hsb ht hu hy ia id ie ig io is it ja jv ka kk
    km kn ko ku ky la lb li lij lmo ln lo lt lv mg mi mk ml mn mr ms mt mul my myv mzn nah nap nb
    nds nds-nl ne new nl nn nov nso nv oc or os pa pl pms ps pt pt-br qu rm ro ru rw sa sc scn sco
    sd se sgs sh si sk sl sm sn so sq sr sr-ec sr-el st su sv sw szl ta te tg th tk tl tn to tr ts
    tt tw ty udm ug uk ur uz vec vep vi vls vo wa war wo wuu xal xh yi yo yue za zea zh zh-cn
    zh-hans zh-hant zh-hk zh-mo zh-my zh-sg zh-tw zu"""
)
"""Languages that terms may have; `mul` only where the setting is on."""

MONOLINGUAL = words("und mis mul zxx grc ang non fro frm la-x-medieval enm akk sux")
"""Languages that a monolingual text may have besides."""


@dataclass
class Settings:
    """Everything that may be set on a stand-in; a change counts from the next request on.

    `rate_limits` is `{action: {class: (hits, seconds)}}` with the actions edit, create and move
    and the classes user, newbie, anon and ip; it binds whoever lacks the right noratelimit.
    `database_lag` and `query_service_lag` are in seconds.
    """

    version: str = "1.43.9"
    site_name: str = "StandIn"
    wiki_id: str = "standinwiki"
    language: str = "en"
    mul: bool = True
    cirrus_search: bool = False
    read_only: str = ""
    database_lag: float = 0.0
    query_service_lag: float = 0.0
    query_service_host: str = "wdqs1011"
    rate_limits: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    max_entity_size: int = 4 * 1024 * 1024
    max_label_length: int = 250
    max_string_length: int = 1500
    tags: set[str] = field(default_factory=lambda: {"standin-tag"})
    """Tags that a user may put on an edit."""
    sites: dict[str, str] = field(
        default_factory=lambda: dict.fromkeys(("enwiki", "dewiki", "svwiki", "commonswiki"), "")
    )
    """Where a sitelink may go: site id → address of its pages, empty for this wiki itself."""
    strict_sitelinks: bool = False
    """Whether a sitelink needs a page of that name on this wiki (the sites being this wiki)."""
    commons_files: set[str] = field(default_factory=set)
    """Names of files that are taken to exist on Wikimedia Commons."""
    group_rights: dict[str, set[str]] = field(
        default_factory=lambda: {
            EVERYONE: set(_EVERYONE.split()),
            USERS: set(_USERS.split()),
            CONFIRMED: {"autoconfirmed", "editsemiprotected"},
            BOTS: set(_BOTS.split()),
            ADMINS: set(_ADMINS.split()),
        }
    )
    concept_base: str = ""
    """The start of concept URIs; empty for this wiki's own address and /entity/."""
    save_delay: float = 0.0
    """Seconds between reading the current revision and saving, so that edits can overlap."""
