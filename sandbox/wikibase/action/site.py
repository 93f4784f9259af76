"""What the wiki says of itself and of who asks: siteinfo, userinfo, wikibase, content languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.wikibase.action.call import Call
from sandbox.wikibase.action.parameters import Module, flag, many, names, text
from sandbox.wikibase.action.refused import block_facts
from sandbox.wikibase.settings import DATA_TYPES, LANGUAGES, MONOLINGUAL
from sandbox.wikibase.terms import term_languages
from sandbox.wikibase.titles import namespaces

_EXTENSIONS = (
    ("wikibase", "WikibaseRepository", "wikibase-desc"),
    ("wikibase", "WikibaseClient", "wikibase-client-desc"),
    ("parserhook", "ParserFunctions", "pfunc_desc"),
)
_CIRRUS = (
    ("other", "CirrusSearch", "cirrussearch-desc"),
    ("wikibase", "WikibaseCirrusSearch", "wikibasecirrussearch-desc"),
)
_SITEINFO = names(
    "general namespaces namespacealiases specialpagealiases magicwords interwikimap dbrepllag"
    " statistics usergroups libraries extensions fileextensions rightsinfo restrictions languages"
    " languagevariants skins extensiontags functionhooks showhooks variables protocols"
    " defaultoptions uploaddialog autocreatetempuser clientlibraries"
)
_USERINFO = names(
    "blockinfo hasmsg groups groupmemberships implicitgroups rights changeablegroups options"
    " editcount ratelimits theme email realname acceptlang registrationdate unreadcount centralids"
    " latestcontrib cancreateaccount"
)
_IMAGE_LIMITS = ((320, 240), (640, 480), (800, 600), (1024, 768), (1280, 1024), (2560, 2048))


def siteinfo(call: Call) -> dict[str, Any]:
    """meta=siteinfo; what it has nothing for comes empty."""
    makers: dict[str, Callable[[Call], Any]] = {
        "general": _general,
        "namespaces": _namespaces,
        "dbrepllag": _lag,
        "extensions": _extensions,
        "usergroups": _usergroups,
        "statistics": _statistics,
        "rightsinfo": lambda _: {"url": "", "text": ""},
        "magicwords": lambda _: [
            {"name": "redirect", "aliases": ["#REDIRECT"], "case-sensitive": False}
        ],
        "languages": lambda _: [
            {"code": code, "bcp47": code, "name": code} for code in sorted(LANGUAGES)
        ],
    }
    return {name: makers[name](call) if name in makers else [] for name in call["prop"]}


def _general(call: Call) -> dict[str, Any]:
    wikibase, settings = call.wikibase, call.wikibase.settings
    read_only: dict[str, Any] = {"readonly": bool(settings.read_only)}
    if settings.read_only:
        read_only["readonlyreason"] = settings.read_only
    types = {name: {"valuetype": value} for name, value in DATA_TYPES.items()}
    return {
        "mainpage": "Main Page",
        "base": f"{wikibase.url}/wiki/Main_Page",
        "sitename": settings.site_name,
        "mainpageisdomainroot": False,
        "logo": f"{wikibase.url}/w/logo.svg",
        "generator": f"MediaWiki {settings.version}",
        "phpversion": "8.2.35",
        "phpsapi": "cli-server",
        "dbtype": "sqlite",
        "dbversion": "3",
        "imagewhitelistenabled": False,
        "langconversion": True,
        "linkconversion": True,
        "titleconversion": True,
        "linkprefixcharset": "",
        "linkprefix": "",
        "linktrail": "/^([a-z]+)(.*)$/sD",
        "legaltitlechars": " %!\"$&'()*,\\-.\\/0-9:;=?@A-Z\\\\^_`a-z~\\x80-\\xFF+",
        "invalidusernamechars": "@:>" if settings.version < "1.40" else "@:>=",
        "allunicodefixes": False,
        "fixarabicunicode": True,
        "fixmalayalamunicode": True,
        "case": "first-letter",
        "lang": settings.language,
        "fallback": [],
        "rtl": False,
        "fallback8bitEncoding": "windows-1252",
        **read_only,
        "writeapi": True,
        "maxarticlesize": 2097152,
        "timezone": "UTC",
        "timeoffset": 0,
        "articlepath": "/wiki/$1",
        "scriptpath": "/w",
        "script": "/w/index.php",
        "variantarticlepath": False,
        "server": wikibase.url,
        "servername": "127.0.0.1",
        "wikiid": settings.wiki_id,
        "time": f"{wikibase.state.now():%Y-%m-%dT%H:%M:%SZ}",
        "misermode": False,
        "uploadsenabled": False,
        "maxuploadsize": 104857600,
        "minuploadchunksize": 1024,
        "thumblimits": {str(at): width for at, width in enumerate((120, 150, 180, 200, 250, 300))},
        "imagelimits": {
            str(at): {"width": width, "height": height}
            for at, (width, height) in enumerate(_IMAGE_LIMITS)
        },
        "galleryoptions": {"imagesPerRow": 0, "imageWidth": 120, "imageHeight": 120},
        "favicon": f"{wikibase.url}/favicon.ico",
        "centralidlookupprovider": "local",
        "allcentralidlookupproviders": ["local"],
        "interwikimagic": True,
        "magiclinks": {"ISBN": False, "PMID": False, "RFC": False},
        "categorycollation": "uppercase",
        "nofollowlinks": True,
        "nofollownsexceptions": [],
        "nofollowdomainexceptions": ["mediawiki.org"],
        "externallinktarget": False,
        "wikibase-propertytypes": types,
        "wikibase-conceptbaseuri": wikibase.concept_base,
        "wikibase-geoshapestoragebaseurl": "https://commons.wikimedia.org/wiki/",
        "wikibase-tabulardatastoragebaseurl": "https://commons.wikimedia.org/wiki/",
    }


def _namespaces(call: Call) -> dict[str, Any]:
    shown = {}
    for number, (name, canonical) in namespaces(call.wikibase.settings).items():
        facts: dict[str, Any] = {"id": number, "case": "first-letter"}
        facts["name" if call.version == 2 else "*"] = name
        facts["subpages"] = number > 0 and number not in (6, 14, 120, 121)
        if canonical:
            facts["canonical"] = canonical
        facts |= {"content": number == 0, "nonincludable": False}
        if number == 8:
            facts["namespaceprotection"] = "editinterface"
        model = {0: "wikibase-item", 120: "wikibase-property"}.get(number)
        if model:
            facts["defaultcontentmodel"] = model
        shown[str(number)] = facts
    return shown


def _lag(call: Call) -> list[dict[str, Any]]:
    settings = call.wikibase.settings
    lag = settings.database_lag or -1
    shown: list[dict[str, Any]] = [{"host": "127.0.0.1", "lag": lag}]
    return shown


def _extensions(call: Call) -> list[dict[str, Any]]:
    there = _EXTENSIONS + (_CIRRUS if call.wikibase.settings.cirrus_search else ())
    return [
        {
            "type": kind,
            "name": name,
            "descriptionmsg": described,
            "license-name": "GPL-2.0-or-later",
        }
        for kind, name, described in there
    ]


def _usergroups(call: Call) -> list[dict[str, Any]]:
    rights = call.wikibase.settings.group_rights
    return [{"name": name, "rights": sorted(those)} for name, those in rights.items()]


def _statistics(call: Call) -> dict[str, int]:
    pages = call.wikibase.state.count("page", "gone = 0")
    return {
        "pages": pages,
        "articles": pages,
        "edits": call.wikibase.state.count("revision", "1"),
        "images": 0,
        "users": 0,
        "activeusers": 0,
        "admins": 1,
        "jobs": 0,
    }


def userinfo(call: Call) -> dict[str, Any]:
    """meta=userinfo."""
    session, accounts, wanted = call.session, call.wikibase.accounts, call["prop"] or []
    shown: dict[str, Any] = {"id": session.author.id, "name": session.name}
    if session.user is None:
        shown["anon"] = True
    block = accounts.block_of(session) if "blockinfo" in wanted else None
    if block is not None:
        shown |= block_facts(block, call)
    if "hasmsg" in wanted:
        shown["messages"] = False
    if "groups" in wanted:
        shown["groups"] = list(session.groups)
    if "rights" in wanted:
        shown["rights"] = sorted(session.rights)
    if "editcount" in wanted and session.user:
        shown["editcount"] = call.wikibase.state.count("revision", "user_id = ?", session.user.id)
    if "ratelimits" in wanted:
        shown["ratelimits"] = {
            action: {
                name: {"hits": hits, "seconds": seconds} for name, (hits, seconds) in limits.items()
            }
            for action, limits in accounts.limits(session).items()
        }
    if "registrationdate" in wanted and session.user:
        shown["registrationdate"] = "2026-01-01T00:00:00Z"
    if "options" in wanted:
        shown["options"] = {}
    return {"userinfo": shown}


def wikibase_info(call: Call) -> dict[str, Any]:
    """meta=wikibase."""
    url = {"base": call.wikibase.url, "scriptpath": "/w", "articlepath": "/wiki/$1"}
    site = call.wikibase.settings.wiki_id
    shown = {"repo": {"url": url}, "siteid": site}
    return {"wikibase": {name: part for name, part in shown.items() if name in {*_props(call)}}}


def _props(call: Call) -> list[str]:
    return [{"url": "repo"}.get(name, name) for name in call["prop"]]


def content_languages(call: Call) -> dict[str, Any]:
    """meta=wbcontentlanguages: the languages of terms or monolingual texts."""
    codes = term_languages(call.wikibase.settings, "labels")
    if call["context"] == "monolingualtext":
        codes = codes | MONOLINGUAL
    return {"wbcontentlanguages": {code: {"code": code} for code in sorted(codes)}}


MODULES = (
    Module(
        "siteinfo",
        siteinfo,
        {
            "prop": many(*_SITEINFO, default="general"),
            "filteriw": text(),
            "showalldb": flag(),
            "numberingroup": flag(),
            "inlanguagecode": text(),
        },
        group="meta",
        prefix="si",
    ),
    Module(
        "userinfo",
        userinfo,
        {"prop": many(*_USERINFO), "attachedwiki": text()},
        group="meta",
        prefix="ui",
    ),
    Module(
        "wikibase",
        wikibase_info,
        {"prop": many("url", "siteid", default="url|siteid")},
        group="meta",
        prefix="wb",
    ),
    Module(
        "wbcontentlanguages",
        content_languages,
        {"context": text(default="term"), "prop": many("code", "autonym", "name", default="code")},
        group="meta",
        prefix="wbcl",
    ),
)
