"""In which order the recorded requests to the Action API were made, and what lay between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.wikibase.action_names import RUN
from tests.wikibase.action_setups import (
    RECORDED,
    Step,
    another_value,
    blocked,
    described,
    item,
    linked,
    many_items,
    page,
    persons,
    rate_limited,
    removed,
    seed_entity,
    seed_property,
    settings,
    string_statement,
)
from tests.wikibase.action_target import ADMIN, BLOCKED, FEW, NOBODY, PERSON

OTHER_ACCOUNTS = "other accounts with known passwords"
ADMINISTRATOR = "an administrator's account"
OWNER = "the powers of the wiki's owner"


@dataclass(frozen=True)
class By:
    """A recorded request that somebody else than the bot made."""

    who: str
    name: str


@dataclass(frozen=True)
class Story:
    """Recorded requests in their order, with set-ups between; `needs` says what it takes beside a
    bot's account: nothing, or one of the above."""

    name: str
    steps: Sequence[str | By | Step]
    needs: str = ""

    @property
    def recordings(self) -> list[str]:
        """The recordings that it replays."""
        named = (step.name if isinstance(step, By) else step for step in self.steps)
        return [name for name in named if isinstance(name, str)]


def _all(pattern: str) -> list[str]:
    return sorted(path.stem for path in RECORDED.glob(f"{pattern}.json"))


_SAMPLE, _SELF, _OTHER = "Q101134", "Q101137", "Q101136"
_A, _B = "CB74FD1A-74A9-4373-ACA3-98D86D23FE33", "02F88700-258E-45E0-81F1-2A510E7A8966"
_sample = item(_SAMPLE, f"Sample {RUN}", "a sample")
_LIMITS = {name: {"user": (2, 10)} for name in ("edit", "wikibase-idgenerator")}

