"""The recorded reads, creations and patches of items, in the order in which they were sent."""

from __future__ import annotations

from tests.wikibase.rest_names import RUN
from tests.wikibase.rest_setups import (
    add,
    edit,
    item,
    remove,
    replace,
    value,
)
from tests.wikibase.rest_story import Story

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
