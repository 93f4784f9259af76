"""All modules of the Action API, by name."""

from __future__ import annotations

from sandbox.wikibase.action import (
    administration,
    cirrus,
    claims,
    lists,
    login,
    merging,
    newcomers,
    paraminfo,
    properties,
    query,
    reading,
    searching,
    site,
    snaks,
    termedits,
    wbeditentity,
)
from sandbox.wikibase.action.parameters import Module

_ALL = (
    *login.MODULES,
    *site.MODULES,
    *paraminfo.MODULES,
    *query.MODULES,
    *properties.MODULES,
    *lists.MODULES,
    *cirrus.MODULES,
    *reading.MODULES,
    *searching.MODULES,
    *wbeditentity.MODULES,
    *claims.MODULES,
    *snaks.MODULES,
    *termedits.MODULES,
    *merging.MODULES,
    *administration.MODULES,
    *newcomers.MODULES,
)
MODULES: dict[str, Module] = {module.name: module for module in _ALL if module.group == "action"}
"""What `action` may be."""
QUERY: dict[str, Module] = {module.name: module for module in _ALL if module.group != "action"}
"""What `prop`, `list` and `meta` of action=query may be."""
