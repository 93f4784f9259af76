"""Wikitext: a hub's regions on pages, calls of templates, and values written safely."""

from __future__ import annotations

from bots.core.wikitext.escape import escape, external_link, isolated, link, plain, summary
from bots.core.wikitext.parameters import set_parameters
from bots.core.wikitext.regions import (
    Difference,
    MergedRegion,
    Region,
    RegionFault,
    RegionProblem,
    UnknownBase,
    find_region,
    merge_region,
    replace_region,
)
from bots.core.wikitext.templates import (
    Parameter,
    TemplateCall,
    UnclosedCall,
    find_templates,
    find_unclosed,
)

__all__ = [
    "Difference",
    "MergedRegion",
    "Parameter",
    "Region",
    "RegionFault",
    "RegionProblem",
    "TemplateCall",
    "UnclosedCall",
    "UnknownBase",
    "escape",
    "external_link",
    "find_region",
    "find_templates",
    "find_unclosed",
    "isolated",
    "link",
    "merge_region",
    "plain",
    "replace_region",
    "set_parameters",
    "summary",
]
