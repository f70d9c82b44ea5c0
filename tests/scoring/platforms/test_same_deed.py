"""Law: one deed is one engagement, whichever source tells it."""

from uuid import UUID

import pytest

from scoring.facts import Engagement, Post, Removal
from scoring.identity import account_id, engagement_id, native_key
from tests.scoring.platforms.examples import adapted, read


def identities(name: str, example: str) -> set[object]:
    return {
        engagement_id(
            name, deed.kind, deed.native_id, account_id(name, deed.target) if deed.target else None
        )
        for deed in deeds(name, example)
    }


def deeds(name: str, example: str) -> list[Engagement]:
    return [
        fact for fact in adapted(name, read(name, example)).facts if isinstance(fact, Engagement)
    ]


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("x", "xaa_post", "aaa_post"),
        ("x", "xaa_company_reposts", "aaa_company_reposts_a_quote"),
        ("x", "xaa_company_reposts", "xaa_repost_of_employee"),
        ("x", "xaa_reply", "aaa_reply"),
        ("x", "xaa_quote", "aaa_quote"),
        ("x", "xaa_mention", "aaa_mention"),
        ("x", "xaa_like_inbound", "aaa_like"),
        ("x", "xaa_like_inbound", "xaa_like_outbound"),
        ("x", "xaa_follow", "aaa_follow_and_unfollow"),
        ("mastodon", "webhook_company_boosts", "notification_boost"),
        ("mastodon", "webhook_company_boosts", "frame_company_boosts"),
        ("mastodon", "webhook_reply", "notification_reply_of_a_colleague"),
        ("mastodon", "webhook_quote", "notification_quote"),
        ("mastodon", "notification_favourite", "frame_favourite"),
        ("mastodon", "webhook_post", "webhook_post_edited"),
        ("facebook", "reaction_add", "reaction_edit"),
        ("facebook", "comment_add", "comment_edited"),
        ("linkedin", "comment", "comment_edit"),
        ("linkedin", "like", "like_as_reaction"),
        ("instagram", "comment", "comment_with_instagram_login"),
        ("instagram", "comment", "comment_in_a_list"),
        ("threads", "reply", "reply_in_the_older_envelope"),
        ("youtube", "video", "video_renamed"),
        ("bluesky", "post", "post_v2"),
        ("bluesky", "like", "like_v2"),
    ],
)
def test_two_sources_of_a_deed_give_one_identity(name: str, one: str, other: str) -> None:
    assert identities(name, one)
    assert identities(name, one) == identities(name, other)
    times = [{deed.occurred_at for deed in deeds(name, example)} for example in (one, other)]
    assert times[0] == times[1] or None in times[0] | times[1]


def test_an_edited_post_of_x_is_the_post_it_was_in_its_new_words() -> None:
    for written, edited in (("xaa_post", "xaa_post_edited"), ("aaa_post", "aaa_post_edited")):
        assert identities("x", written) == identities("x", edited)
        posts = [
            fact
            for example in (written, edited)
            for fact in adapted("x", read("x", example)).facts
            if isinstance(fact, Post)
        ]
        assert len({post.native_id for post in posts}) == 1
    assert identities("x", "xaa_post_edited") == identities("x", "aaa_post_edited")


@pytest.mark.parametrize(
    ("name", "deed", "undone"),
    [
        ("x", "xaa_company_reposts", "xaa_delete"),
        ("x", "aaa_company_reposts_a_quote", "aaa_delete"),
        ("x", "xaa_post_edited", "xaa_delete_of_an_edited_post"),
        ("x", "xaa_follow", "xaa_unfollow"),
        ("mastodon", "webhook_company_boosts", "frame_delete"),
        ("mastodon", "frame_company_boosts", "frame_delete"),
        ("facebook", "comment_add", "comment_remove"),
        ("facebook", "share_by_the_page", "share_remove"),
        ("facebook", "mention", "mention_remove"),
        ("facebook", "reaction_edit", "reaction_remove"),
        ("threads", "publish", "delete"),
        ("linkedin", "comment_edit", "comment_delete"),
        ("youtube", "video_renamed", "video_deleted"),
        ("standard", "post_published", "post_removed"),
        ("standard", "reaction_recorded_without_id", "reaction_removed_by_its_parts"),
        ("standard", "reshare_on_another_network", "engagement_removed"),
    ],
)
def test_a_removal_names_the_deed_it_undoes(name: str, deed: str, undone: str) -> None:
    before, removed = (
        {
            native_key(name, fact.native_id)
            for fact in adapted(name, read(name, example)).facts
            if isinstance(fact, Removal)
        }
        for example in (deed, undone)
    )
    assert not any(is_gone(name, fact, before) for fact in deeds(name, deed))
    assert any(is_gone(name, fact, before | removed) for fact in deeds(name, deed))


def is_gone(name: str, deed: Engagement, removed: set[UUID]) -> bool:
    """As whoever counts decides it: by its own name, or by every further one."""
    others = {native_key(name, known) for known in deed.also}
    return native_key(name, deed.native_id) in removed or (bool(others) and others <= removed)


@pytest.mark.parametrize(
    ("name", "original", "deed"),
    [
        ("x", "xaa_post", "xaa_reply"),
        ("x", "xaa_post", "xaa_company_reposts"),
        ("x", "aaa_post", "aaa_quote"),
        ("x", "xaa_post", "xaa_quote_of_an_edited_post"),
        ("mastodon", "webhook_post", "webhook_company_boosts"),
        ("mastodon", "webhook_post", "notification_reply"),
        ("mastodon", "webhook_post", "notification_favourite"),
        ("mastodon", "webhook_post", "webhook_quote"),
    ],
)
def test_a_deed_names_the_post_by_the_name_the_post_has_itself(
    name: str, original: str, deed: str
) -> None:
    (post,) = deeds(name, original)
    acted_on = {fact.post for fact in deeds(name, deed) if fact.post}
    assert acted_on == {post.native_id}