STORIES = (
    Story(
        "an item from its beginning",
        (
            "ok_wbeditentity_new_item",
            "ok_wbgetentities_one",
            "ok_wbgetentities_one_fv1",
            "ok_http_entitydata_json_revision",
            "ok_wbeditentity_with_fresh_baserevid",
            "ok_wbeditentity_nochange",
            "ok_wbeditentity_stale_baserevid_same_user_no_conflict",
            "ok_wbsetlabel",
            "ok_wbsetdescription",
            "ok_wbsetaliases",
            "ok_wbcreateclaim",
            "ok_wbsetreference",
            "ok_wbsetqualifier",
            "ok_wbsetclaimvalue",
            "ok_wbgetclaims",
            "ok_wbsetclaim_existing",
            "ok_wbsetclaim_nochange",
            "ok_wbremovereferences",
            "err_wbremovereferences_again",
            "ok_wbremoveclaims",
            "ok_query_revisions_of_item",
            "ok_query_recentchanges",
            "err_wbremoveclaims_again",
            "err_wbsetreference_unknown_statement",
        ),
    ),
    Story(
        "sitelinks to the wiki's own pages",
        (
            _sample,
            "ok_edit_wikitext_page",
            "err_wbsetsitelink_unknown_site",
            "err_wbsetsitelink_no_external_page",
            "ok_wbsetsitelink",
            "ok_wbgetentities_by_sitelink",
            "err_sitelink_conflict",
        ),
        OWNER,
    ),
    Story(
        "two users on one item",
        (
            "ok_tmp_new",
            By(PERSON, "ok_other_user_edit"),
            "ok_stale_baserevid_other_field_other_user",
            "ok_state_after_patched_edit_by_wbgetentities",
            "err_editconflict_stale_baserevid_same_field",
            "err_editconflict_fv1_bc",
            "err_editconflict_plaintext_fv2",
            "err_editconflict_wbsetdescription",
            "err_stale_baserevid_clear",
            "err_baserevid_not_existing",
            _sample,
            described(_SAMPLE, "another page's revision", 1571),
            "err_baserevid_of_other_page",
        ),
        OTHER_ACCOUNTS,
    ),
    Story(
        "conflicts with oneself, and lost updates",
        (
            item(_SELF, f"Selfc {RUN}", "s0", 1590),
            described(_SELF, "s1", 1591),
            "err_stale_baserevid_same_field_same_user_only",
            "ok_state_after_self_conflict_by_wbgetentities",
            string_statement(_SELF, _A, "A", 1592),
            removed(f"{_SELF}${_A}"),
            "err_stale_change_of_a_claim_another_user_removed",
            string_statement(_SELF, _B, "B", 1594),
            another_value(f"{_SELF}${_B}", "B2"),
            "ok_stale_change_of_a_claim_another_user_changed",
            "ok_state_after_stale_change_of_a_claim_the_other_users_value_is_lost",
            "ok_no_baserevid_overwrites_the_other_users_value",
            "ok_history_after_stale_change_of_a_claim",
            "ok_core_edit_undo",
            By(PERSON, "err_undo_like_rollback_plain_user"),
            "err_core_edit_of_item_json",
            "err_core_create_page_titled_as_item",
            "err_core_create_wikitext_page_in_item_namespace",
        ),
        OTHER_ACCOUNTS,
    ),
    Story(
        "labels and descriptions that are taken",
        (
            _sample,
            "ok_tmp_dup1",
            "err_duplicate_label_description",
            "err_duplicate_label_description_fv1",
            "err_duplicate_label_description_plaintext",
            "ok_duplicate_via_wbsetlabel",
            "err_duplicate_via_wbsetlabel2",
            "err_label_equals_description",
            "err_label_too_long",
            "err_label_bad_language",
            "ok_label_with_tabs_and_spaces",
            "ok_label_newline",
            "err_wbeditentity_bad_language",
            "err_wbeditentity_language_mismatch",
        ),
    ),
    Story(
        "labels that others have already",
        (
            item(_SAMPLE, f"Sample {RUN}", "same text"),
            item("Q100244", "x", "same text"),
            "err_autoblocked_bot_password_session",
            "err_duplicate_property_label",
        ),
        OWNER,
    ),
    Story("values in wbeditentity", (_sample, *_all("*_val_wbeditentity_*"))),
    Story("values in wbcreateclaim", (_sample, *_all("*_val_wbcreateclaim_*"))),
    Story(
        "what wbeditentity and its like do not take",
        (
            _sample,
            "err_wbeditentity_bad_json",
            "ok_wbeditentity_json_list",
            "ok_wbeditentity_unknown_field",
            "ok_wbeditentity_empty_data_new",
            "err_wbeditentity_both_new_and_id",
            "err_wbeditentity_neither",
            "err_wbeditentity_invalid_id",
            "err_wbeditentity_no_such_entity",
            "err_wbeditentity_claim_no_mainsnak",
            "err_wbeditentity_claim_no_type",
            "err_wbeditentity_property_bad_datatype",
            "err_wbeditentity_property_no_datatype",
            "err_wbeditentity_reference_bad_value",
            "err_wbeditentity_remove_unknown_claim",
            "err_wbsetclaim_bad_guid",
            "err_wbsetclaim_bad_json",
            "err_wbsetlabel_no_such_entity",
            "err_too_big_entity",
        ),
    ),
    Story(
        "reading",
        (
            seed_property("P856", "url"),
            seed_entity("ok_wbgetentities_seed_item_full", "Q100001"),
            seed_entity("ok_wbgetentities_seed_item_full", "Q100002"),
            "ok_wbgetentities_seed_item_full",
            "ok_wbgetentities_languages_filter",
            "ok_http_entitydata_json",
            _sample,
            "ok_wbgetentities_props_info",
            "ok_wbgetentities_missing",
            "ok_wbgetentities_missing_fv1",
            "ok_wbgetentities_by_sitelink_missing",
            "ok_warn_unknown_parameter",
            "err_wbgetentities_invalid_id",
            "err_wbgetentities_no_ids",
            "err_wbgetclaims_no_such_entity",
            "err_http_entitydata_badid",
            "err_http_entitydata_missing",
            "ok_http_entity_uri",
            "ok_wbsearchentities_none",
        ),
    ),
    Story(
        "searching",
        (persons(1, 101, 103, 105), "ok_wbsearchentities"),
    ),
    Story(
        "many at once",
        (
            many_items(100001, 100051),
            "ok_wbgetentities_51_ids_bot",
            By(NOBODY, "err_wbgetentities_51_ids_anon"),
        ),
    ),
    Story(
        "properties, as they are on the recordings' wiki",
        ("ok_wbgetentities_property",),
        OWNER,
    ),
    Story(
        "who links here",
        (
            linked("Q100001", "Q100003", "Q100005", "Q100007"),
            "ok_query_pageswithprop_or_whatlinkshere",
        ),
    ),
    Story(
        "merging",
        (
            item("Q101174", f"M {RUN}", "m"),
            item("Q101175", f"M {RUN}", "n"),
            "err_wbmergeitems_conflict_description",
            "ok_wbmergeitems_ignoreconflicts",
            "ok_wbgetentities_redirect",
            "ok_wbgetentities_redirect_no",
            "ok_wbsetlabel_on_redirect",
            "ok_wbeditentity_on_redirect",
            "ok_http_entitydata_redirect",
        ),
    ),
    Story(
        "deletion",
        (
            item("Q101176", f"D1 {RUN}", revision=1616),
            By(PERSON, "err_delete_no_right"),
            By(ADMIN, "ok_delete_item"),
            "err_wbeditentity_deleted",
            "err_wbeditentity_deleted_baserevid",
            "ok_wbgetentities_deleted",
            "err_http_entitydata_deleted",
        ),
        ADMINISTRATOR,
    ),
    Story(
        "protection",
        (
            item("Q101177", f"P1 {RUN}"),
            By(ADMIN, "ok_protect_item"),
            "err_protected_page",
        ),
        ADMINISTRATOR,
    ),
    Story(
        "rights",
        (
            _sample,
            By(PERSON, "err_permissiondenied_property_create_plain_user"),
            By(FEW, "err_botpassword_without_edit_grant"),
            By(FEW, "err_botpassword_without_edit_grant_new"),
            By(NOBODY, "err_assert_user_logged_out"),
            By(PERSON, "err_assert_bot_plain_user"),
            "err_assertnameduser",
            By(NOBODY, "ok_anon_edit_allowed_here"),
            By(NOBODY, "err_loggedout_post_with_old_token"),
        ),
        OTHER_ACCOUNTS,
    ),
    Story(
        "blocks",
        (
            _sample,
            blocked("test block", "24 hours", times=7),
            By(BLOCKED, "err_blocked"),
            By(BLOCKED, "err_blocked_plaintext"),
            By(BLOCKED, "err_blocked_new_item"),
            By(BLOCKED, "err_blocked_core_edit"),
            By(BLOCKED, "ok_blocked_userinfo"),
            blocked("autoblock test", "1 hour"),
            By(BLOCKED, "err_blocked_again_sets_autoblock"),
            page("Project:Sandbox"),
            "ok_autoblocked_core_edit",
        ),
        ADMINISTRATOR,
    ),
    Story(
        "logging in",
        (
            By(NOBODY, "ok_token_login"),
            "ok_token_csrf",
            By(NOBODY, "ok_login_botpassword"),
            By(NOBODY, "ok_login_mainaccount_action_login"),
            By(NOBODY, "ok_clientlogin"),
            By(NOBODY, "err_login_badtoken"),
            By(NOBODY, "err_login_wrong_password"),
            "ok_userinfo",
        ),
        OWNER,
    ),
    Story(
        "what every request may be told",
        (
            _sample,
            "err_badtoken",
            "err_badtoken_fv1",
            "err_missing_token",
            "err_missing_parameter",
            "err_mustbeposted",
            "err_bad_enum",
            "err_bad_integer",
            "err_unknown_action",
            "ok_meta_wikibase",
            "ok_siteinfo",
        ),
    ),
    Story(
        "lag and being read-only",
        (
            _sample,
            "ok_maxlag_minus1",
            "err_maxlag_minus2",
            "err_maxlag_minus2_fv1",
            settings(query_service_lag=12.5),
            "err_maxlag_wikibase_queryservice",
            "err_maxlag_wikibase_queryservice_fv1",
            "err_maxlag_wikibase_queryservice_plaintext",
            "ok_lagged_but_maxlag_20",
            settings(query_service_lag=0, read_only="maintenance test"),
            "ok_readonly_read",
            "err_readonly_wbeditentity",
            "err_readonly_wbsetlabel",
            "err_readonly_plaintext",
        ),
        OWNER,
    ),
    Story(
        "rate limits",
        (
            _sample,
            rate_limited(_LIMITS),
            "ok_userinfo_with_ratelimits",
            "ok_ratelimit_try_0",
            "ok_ratelimit_try_1",
            "err_ratelimit_try_2",
            "err_ratelimit_try_3",
            "err_ratelimited_plaintext",
            "err_ratelimited_wbeditentity_new",
            "err_ratelimited_core_edit",
        ),
        OWNER,
    ),
)

_OLD_REST = "the REST API v0 of 1.39, which no wiki has any longer; v1 has its own contract test"
_NOT_ASKED = "formats or parses a value, which HubBot does itself; the stand-in has no such module"
LEFT_OUT = {
    "err_rest_item_badid": _OLD_REST,
    "err_rest_item_missing": _OLD_REST,
    "err_rest_post_statement": _OLD_REST,
    "ok_rest_item": _OLD_REST,
    "ok_rest_item_redirect": _OLD_REST,
    "ok_rest_item_statements": _OLD_REST,
    "ok_rest_post_statement_oldformat": _OLD_REST,
    "ok_http_entitydata_ttl": "the stand-in has no RDF",
    "ok_wbformatvalue": _NOT_ASKED,
    "ok_wbparsevalue_time": _NOT_ASKED,
    "err_wbparsevalue_time": _NOT_ASKED,
}
"""The recordings that are not replayed, and why not."""
