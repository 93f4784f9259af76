"""All recorded requests, and those that are left out."""

from __future__ import annotations

from tests.wikibase.rest_stories_items import PATCHES, POSTS, READS
from tests.wikibase.rest_stories_others import ACTION, OTHERS
from tests.wikibase.rest_stories_values import ONE_ITEM, VALUES

STORIES = [*READS, *POSTS, *PATCHES, *VALUES, *ONE_ITEM, *OTHERS, *ACTION]

MORE_MAY_BE_THERE = {
    "ok_get_property_data_types": "Other extensions add data types of their own.",
}
"""The recordings to whose answer a wiki may add, each with why."""

LEFT_OUT = {
    "ok_action_siteinfo": "The Action API's siteinfo is replayed with the Action API's recordings.",
}
"""The recordings that are not replayed, each with why."""
