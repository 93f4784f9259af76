"""The recorded requests where others, or the wiki itself, come in between."""

from __future__ import annotations

from tests.wikibase.rest_names import RUN
from tests.wikibase.rest_setups import (
    action_edit,
    action_item,
    claim,
    delete,
    item,
    item_by_action,
    limited_bots,
    meanwhile,
    page,
    protect,
    redirect,
    replace,
    settings,
    snak,
    statement,
    unlimited_bots,
)
from tests.wikibase.rest_story import OTHER_ACCOUNTS, OWNER, Needs, Story

_DAY = {"precision": 11, "calendarmodel": "http://www.wikidata.org/entity/Q1985727"}
_BOUNDS = {"amount": "+10", "unit": "1", "upperBound": "+11", "lowerBound": "+9"}
_BOUNDS_SNAK = snak("P2048", "quantity", _BOUNDS)
_TIME = {"time": "+1850-02-01T00:00:00Z", "timezone": 0, "before": 1, "after": 2, **_DAY}
"""A time with what the REST API's form leaves out."""
_PLACE = {
    "latitude": 1.5,
    "longitude": 2.5,
    "precision": 0.1,
    "globe": "http://www.wikidata.org/entity/Q2",
}
_LOSSY = {
    "labels": {"en": {"language": "en", "value": f"Lossy {RUN}"}},
    "sitelinks": {"enwiki": {"site": "enwiki", "title": f"Rw143:Lossy {RUN}"}},
    "claims": [
        statement(_BOUNDS_SNAK),
        statement(snak("P569", "time", _TIME)),
        statement(snak("P625", "globecoordinate", _PLACE)),
        statement(
            snak("P217", "string", "q"),
            qualifiers={"P2048": [_BOUNDS_SNAK]},
            references=[
                {
                    "snaks": {
                        "P854": [snak("P854", "string", "https://example.org/1")],
                        "P813": [snak("P813", "time", _TIME)],
                    },
                    "snaks-order": ["P854", "P813"],
                }
            ],
        ),
        statement(snak("P31", "wikibase-entityid", {"entity-type": "item", "id": "Q100464"})),
    ],
}
_LATE_A = "D2BD74A3-ECAE-470E-8C0F-2695024096E3"

OTHERS = [
    Story(
        "somebody saves between the check and the save",
        [
            Needs(OWNER),
            item("Q100419", "Late", {"P214": ["A", "B"]}, ids=[_LATE_A], revision="8952"),
            meanwhile("Q100419", replace("/statements/P214/0/value/content", "A by a person")),
            "err_late_conflict_same_statement_if_match",
            meanwhile(
                "Q100419",
                replace("/statements/P214/1/value/content", "B by a person"),
                revision="8954",
            ),
            "err_late_conflict_other_statement_tests_only",
            meanwhile("Q100419", replace("/statements/P214/1/value/content", "B again")),
            "err_late_conflict_between_precondition_and_save_if_match",
        ],
    ),
    Story(
        "an item is redirected",
        [
            item("Q100459", "Merged"),
            item("Q100460", "Target"),
            redirect("Q100459", "Q100460"),
            "ok_redirect_get",
            "err_redirect_patch",
            "err_redirect_patch_with_if_match",
            "err_redirect_post_statement",
        ],
    ),
    Story(
        "items are deleted and protected",
        [
            Needs(OWNER),
            item("Q100461", "Deleted"),
            delete("Q100461"),
            "err_deleted_get",
            "err_deleted_patch",
            "err_deleted_patch_with_if_match",
            item("Q100462", "Protected", {"P217": ["x"]}),
            protect("Q100462"),
            "err_protected_patch",
        ],
    ),
    Story(
        "the form leaves something out",
        [
            Needs(OWNER),
            page(f"Rw143:Lossy {RUN}"),
            item("Q100464", "Value"),
            item_by_action("Q100465", _LOSSY),
            "ok_lossy_get_no_bounds_no_before_after",
            "ok_lossy_patch_label_only",
            "ok_lossy_patch_rank_of_quantity_with_bounds",
            "ok_lossy_patch_reference_on_time_with_before_after",
            "ok_lossy_patch_rank_of_coordinate",
            "ok_lossy_patch_rank_with_bounds_in_qualifier_and_reference",
            "ok_lossy_patch_statement_rank_same_loss",
            delete("Q100464"),
            "err_value_item_deleted_meanwhile_patch_its_rank",
            "ok_value_item_deleted_meanwhile_patch_another_statement",
            item("Q100466", "Lossy2", {"P2048": [_BOUNDS]}),
            "ok_lossy_patch_bounds_of_an_untouched_statement",
        ],
    ),
]

