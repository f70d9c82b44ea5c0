"""Every address is known for what it says of people, and nobody who hides, goes by an alias or paused is
named by any to anybody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from litestar import Litestar

from app.council import Whose
from app.live.request import wanted
from app.screens.language import Language
from app.screens.slides import Sight, slide_kinds
from rewards import MESSAGES
from scoring import open_case
from tests.app.pages.company import Company
from tests.app.pages.conftest import As
from tests.app.pages.contest_rows import Contests
from tests.app.pages.exposure import EXPOSES
from tests.app.pages.test_council import addresses

# Each part of a name is a word that stands nowhere else.
UNSEEN = ("Hildebrand Umbra", "Amaryllis Verita", "Pelagius Quies")
ALIAS = "Night Owl 7"
GUARDED = ("hr", "administrator", "leader", "communications")


def routes(application: Litestar) -> set[str]:
    return {
        route.path
        for route in application.routes
        if not route.path.startswith(("/static/", "/schema")) and hasattr(route, "methods")
    }


async def test_every_address_is_known_for_what_it_says_of_people(application: Litestar) -> None:
    here = routes(application)
    assert here - EXPOSES.keys() == set(), "say in exposure.py what is personal in these"
    assert EXPOSES.keys() - here == set(), "these are no addresses any more"


async def test_what_names_people_to_deciders_is_closed_to_everybody_else(
    application: Litestar, signed_in: As, company: Company
) -> None:
    client = await signed_in(await company.person("Mira Own", 40))
    for address in addresses(application, only=Whose.DECIDER):
        assert (await client.get(address)).status_code in (403, 404), address


async def world(company: Company, connection: asyncpg.Connection) -> dict[str, int]:
    """People shown and unseen, with figures, posts, a contest, a case and an open comparison."""
    shown = [await company.person(f"Shown Person{n}", 500 - n, shared=2) for n in range(8)]
    hidden = await company.person(
        UNSEEN[0], 900, shared=9, visibility="hidden", networks=("mastodon",)
    )
    alias = await company.person(UNSEEN[1], 800, shared=8, alias=ALIAS, networks=("mastodon",))
    paused = await company.person(UNSEEN[2], 700, shared=7, state="paused", networks=("mastodon",))
    unseen = (hidden, alias, paused)
    await connection.execute("update profile set opens_compare = true")
    for person in unseen:
        await company.post(person, "mastodon", "What I did this weekend", handed_in=True)
    publisher = await company.person("Hanna of HR", role="hr")
    values = {person: 300 - person for person in (*shown, *unseen)}
    await Contests(company, publisher).contest(values=values, starts_in=timedelta(days=-2))
    for person in unseen:
        await open_case(
            connection,
            kind="self_clicks",
            person_id=person,
            reason="Clicks of one's own.",
            evidence={"key": f"clicks-{person}"},
            now=datetime.now(UTC),
        )
    roles = {"hr": publisher, "nobody": shown[0]}
    for role in GUARDED[1:]:
        roles[role] = await company.person(f"Rae of {role}", role=role)
    return roles


def told_of(text: str) -> set[str]:
    return {name for name in UNSEEN if any(word in text for word in name.split())}


async def test_who_hides_goes_by_an_alias_or_paused_is_named_by_no_address_to_anybody_else(
    application: Litestar, signed_in: As, company: Company, connection: asyncpg.Connection
) -> None:
    roles = await world(company, connection)
    known = addresses(application, but=Whose.DECIDER)
    searches = [
        *(f"/?q={name.split()[1]}&period={period}" for name in UNSEEN for period in ("month", "all")),
        *(f"/compare?q={name.split()[1]}" for name in UNSEEN),
        *(f"/?audience={who}&rows=500" for who in ("department-1", "office-1", "bracket-1")),
        *(f"/board.{kind}?period=quarter&metric=shared" for kind in ("csv", "json")),
        "/contests/starters?rows=500", "/?rows=500", "/compare?q=Owl",
    ]  # fmt: skip
    wrong, seen = [], ""
    for role, person in roles.items():
        client = await signed_in(person)
        for address in (*known, *searches):
            text = (await client.get(address)).text
            # What was typed stands in its field again.
            for part in ("value", "q"):
                text = text.replace(f'{part}="{address.rpartition("q=")[2]}"', "")
            seen += text
            if "q=" not in address and (names := told_of(text)):
                wrong.append(f"{role} {address}: {sorted(names)}")
            elif "q=" in address and any(name in text for name in UNSEEN):
                wrong.append(f"{role} {address}")
    assert "\n".join(wrong) == ""
    assert ALIAS in seen  # the alias itself is seen, so the walk went where people stand


async def test_no_slide_names_who_is_not_shown(
    application: Litestar, company: Company, connection: asyncpg.Connection
) -> None:
    await world(company, connection)
    state = application.state
    told = []
    for audience in ("staff", "public"):
        sight = Sight(
            state.pool, state.redis, state.boards, state.settings, audience, Language("en"),
            datetime.now(UTC),
        )  # fmt: skip
        told += [
            repr(await kind.content(sight, dict(kind.example))) for kind in slide_kinds().values()
        ]
        for who in ("all", "department-1", "office-1", "bracket-1"):
            board = {"metric": "shared", "period": "quarter", "audience": who}
            told.append(repr(await slide_kinds()["board"].content(sight, board)))
    assert told_of("\n".join(told)) == set()
    assert ALIAS in "\n".join(told)


def test_no_message_is_made_with_a_persons_name() -> None:
    # What a notice is made with is checked by its fields; what people wrote themselves is a reason.
    for message in MESSAGES.values():
        assert set(message.needs) <= {
            "contest", "slug", "amount", "award", "reason", "change", "network", "until", "on",
            "count", "about", "outcome", "claim",
        }, message.kind  # fmt: skip


def test_a_stream_carries_names_of_boards_and_versions_alone() -> None:
    with pytest.raises(ValueError, match="person"):
        wanted(b"board=person:1", None)
