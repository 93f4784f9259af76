"""The recorded requests in the order in which they were sent, with what happened between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.wikibase.rest_names import RUN
from tests.wikibase.rest_setups import (
    Step,
    action_edit,
    action_item,
    add,
    block,
    claim,
    delete,
    edit,
    item,
    item_by_action,
    limited_bots,
    meanwhile,
    page,
    protect,
    redirect,
    remove,
    replace,
    settings,
    snak,
    statement,
    unblock,
    unlimited_bots,
    value,
)

OTHER_ACCOUNTS = "other accounts with known passwords"
OWNER = "the powers of the wiki's owner or of an administrator"


@dataclass(frozen=True)
class Story:
    """Steps in their order: names of recordings, and set-ups. `needs` says what it takes beside a
    bot's account: nothing, OTHER_ACCOUNTS or OWNER."""

    name: str
    steps: Sequence[str | Step]
    needs: str = ""

    @property
    def recordings(self) -> list[str]:
        """The recordings that it replays."""
        return [step for step in self.steps if isinstance(step, str)]


_URL_1 = {"parts": [value("P854", "https://example.org/1")]}
_DAY = {"precision": 11, "calendarmodel": "http://www.wikidata.org/entity/Q1985727"}

_READ_ITEM = item(
    "Q100003",
    labels={"en": "Seed person 3", "de": "Seed person 3"},
    descriptions={"en": "fictitious person no. 3"},
    aliases={"en": ["SP3"]},
    statements={
        "P31": ["Q5"],
        "P214": ["10000003"],
        "P569": [
            value(
                "P569",
                {"time": "+1803-04-04T00:00:00Z", **_DAY},
                references=[
                    {
                        "parts": [
                            value("P248", "Q54919"),
                            value("P214", "10000003"),
                            value("P813", {"time": "+2024-03-04T00:00:00Z", **_DAY}),
                        ]
                    }
                ],
            )
        ],
        "P1448": [
            value(
                "P1448",
                {"text": "Person 3", "language": "en"},
                references=[{"parts": [value("P854", "https://example.org/records/3")]}],
            )
        ],
        "P570": [
            value(
                "P570",
                {
                    "time": "+1903-00-00T00:00:00Z",
                    "precision": 9,
                    "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
                },
                references=[
                    {
                        "parts": [
                            value("P248", "Q54919"),
                            value("P214", "10000003"),
                            value("P813", {"time": "+2024-03-04T00:00:00Z", **_DAY}),
                        ]
                    },
                    {"parts": [value("P854", "https://example.org/records/3")]},
                ],
            )
        ],
    },
)

READS = [
    Story(
        "an item is read",
        [
            _READ_ITEM,
            "ok_get_item",
            "ok_get_item_anon",
            "ok_get_item_fields_statements",
            "err_get_item_fields_unknown",
            "ok_get_item_if_none_match_same",
            "ok_get_item_if_none_match_other",
            "ok_get_item_if_modified_since",
            "ok_get_item_statements_of_property",
            "ok_get_statement",
            "ok_get_statement_of_item",
            "err_get_statement_missing",
            "ok_get_label_with_fallback",
            "err_get_no_user_agent",
            "err_get_v0_not_registered",
        ],
    ),
    Story(
        "what is not there is read, and what is no item",
        [
            "err_get_item_missing",
            "err_get_item_bad_id",
            "err_unknown_route",
            "err_bad_id_patch",
            "err_missing_patch",
            "err_missing_patch_with_if_match",
            "ok_get_property",
            "ok_get_property_data_types",
        ],
    ),
]

POSTS = [
    Story(
        "items and statements are made",
        [
            "ok_post_item",
            "ok_post_item_empty",
            "ok_post_item_client_chosen_statement_id",
            "ok_post_item_client_chosen_id",
            "ok_post_item_mul_label",
            "err_post_item_duplicate_label_description",
            "err_post_item_label_equals_description",
            "err_post_item_mul_description",
            "err_post_item_missing_item",
            "err_post_item_unknown_field",
            "err_post_item_not_json",
            "err_post_item_form_encoded",
            "ok_post_statement",
            "ok_post_statement_same_again",
            "ok_post_statement_client_id",
            "ok_put_statement",
            "err_put_statement_other_property",
            "err_put_statement_unknown_id",
            "ok_patch_statement",
            "err_patch_statement_test_fails",
            "err_patch_statement_id_readonly",
            "err_delete_statement_stale_if_match",
            "ok_delete_statement",
            "err_delete_statement_again",
            "ok_delete_statement_no_body",
        ],
    ),
]

