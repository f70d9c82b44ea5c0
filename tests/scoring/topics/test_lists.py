"""By which words a post has a topic: whole words in every script, hashtags whole, lists from a moment on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.topics.folding import folded
from scoring.topics.keeping import (
    MOST_WORDS,
    TopicRefused,
    checked_hashtags,
    checked_keywords,
    slug_of,
)
from scoring.topics.lists import Found, TopicList, TopicLists
from tests.scoring.scene import LONG_AGO, hour


def listed(
    *words: str, id: int = 1, topic: str = "safety", active: bool = True, valid_from=LONG_AGO
):
    tags = tuple(word[1:] for word in words if word.startswith("#"))
    keywords = tuple(word for word in words if not word.startswith("#"))
    return TopicList(id, topic, topic.capitalize(), tags, keywords, active, valid_from)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("safety", "Safety first."),
        ("safety", "What (SAFETY) means"),
        ("safety", "#safety counts as the word it is"),
        ("night shift", "Our night\n  shift in Bergen"),
        ("café", "a CAFE near the office"),
        ("straße", "STRASSE gesperrt"),
        ("sécurité", "La se\u0301curite\u0301 d'abord"),
        ("ασφάλεια", "Η ΑΣΦΑΛΕΙΑ πρώτα"),
        ("istanbul", "İstanbul'da bugün"),
        ("безопасность", "Безопасность – это мы"),
        ("בטיחות", "היום: בְּטִיחוּת בעבודה"),
        ("سلامة", "السَّلام، سَلامة العمل"),
        ("सुरक्षा", "आज सुरक्षा दिवस है"),
        ("安全", "職場の安全第一です"),
        ("ความปลอดภัย", "เรื่องความปลอดภัยในโรงงาน"),
        ("안전", "오늘의 안전 교육"),
        ("c++", "We teach C++ here"),
        ("co-op", "The co-op opens"),
        ("safety", "sa\u00adfety at work"),
    ],
)
def test_a_word_is_found_whatever_its_case_accents_and_script(word: str, text: str):
    assert listed(word).finds((), text) == [Found("safety", "keyword", word)]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("safe", "unsafe safety safes"),
        ("art", "start a party, artful"),
        ("night shift", "a night, then shift"),
        ("सुर", "आज सुरक्षा दिवस है"),
        ("안전", "안전하게"),
        ("safety", "see https://example.com/safety/report"),
        ("safety", "thanks @safety and info@safety.example"),
        ("कल", "कला"),
        ("safety", ""),
    ],
)
def test_a_part_of_a_word_an_address_or_a_name_is_no_word(word: str, text: str):
    assert listed(word).finds((), text) == []


def test_a_hashtag_is_compared_whole():
    mine = listed("#SafetyFirst", "#Santé")
    assert mine.finds(["safetyfirst"], None) == [Found("safety", "hashtag", "SafetyFirst")]
    assert mine.finds(["sante"], None) == [Found("safety", "hashtag", "Santé")]
    assert mine.finds(["safety", "first", "safetyfirst2"], "no word here") == []


def test_a_post_without_its_text_still_has_the_topics_of_its_hashtags():
    assert listed("#safety", "helmet").finds(["safety"], None) == [
        Found("safety", "hashtag", "safety")
    ]


def test_twenty_hashtags_are_worth_the_companys_topics_among_them_and_no_more():
    lists = TopicLists([listed("#safety"), listed("#garden", id=2, topic="garden")])
    tags = [f"tag{n}" for n in range(18)] + ["safety", "garden"]
    found = lists.found_in(hour(0), tags, "hello")
    assert {one.topic for one in found} == {"safety", "garden"}


def test_the_list_that_held_when_a_post_was_published_decides():
    lists = TopicLists(
        [
            listed("#old"),
            listed("#new", id=2, valid_from=hour(5)),
            listed("#late", id=3, valid_from=hour(5)),  # of one moment the one recorded last
            listed("#late", id=4, valid_from=hour(9), active=False),
        ]
    )

    def topics(at: float, tag: str) -> bool:
        return bool(lists.found_in(hour(at), [tag], None))

    assert topics(4.9, "old")
    assert not topics(4.9, "late")
    assert topics(5, "late")
    assert not topics(5, "new")
    assert not topics(5, "old")
    assert not topics(9, "late")
    assert not lists.found_in(LONG_AGO - timedelta(days=1), ["old"], None)


@given(st.text())
def test_what_is_folded_stays_folded(text: str):
    assert folded(folded(text)) == folded(text)


@given(st.text(min_size=1, max_size=12), st.text(max_size=20), st.text(max_size=20))
def test_a_keyword_between_blanks_is_always_found(word: str, before: str, after: str):
    try:
        [kept] = checked_keywords([word])
    except (TopicRefused, ValueError):
        return
    if "@" in kept or "/" in kept or "www." in folded(kept):
        return  # looks like an address or a name, which are no words
    words = TopicList(1, "safety", "Safety", (), (kept,), True, LONG_AGO)  # also one like “#0”
    assert words.finds((), f"{before.split('@')[0]} \n {kept} \n {after}")


def test_what_can_be_no_word_is_refused_in_words():
    assert checked_hashtags(["#Safety", "safety", " ", "#Café"]) == ("Safety", "Café")
    assert checked_keywords(["night  shift", "Night Shift", "AI"]) == ("night shift", "AI")
    for wrong in (["two words"], ["a/b"], ["x" * 61]):
        with pytest.raises(TopicRefused):
            checked_hashtags(wrong)
    for wrong in (["a"], ["!!!"], ["x" * 61], [f"word{n}" for n in range(MOST_WORDS + 1)]):
        with pytest.raises(TopicRefused):
            checked_keywords(wrong)
    # What no database keeps, and what turns a line of text around.
    for unseen in ("a\0b", "\u202esafety", "\ud800bc"):
        for checked in (checked_hashtags, checked_keywords):
            with pytest.raises(TopicRefused):
                checked([unseen])
    assert checked_keywords(["می\u200cخواهم"]) == ("می\u200cخواهم",)  # a joiner is part of the word


def test_rules_call_a_topic_by_its_name_in_small_letters():
    assert slug_of("Work & life") == "work-life"
    assert slug_of("Nachhaltigkeit!") == "nachhaltigkeit"
    assert slug_of("安全") == "安全"
    assert slug_of("???") == ""
