"""From a decided contest to its announcement: what will be shown, and when.

Laws: a contest is announced once, whoever asks how often and at once; only when it is decided and no
award of it waits for approval; two announcements never want the screens at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rewards.announcements.announcement import Announcement
from rewards.announcements.plan import Plan, Won, plan
from rewards.announcements.reading import STILL_WON, of_contest, unfinished
from rewards.announcements.recording import refuse_who_may_not, write
from rewards.announcements.stretch import in_the_way, over_at, stretch
from rewards.announcements.timetable import Manner, length
from rewards.announcements.words import leaders_line
from rewards.awards import AwardState, AwardView, awards
from rewards.connection import Connection
from rewards.contests.charter import Charter
from rewards.contests.phrases import moment_words
from rewards.contests.record import Contest, lock, read
from rewards.refusal import Refused
from scoring import record_audit

AHEAD: Final = timedelta(days=60)  # further away nobody knows who will stand there
# A form says whole minutes, so the minute that runs is now.
_THIS_MINUTE: Final = timedelta(minutes=1)
_ONE_AT_A_TIME: Final = 0x616E6E6F756E6365  # "announce": the lock of whoever plans


@dataclass(frozen=True, slots=True)
class Preparation:
    """All that a leader wants to know before announcing a contest."""

    contest: Contest
    charter: Charter
    plan: Plan
    awards: list[AwardView]  # that are won, in the order in which they are revealed
    ready: bool
    why_not: str | None  # a sentence, unless it is ready
    announcement: Announcement | None  # planned, under way or finished already
    length_s: int  # of a timed reveal


async def prepare(connection: Connection, contest_id: int, now: datetime) -> Preparation:
    """What announcing a contest would show. Raises NoSuchContest, or Refused for a draft."""
    return await _prepared(connection, await read(connection, contest_id))


async def plan_announcement(
    connection: Connection,
    contest_id: int,
    *,
    by: int,
    line: str,
    manner: Manner,
    starts_at: datetime | None,
    now: datetime,
) -> Announcement:
    """Announce a contest, now (None) or at a moment, by the clock or step by step. A contest that is
    announced already keeps its first announcement, which is returned. Raises Refused."""
    line = leaders_line(line)
    if manner not in ("timed", "stepped"):
        raise Refused("Choose whether it goes on by itself or step by step.", field="manner")
    async with connection.transaction():
        contest = await lock(connection, contest_id)
        await refuse_who_may_not(connection, by)
        prepared = await _prepared(connection, contest)
        if prepared.announcement is not None:
            return prepared.announcement
        if prepared.why_not is not None:
            raise Refused(prepared.why_not)
        starts_at = _begins(starts_at, now)
        await _refuse_overlap(connection, prepared, starts_at, manner, now)
        made = await write(
            connection, contest, prepared.plan,
            by=by, line=line, manner=manner, starts_at=starts_at, now=now,
        )  # fmt: skip
        detail = {"announcement": made.id, "manner": manner, "starts_at": starts_at.isoformat()}
        await record_audit(
            connection, by, "announcement_planned", f"contest:{contest_id}", detail, now
        )
        return made


async def ready_to_announce(connection: Connection, contest: Contest) -> Preparation:
    """What there is to announce of a contest that the caller has locked. Raises Refused unless it is
    ready, or announced already."""
    prepared = await _prepared(connection, contest)
    if prepared.announcement is None and prepared.why_not is not None:
        raise Refused(prepared.why_not)
    return prepared


async def _prepared(connection: Connection, contest: Contest) -> Preparation:
    charter = contest.charter
    found = await awards(connection, contest_id=contest.id)
    won = {one.id: one for one in found if one.state in STILL_WON}
    planned = plan(
        charter, [Won(one.id, one.prize, one.place, one.bracket) for one in won.values()]
    )
    waiting = sum(one.state is AwardState.PROPOSED for one in found)
    why_not = _why_not(contest, waiting)
    return Preparation(
        contest,
        charter,
        planned,
        [won[id] for step in planned.steps for id in step.awards],
        why_not is None,
        why_not,
        await of_contest(connection, contest.id),
        round(length(planned).total_seconds()),
    )


def _why_not(contest: Contest, waiting: int) -> str | None:
    name = contest.charter.name
    if contest.happened("cancelled"):
        return f"“{name}” was cancelled: nobody won it."
    if contest.happened("decided") is None:
        return f"“{name}” is not decided yet."
    if waiting:
        awards = "An award waits" if waiting == 1 else f"{waiting} awards wait"
        return f"{awards} for approval. “{name}” can be announced when that is decided."
    return None


def _begins(starts_at: datetime | None, now: datetime) -> datetime:
    if starts_at is None or now - _THIS_MINUTE < starts_at <= now:
        return now
    if starts_at < now:
        raise Refused("That moment is over. Choose a later one, or now.", field="starts_at")
    if starts_at > now + AHEAD:
        raise Refused(f"Choose a moment within the next {AHEAD.days} days.", field="starts_at")
    return starts_at.astimezone(UTC)


async def _refuse_overlap(
    connection: Connection,
    prepared: Preparation,
    starts_at: datetime,
    manner: Manner,
    now: datetime,
) -> None:
    # After the contest's lock, and whoever holds it waits for no contest: never two for one another.
    await connection.execute("select pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
    takes = stretch(prepared.plan, manner)
    other = in_the_way(await unfinished(connection), starts_at, takes, now)
    if other is None:
        return
    name = (await read(connection, other.contest_id)).charter.name
    # The minute after: a form says whole minutes.
    free_at = (over_at(other, now) + timedelta(seconds=59)).replace(second=0, microsecond=0)
    free = moment_words(free_at, ZoneInfo(prepared.charter.zone))
    raise Refused(
        f"The screens have “{name}” then, until {free}. Choose a moment from then on, or one that is "
        "over before it begins.",
        field="starts_at",
    )