PATCHES = [
    Story(
        "everything of an item is patched",
        [
            item("Q100415", "Patch", {"P214": ["111", "222"], "P31": ["Q5"]}),
            "ok_patch_item_add_statement_new_property",
            "ok_patch_item_append_statement",
            "err_patch_item_append_statement_property_absent",
            "ok_patch_item_change_value",
            "ok_patch_item_change_rank",
            "ok_patch_item_add_reference",
            "ok_patch_item_add_same_reference_again",
            "ok_patch_item_add_qualifier",
            "ok_patch_item_remove_statement",
            "ok_patch_item_remove_last_of_property",
            "ok_patch_item_add_label",
            "ok_patch_item_add_alias_list",
            "ok_patch_item_append_alias",
            "ok_patch_item_append_same_alias",
            "err_patch_item_append_alias_language_absent",
            "ok_patch_item_add_description",
            "ok_patch_item_remove_label",
            "ok_patch_item_add_mul_label",
            "ok_patch_item_add_mul_alias",
            "ok_patch_item_many_ops_one_revision_bot_comment_tags",
            "ok_patch_item_no_change_empty_patch",
            "ok_patch_item_no_change_same_value",
            "ok_patch_item_only_tests",
            "err_patch_item_bot_not_bool",
            "err_patch_item_comment_not_string",
            "err_patch_item_comment_too_long",
            "err_patch_item_tag_unknown",
            "ok_patch_item_json_patch_content_type",
            edit("Q100415", replace("/labels/fr", f"another {RUN}"), revision="8933"),
            "err_patch_item_if_match_stale",
            "ok_patch_item_if_match_fresh",
            "ok_patch_item_if_match_star",
            "ok_patch_item_if_match_weak_etag",
            "err_patch_item_if_match_unquoted",
            "err_patch_item_if_match_garbage",
            "err_patch_item_if_unmodified_since_old",
        ],
    ),
    Story(
        "a list is added where the property is there",
        [
            item("Q100416", "Over", {"P214": ["1", "2", "3"]}),
            "ok_patch_item_add_statement_overwrites_whole_group_danger",
        ],
    ),
    Story(
        "tests hold and fail, and people edit in between",
        [
            item(
                "Q100417",
                "Test",
                {"P214": ["A", "B"], "P217": [value("P217", "C", references=[_URL_1])]},
                ids=[
                    "D0C484A3-9B04-46CB-B92A-16D25E1D53D8",
                    "199C5369-AF96-42C0-90BF-503B706821D1",
                    "D6D76EEE-114A-4A76-9BD1-5CBB264D75F9",
                ],
                hashes=["cc55fec0db5195d8509f18024189ebabee86fbbd"],
            ),
            "ok_test_value_holds",
            "err_test_value_fails",
            "ok_test_id_holds",
            "err_test_id_fails",
            "err_test_id_fails_case",
            "ok_test_whole_statement_holds",
            "ok_test_whole_statement_key_order",
            "err_test_whole_statement_fails_rank_differs",
            "ok_test_whole_group_holds",
            "ok_test_references_hold",
            "ok_test_empty_list",
            "err_test_path_absent",
            "err_test_property_absent",
            "ok_test_label_absent_by_group",
            edit("Q100417", replace("/statements/P217/0/value/content", "C by a person")),
            "ok_race_other_statement_changed_tests_hold",
            edit("Q100417", replace("/statements/P214/0/value/content", "A by a person")),
            "err_race_same_statement_changed_test_fails",
            "ok_race_same_statement_changed_no_test_overwrites",
            edit(
                "Q100417",
                add(
                    "/statements/P214/0/references/-",
                    {"parts": [value("P854", "https://example.org/person")]},
                ),
            ),
            "ok_race_reference_added_by_person_value_test_holds",
            edit("Q100417", remove("/statements/P214/0")),
            "err_index_shift_id_test_catches",
            "ok_index_shift_without_id_test_hits_the_wrong_statement_or_none",
            item("Q100418", "Shift", {"P214": ["a", "b", "c"]}),
            "ok_index_shift_within_one_patch",
            # an id of another item is needed, so this follows in the same story
            item(
                "Q100420",
                "Ids",
                {"P214": ["a", "b"]},
                ids=["AA1F9FCA-2D15-4EFA-A43A-C06AEF35FCB1"],
            ),
            "err_patch_item_add_statement_client_chosen_id",
            "err_patch_item_duplicate_statement_id",
            "err_patch_item_statement_id_of_another_item",
            "err_patch_item_change_statement_id",
            "err_patch_item_change_property_of_statement",
            "err_patch_item_statement_in_wrong_group",
            "err_patch_item_readonly_id",
            "ok_patch_item_remove_id_of_statement",
            "err_patch_item_replace_statement_whole_keeps_id",
            "err_patch_item_move_statement_to_other_property",
            "ok_patch_item_replace_statement_whole_without_id",
            "ok_patch_item_swap_order",
            "ok_patch_item_readonly_type",
            "ok_patch_item_remove_all_statements",
            "ok_patch_item_unknown_top_field_added",
            "ok_patch_item_unknown_field_in_statement",
        ],
    ),
    Story(
        "something is added to nothing",
        [
            item("Q100421", "Empty"),
            "ok_patch_item_add_into_empty_statements_object",
            item("Q100422", "Empty2"),
            "ok_patch_item_add_label_into_empty",
        ],
    ),
    Story(
        "values are unknown, or none",
        [
            item("Q100423", "Nov"),
            "ok_patch_item_novalue",
            item("Q100424", "Somev"),
            "ok_patch_item_somevalue",
            item(
                "Q100425",
                "Vtype",
                {"P569": [{"property": {"id": "P569"}, "value": {"type": "somevalue"}}]},
            ),
            "ok_patch_item_somevalue_to_value",
            "err_patch_item_bad_value_type",
            "ok_patch_item_value_to_novalue",
            "ok_patch_item_novalue_with_content",
        ],
    ),
]