_ACT = {
    "Act1": "Q100467$DD5C3534-ED47-41C4-B80B-CD79ADBAC171",
    "Act2": "Q100468$C39D6F71-4D54-4C79-81B0-F3F95113A694",
    "Act3": "Q100469$6E749E85-F3B3-4276-871B-DC1100DF72C7",
    "Act3 B": "Q100469$8EDBE652-7CFC-488B-8997-12F8C7BF400E",
    "Act4": "Q100470$6F50A2EF-C398-4E26-AFE9-3A246520F333",
}
_FROM_A_PERSON = {"snaks": {"P854": [snak("P854", "string", "https://example.org/person")]}}

ACTION = [
    Story(
        "stale edits by the Action API",
        [
            Needs(OTHER_ACCOUNTS),
            action_item("Q100467", "Act1", ["A"], [_ACT["Act1"]], "9047"),
            action_edit("Q100467", claim("P217", "A by a person", _ACT["Act1"])),
            "ok_action_wbeditentity_stale_baserevid_same_statement_other_user",
            action_item("Q100468", "Act2", ["A"], [_ACT["Act2"]], "9050"),
            action_edit(
                "Q100468",
                {**claim("P217", "A", _ACT["Act2"]), "references": [_FROM_A_PERSON]},
            ),
            "ok_action_wbeditentity_stale_baserevid_same_statement_person_added_reference",
            action_item("Q100469", "Act3", ["A", "B"], [_ACT["Act3"], _ACT["Act3 B"]], "9053"),
            action_edit("Q100469", claim("P217", "B by a person", _ACT["Act3 B"])),
            "ok_action_wbeditentity_stale_baserevid_other_statement",
            action_item("Q100470", "Act4", ["A"], [_ACT["Act4"]], "9056"),
            action_edit("Q100470", {"id": _ACT["Act4"], "remove": ""}),
            "err_action_wbeditentity_stale_baserevid_statement_removed",
            "ok_action_wbeditentity_no_baserevid_statement_removed",
            action_item("Q100471", "Act5", ["A"], revision="9059"),
            action_edit("Q100471", claim("P217", "B"), revision="9060"),
            "err_action_wbeditentity_clear_stale_baserevid",
            "ok_action_wbeditentity_clear_fresh_baserevid",
        ],
    ),
    Story(
        "statement ids, tags, lag and limits of the Action API",
        [
            Needs(OWNER),
            action_item("Q100472", "Act6", ["A"]),
            "ok_action_wbeditentity_client_chosen_claim_id",
            "ok_action_wbeditentity_client_chosen_claim_id_again",
            "ok_action_wbsetclaim_client_chosen_claim_id",
            "ok_action_wbeditentity_add_same_claim_without_id",
            "ok_action_wbeditentity_mul_label",
            "err_action_wbeditentity_blocked_tag",
            settings(query_service_lag=12.5),
            "err_action_maxlag_wikibase_queryservice",
            settings(query_service_lag=0.0),
            limited_bots(0),
            "err_action_ratelimited_0",
            "err_action_ratelimited_1",
            unlimited_bots,
        ],
    ),
]
