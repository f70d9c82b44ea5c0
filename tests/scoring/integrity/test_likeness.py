"""What makes two texts alike, and what does not."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from scoring.integrity import Finding, Happened, detectors
from scoring.integrity.happened import OwnText
from scoring.integrity.likeness import bands, length, pairs, share, words
from seeds.cheats.population import NOW

TWELVE = "one two three four five six seven eight nine ten eleven twelve"
OWN = (
    "Today the night shift mended the oldest press in the hall, and by sunrise it ran more quietly"
    " than on the day it was delivered to my grandfather."
)
OTHER = (
    "Six apprentices asked me why our seals are green; I had to call three retired colleagues until"
    " one remembered a tin of paint left over from a boat."
)
CLOSING = " We are hiring, come and join us, you find all the places on our site."


def copies(*texts: str, company: tuple[str, ...] = ()) -> list[Finding]:
    """What is found where so many different people write these, one after the other."""
    own = [
        OwnText(UUID(int=n), n, NOW + timedelta(hours=n), text, (UUID(int=1000 + n),))
        for n, text in enumerate(texts, start=1)
    ]
    happened = Happened(now=NOW + timedelta(days=9), texts=own, company_texts=company)
    return list(detectors()["near_duplicates"].find(happened))


def test_addresses_hashtags_and_accounts_are_no_words() -> None:
    assert words("Hello @ana.b@c.d, see https://a.b/c?d=e #TeamAcme: it's Ærø!") == [
        "hello", "see", "it's", "ærø",
    ]  # fmt: skip
    assert copies(f"{OWN} #a @b https://c.d", f"#x {OWN} https://y.z/1")


def test_texts_under_twelve_words_are_never_alike() -> None:
    eleven = TWELVE.rsplit(" ", 1)[0]
    assert copies(eleven, eleven) == []
    assert copies(f"{eleven} #a #b #c https://d.e", f"{eleven} #a #b #c https://d.e") == []
    assert len(copies(TWELVE, TWELVE)) == 1


def test_two_letters_of_a_script_without_spaces_are_a_word() -> None:
    short, long = (
        "今日は新しいポンプを出荷しました",
        "今日は新しいポンプを出荷しました。鳥の声が聞こえるほど静かです",
    )
    assert length(words(short)) < 12 <= length(words(long))
    assert copies(short, short) == []
    assert len(copies(long, long)) == 1


@pytest.mark.parametrize("every", [8, 12])
def test_a_copy_with_words_exchanged_is_found(every: int) -> None:
    said = OWN.split()
    edited = [f"x{n}" if n % every == every - 1 else word for n, word in enumerate(said)]
    assert len(copies(OWN, " ".join(edited))) == 1
    assert len(copies(OWN, "Look: " + OWN.upper() + " 🚀")) == 1


def test_a_phrase_that_both_use_makes_no_copy_however_long() -> None:
    assert copies(OWN + CLOSING, OTHER + CLOSING) == []
    assert copies("My first week is over." + CLOSING, "A quiet day." + CLOSING) == []


def test_repeating_the_company_is_sharing_and_repeating_each_other_is_not() -> None:
    assert copies(OWN, OWN, company=(OWN,)) == []
    assert len(copies(f"{OTHER} {OWN}", f"{OTHER} {OWN}", company=(OWN,))) == 1


def test_the_first_keeps_everything_and_every_copy_is_asked_about_once() -> None:
    found = copies(OWN, OTHER, OWN, OWN)
    assert [finding.person_id for finding in found] == [3, 4]
    assert [finding.hold for finding in found] == [(UUID(int=1003),), (UUID(int=1004),)]
    assert found[1].evidence["people"] == 3


def test_what_shares_half_its_pairs_meets_in_a_band_and_strangers_seldom_do() -> None:
    rng, met, strange = Random(7), 0, 0
    for n in range(300):
        one = [f"w{rng.randrange(5000)}" for _ in range(30)]
        # A third exchanged in one stretch: half of all pairs are in both.
        other = one[:20] + [f"v{rng.randrange(5000)}" for _ in range(10)]
        mine, its = bands(pairs(one)), bands(pairs(other))
        assert 0.4 < share(pairs(one), pairs(other)) < 0.6
        met += len(set(mine) & set(its)) >= 2
        strange += bool(set(mine) & set(bands(pairs([f"u{n}-{i}" for i in range(30)]))))
    assert met >= 0.85 * 300
    assert strange <= 3


def test_sketches_kept_yesterday_meet_those_made_today() -> None:
    # Were these to change, sketches in databases would have to be thrown away.
    assert bands(pairs(words(TWELVE)))[:2] == [928254631736480883, -4376020337153790417]