_VALUES = {
    "err_val_url_bad": 428,
    "err_val_url_scheme": 429,
    "err_val_external_id_spaces": 430,
    "err_val_external_id_empty": 431,
    "err_val_string_too_long": 432,
    "err_val_string_newline": 433,
    "err_val_string_is_number": 434,
    "err_val_item_not_existing": 435,
    "err_val_item_bad_id": 436,
    "err_val_item_is_property": 437,
    "err_val_item_as_object": 438,
    "err_val_time_bad_string": 439,
    "err_val_time_hour": 440,
    "ok_val_time_feb31": 441,
    "err_val_time_bad_calendar": 442,
    "err_val_time_no_precision": 443,
    "ok_val_quantity_no_sign": 444,
    "err_val_quantity_bad_unit": 445,
    "err_val_quantity_text": 446,
    "ok_val_quantity_number": 447,
    "ok_val_quantity_bounds": 448,
    "err_val_monolingual_bad_lang": 449,
    "err_val_monolingual_empty": 450,
    "err_val_coord_bad_globe": 451,
    "err_val_coord_out_of_range": 452,
    "err_val_commonsmedia_offline": 453,
    "err_val_unknown_property": 454,
    "err_val_property_is_item": 455,
    "err_val_property_bad_id": 456,
}

VALUES = [
    Story(
        "a value is checked",
        [
            step
            for name, number in _VALUES.items()
            for step in (item(f"Q100{number}", f"V {name.split('_val_')[1]}"), name)
        ],
    ),
    Story(
        "labels and descriptions are checked against other items",
        [
            item(
                "Q100457",
                "Dup",
                descriptions={"en": f"same text {RUN}"},
            ),
            item("Q100458", "Dup other", descriptions={"en": f"same text {RUN}"}),
            "err_val_duplicate_label_description",
            "err_val_label_equals_description",
            "err_put_label_duplicate",
            "err_action_wbeditentity_duplicate_label_description",
        ],
    ),
]

ONE_ITEM = [
    Story(
        "one item takes all values, is malformed, wiped and edited by everybody",
        [
            item("Q100426", "Values"),
            "ok_values_all_datatypes",
            "ok_test_whole_statement_every_datatype_holds",
            "ok_values_quantity_unit_1",
            "err_val_rank_bad",
            "err_val_reference_bad_value",
            "err_val_reference_unknown_property",
            "err_val_statement_no_value",
            "err_val_statement_old_mainsnak_form",
            "err_val_label_bad_language",
            "err_val_label_empty",
            "err_val_label_newline",
            "err_val_label_too_long",
            "ok_val_label_spaces",
            "err_malformed_bare_list_body",
            "err_malformed_entry_is_string",
            "err_malformed_from_absent",
            "err_malformed_index_out_of_range",
            "err_malformed_json",
            "err_malformed_no_content_type",
            "err_malformed_not_a_list",
            "err_malformed_op_missing",
            "err_malformed_op_unknown",
            "err_malformed_patch_missing",
            "err_malformed_path_bad",
            "err_malformed_path_missing",
            "err_malformed_remove_absent_path",
            "err_malformed_replace_absent_path",
            "err_malformed_value_missing",
            "err_unknown_top_field",
            "err_wrong_method",
            "err_too_big_entity",
            "ok_malformed_replace_root",
            "ok_plain_user_cookie_session_no_token",
            "err_plain_user_bot_true",
            "err_bot_password_without_edit_grant",
            "err_bot_password_without_edit_grant_post_item",
            "ok_bot_password_cookie_session_no_token",
            "ok_bot_password_cookie_session_with_x_csrf_header",
            "err_bot_password_cookie_session_with_token_in_body",
            "ok_cross_origin_header_cookie_session",
            "ok_logged_out",
            "err_logged_out_bot_true_is_refused",
            "ok_stale_cookies",
            "err_stale_cookies_bot_true_is_refused",
            "ok_basic_auth_header_ignored",
            "ok_bearer_header_without_oauth_extension",
            block("BlockedBot"),
            "err_blocked_user",
            "err_blocked_user_post_item",
            unblock("BlockedBot"),
            block("HubBot", "Q100426"),
            "err_partially_blocked_from_this_page",
            unblock("HubBot"),
            "ok_maxlag_query_parameter",
            "ok_maxlag_header",
            settings(database_lag=60.0),
            "ok_server_lagged_60s_maxlag_5",
            settings(database_lag=0.0, read_only="The wiki is being moved."),
            "ok_readonly_get",
            "err_readonly_patch",
            "err_readonly_post_item",
            settings(read_only=""),
            limited_bots(2),
            "ok_ratelimit_try_0",
            "ok_ratelimit_try_1",
            "err_ratelimit_try_2",
            "err_ratelimit_no_change_patch",
            "err_ratelimit_test_fails",
            "err_ratelimit_post_item",
            unlimited_bots,
            settings(mul=False),
            "err_mul_switched_off",
            "err_mul_switched_off_post_item",
            settings(mul=True),
        ],
        needs=OWNER,
    ),
    Story(
        "a coordinate's whole numbers are tested",
        [
            item(
                "Q100427",
                "Floats",
                {
                    "P625": [
                        {
                            "latitude": 52.0,
                            "longitude": -4.1,
                            "precision": 0.00001,
                            "globe": "http://www.wikidata.org/entity/Q2",
                        }
                    ],
                    "P2048": [{"amount": "+0.10", "unit": "1"}],
                },
                ids=[
                    "713FA59F-CD7F-47C3-9E2B-527D74B5D003",
                    "DDF21DE3-49B8-4787-B150-66D2A00CAEC8",
                ],
            ),
            "err_test_whole_statement_floats_as_read",
            "err_test_whole_statement_int_52",
            "ok_test_whole_statement_float_52_0",
        ],
    ),
]

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
        needs=OWNER,
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
            item("Q100461", "Deleted"),
            delete("Q100461"),
            "err_deleted_get",
            "err_deleted_patch",
            "err_deleted_patch_with_if_match",
            item("Q100462", "Protected", {"P217": ["x"]}),
            protect("Q100462"),
            "err_protected_patch",
        ],
        needs=OWNER,
    ),
    Story(
        "the form leaves something out",
        [
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
        needs=OWNER,
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
        needs=OTHER_ACCOUNTS,
    ),
    Story(
        "statement ids, tags, lag and limits of the Action API",
        [
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
        needs=OWNER,
    ),
]

STORIES = [*READS, *POSTS, *PATCHES, *VALUES, *ONE_ITEM, *OTHERS, *ACTION]

MORE_MAY_BE_THERE = {
    "ok_get_property_data_types": "Other extensions add data types of their own.",
}
"""The recordings to whose answer a wiki may add, each with why."""

LEFT_OUT = {
    "ok_action_siteinfo": "The Action API's siteinfo is replayed with the Action API's recordings.",
}
"""The recordings that are not replayed, each with why."""
