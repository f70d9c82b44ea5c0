"""Contests and rewards as Piccolo tables. The `.sql` files in `piccolo_migrations` are the definition
(they also have the checks and triggers that Piccolo cannot say); a test holds the two against each other.

Laws: as in scoring's tables. Names of people are not here; a person is an opaque id.
"""

from __future__ import annotations

from typing import Any

from piccolo.columns import (
    UUID,
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Column,
    Date,
    ForeignKey,
    Integer,
    LazyTableReference,
    Serial,
    Text,
    Timestamptz,
)
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import JSONB
from piccolo.table import Table


def _needed(kind: type[Column], **more: Any) -> Any:
    return kind(required=True, null=False, default=None, **more)


def _maybe(kind: type[Column], **more: Any) -> Any:
    return kind(null=True, default=None, **more)


def _to(table: type[Table] | LazyTableReference, *, null: bool = False) -> Any:
    return ForeignKey(
        table,
        null=null,
        required=not null,
        default=None,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.no_action,
    )


def _person(*, null: bool = False) -> Any:
    # By name: the table is scoring's own, and outside a package one imports only its face.
    return _to(LazyTableReference("Person", app_name="scoring"), null=null)


class Budget(Table):
    """Money of one currency, or vacation days, for contests that end in a stretch of time."""

    id = Serial(primary_key=True)
    name = _needed(Text)
    kind = _needed(Text)  # cash | days
    currency = _maybe(Text)  # ISO 4217; null: days
    starts_on = _needed(Date)
    ends_on = _needed(Date)  # the last day
    opened_by = _person(null=True)
    recorded_at = _needed(Timestamptz)


class BudgetSpender(Table):
    """Whether a person may spend from a budget, from `recorded_at` on, until the next row."""

    id = BigSerial(primary_key=True)
    budget_id = _to(Budget)
    person_id = _person()
    granted = _needed(Boolean)
    granted_by = _person(null=True)
    recorded_at = _needed(Timestamptz)


class BudgetClosing(Table):
    """A budget that is closed for ever."""

    budget_id = Integer(primary_key=True, default=None)
    key = _needed(Text)
    content_sha256 = _needed(Bytea)
    person_id = _person()
    reason = _needed(Text)
    recorded_at = _needed(Timestamptz)


class Contest(Table):
    """A contest, in whatever stage; what it is stands in its draft and its charter."""

    id = BigSerial(primary_key=True)
    slug = _needed(Text)
    author_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class Reservation(Table):
    """What a published contest may cost in one budget; how much, its transfers say."""

    id = BigSerial(primary_key=True)
    budget_id = _to(Budget)
    contest_id = _to(Contest)
    recorded_at = _needed(Timestamptz)


class Award(Table):
    """A prize that somebody won."""

    id = BigSerial(primary_key=True)
    contest_id = _to(Contest)
    prize = _needed(Integer)  # the prize's number in the charter
    place = _maybe(Integer)  # null: reached a threshold, or drawn
    bracket = _maybe(Integer)  # null: among all
    person_id = _person()
    team = _maybe(Text)  # won as a member of this team
    kind = _needed(Text)
    currency = _maybe(Text)
    units = _needed(BigInt)
    reservation_id = _to(Reservation, null=True)  # null: recognition costs nothing
    days_units = _maybe(BigInt)  # where the winner chooses: the days instead of the money
    days_reservation_id = _to(Reservation, null=True)
    proposer_id = _person()
    passed_from = _to(LazyTableReference("Award", app_name="rewards"), null=True)
    recorded_at = _needed(Timestamptz)


class Transfer(Table):
    """Units that moved between two accounts of a budget, and what stood afterwards."""

    id = BigSerial(primary_key=True)
    budget_id = _to(Budget)
    number = _needed(BigInt)  # 1, 2, 3 … within the budget
    kind = _needed(Text)
    from_account = _needed(Text)
    to_account = _needed(Text)
    units = _needed(BigInt)
    reservation_id = _to(Reservation, null=True)
    award_id = _to(Award, null=True)
    available_after = _needed(BigInt)
    reserved_after = _needed(BigInt)
    spent_after = _needed(BigInt)
    reservation_after = _maybe(BigInt)  # what the reservation still holds
    key = _needed(Text)  # the same request again is the first answer
    content_sha256 = _needed(Bytea)  # the same key with other content is refused
    person_id = _person(null=True)  # null: the clock
    reason = _needed(Text)
    recorded_at = _needed(Timestamptz)


class ContestDraft(Table):
    """What is being written; not a fact."""

    contest_id = BigInt(primary_key=True, default=None)
    form = _needed(JSONB)
    version = _needed(Integer)
    changed_by = _person(null=True)
    changed_at = _needed(Timestamptz)


class Charter(Table):
    """The official rules of a contest under their hash."""

    id = BigSerial(primary_key=True)
    contest_id = _to(Contest)
    body = _needed(Text)  # canonical JSON, exactly the bytes under the hash
    sha256 = _needed(Text)
    published_by = _person()
    recorded_at = _needed(Timestamptz)


class ContestEvent(Table):
    """A decision of a person or of the clock that says where a contest stands."""

    id = BigSerial(primary_key=True)
    contest_id = _to(Contest)
    charter_id = _to(Charter, null=True)
    kind = _needed(Text)
    person_id = _person(null=True)  # null: the clock
    detail = _needed(JSONB)
    recorded_at = _needed(Timestamptz)


class Amendment(Table):
    """What changed in a charter's terms while it was in force."""

    id = BigSerial(primary_key=True)
    contest_id = _to(Contest)
    charter_id = _to(Charter)
    body = _needed(Text)  # canonical JSON: what changes, in words and in terms
    sha256 = _needed(Text)
    person_id = _person()
    recorded_at = _needed(Timestamptz)


class NetworkOverride(Table):
    """An administrator's recorded reason to let a contest count a network that is not for its prizes."""

    id = BigSerial(primary_key=True)
    contest_id = _to(Contest)
    network = _needed(Text)
    reason = _needed(Text)
    person_id = _person()
    recorded_at = _needed(Timestamptz)


class ContestSeed(Table):
    """The seed behind the last tie-breaker and draws, secret until the contest is decided."""

    charter_sha256 = Text(primary_key=True, default=None)
    contest_id = _to(Contest)
    seed = _needed(Bytea)
    recorded_at = _needed(Timestamptz)


class Entrance(Table):
    """Taking part in a contest from `recorded_at` on, until the next row."""

    id = BigSerial(primary_key=True)
    contest_id = _to(Contest)
    person_id = _person()
    state = _needed(Text)
    chosen = _needed(Boolean)  # by the person; false: by default, as the contest says
    recorded_at = _needed(Timestamptz)


class Placement(Table):
    """Bracket and team of an entrant, fixed at the start. Its key: contest_id, person_id."""

    contest_id = _to(Contest)
    person_id = BigInt(primary_key=True, default=None)
    bracket = _needed(Integer)
    audience = _maybe(BigInt)  # followers that decided it; null: not known
    team = _maybe(Text)
    recorded_at = _needed(Timestamptz)


class Tally(Table):
    """Computed: the live standing, disposable. Its key: contest_id, mode, person_id."""

    contest_id = _to(Contest)
    mode = _needed(Text)
    person_id = BigInt(primary_key=True, default=None)
    bracket = _needed(Integer)
    team = _maybe(Text)
    value = _needed(BigInt)
    reached_at = _maybe(Timestamptz)
    version = _needed(BigInt)


class FrozenTally(Table):
    """The public standing while it is frozen. Its key: contest_id, mode, person_id."""

    contest_id = _to(Contest)
    mode = _needed(Text)
    person_id = BigInt(primary_key=True, default=None)
    bracket = _needed(Integer)
    team = _maybe(Text)
    value = _needed(BigInt)


class ContestLook(Table):
    """When the clock last looked at a contest; not a fact. Its key: contest_id, what."""

    contest_id = _to(Contest)
    what = Text(primary_key=True, default=None)
    about = _needed(Text)  # all that the answer depends on, as one hash
    waits_for = _needed(Array, base_column=BigInt())  # review: cases
    looked_at = _needed(Timestamptz)


class TallyDue(Table):
    """Entrants who must be counted again. Its key: contest_id, person_id."""

    contest_id = _needed(BigInt)
    person_id = BigInt(primary_key=True, default=None)


class Decision(Table):
    """Who won, with everything that decided it."""

    contest_id = BigInt(primary_key=True, default=None)
    charter_id = _to(Charter)
    body = _needed(Text)  # canonical JSON: places, awards, seed, cut-offs, hashes of the evidence
    sha256 = _needed(Text)
    recorded_at = _needed(Timestamptz)


class Evidence(Table):
    """Every fact that was counted for a winner."""

    id = BigSerial(primary_key=True)
    contest_id = _to(Contest)
    person_id = _person()
    body = _needed(Text)  # canonical JSON: every counted fact
    sha256 = _needed(Text)
    recorded_at = _needed(Timestamptz)


class AwardEvent(Table):
    """What became of an award."""

    id = BigSerial(primary_key=True)
    award_id = _to(Award)
    kind = _needed(Text)
    person_id = _person(null=True)  # null: the clock
    for_person = _person(null=True)  # acted as the delegate of
    reason = _maybe(Text)
    detail = _needed(JSONB)
    recorded_at = _needed(Timestamptz)


class ApprovalLimit(Table):
    """Above so much two people approve; the newest row of kind and currency holds."""

    id = BigSerial(primary_key=True)
    kind = _needed(Text)
    currency = _maybe(Text)
    units = _maybe(BigInt)  # null: one person approves whatever it is
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class Delegation(Table):
    """Somebody approves for somebody else, for a while."""

    id = BigSerial(primary_key=True)
    from_person = _person()
    to_person = _person()
    starts_at = _needed(Timestamptz)
    ends_at = _needed(Timestamptz)
    recorded_at = _needed(Timestamptz)


class DelegationEnd(Table):
    """A delegation that ended early."""

    delegation_id = BigInt(primary_key=True, default=None)
    ended_by = _person()
    recorded_at = _needed(Timestamptz)


class TaxNote(Table):
    """What HR says about tax in a country; the newest row of a country holds."""

    id = BigSerial(primary_key=True)
    country = _needed(Text)  # ISO 3166-1 alpha-2
    text = _needed(Text)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class Allowance(Table):
    """What the company allows itself; the newest row of a name holds."""

    id = BigSerial(primary_key=True)
    name = _needed(Text)
    allowed = _needed(Boolean)
    reason = _needed(Text)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class Payout(Table):
    """A file of awards for the payroll or time-off system."""

    id = BigSerial(primary_key=True)
    number = _needed(Text)  # P-2026-0001
    format = _needed(Text)
    kind = _needed(Text)
    currency = _maybe(Text)
    awards = _needed(Integer)
    units = _needed(BigInt)
    sha256 = _needed(Text)
    person_id = _person()
    recorded_at = _needed(Timestamptz)


class PayoutLine(Table):
    """An award in a payout; each is in one. Its key: payout_id, award_id."""

    payout_id = _to(Payout)
    award_id = BigInt(primary_key=True, default=None)
    units = _needed(BigInt)


class PayoutFile(Table):
    """The file as it was downloaded; it holds names and can be erased."""

    payout_id = BigInt(primary_key=True, default=None)
    name = _needed(Text)
    body = _needed(Bytea)


class PayrollNumber(Table):
    """What payroll calls a person; corrected, and erased with the person."""

    person_id = BigInt(primary_key=True, default=None)
    number = _needed(Text)
    changed_by = _person(null=True)
    changed_at = _needed(Timestamptz)


class PayoutSetting(Table):
    """The company's codes in a payout format; the newest row of format and name holds."""

    id = BigSerial(primary_key=True)
    format = _needed(Text)
    name = _needed(Text)
    value = _needed(Text)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class PaymentImport(Table):
    """A file that came back and said what was paid."""

    id = BigSerial(primary_key=True)
    sha256 = _needed(Text)
    rows = _needed(Integer)
    paid = _needed(Integer)
    mismatches = _needed(JSONB)  # line number and reason in words
    person_id = _person()
    recorded_at = _needed(Timestamptz)


class Payment(Table):
    """That an award was paid."""

    award_id = BigInt(primary_key=True, default=None)
    import_id = _to(PaymentImport, null=True)
    reference = _needed(Text)
    paid_on = _needed(Date)
    units = _needed(BigInt)
    person_id = _person()
    recorded_at = _needed(Timestamptz)


class OutgoingEvent(Table):
    """Something others are told, written with what it tells."""

    id = UUID(primary_key=True, default=None)
    type = _needed(Text)
    data = _needed(JSONB)
    recorded_at = _needed(Timestamptz)


class OutgoingWaiting(Table):
    """What was written and not yet handed to every hook; a row leaves when it was."""

    event_id = UUID(primary_key=True, default=None)


class Notice(Table):
    """Something a person is told, in their own list."""

    id = BigSerial(primary_key=True)
    person_id = _person()
    kind = _needed(Text)
    detail = _needed(JSONB)
    key = _needed(Text)  # the same notice is written once
    recorded_at = _needed(Timestamptz)


class NoticeRead(Table):
    """A notice that was read."""

    notice_id = BigInt(primary_key=True, default=None)
    read_at = _needed(Timestamptz)


class NoticeChoice(Table):
    """What a person wants to be told; the newest row of person and kind holds."""

    id = BigSerial(primary_key=True)
    person_id = _person()
    kind = _needed(Text)
    wanted = _needed(Boolean)
    recorded_at = _needed(Timestamptz)


class Announcement(Table):
    """How a decided contest is announced: what in which order, by whom, from when."""

    id = BigSerial(primary_key=True)
    contest_id = _to(Contest)
    person_id = _person(null=True)  # empty: the clock
    line = _needed(Text)
    manner = _needed(Text)  # timed or stepped
    starts_at = _needed(Timestamptz)
    plan = _needed(JSONB)  # ids and numbers, no names
    recorded_at = _needed(Timestamptz)


class AnnouncementEvent(Table):
    """What happened to an announcement: stepped, called_off, finished or corrected."""

    id = BigSerial(primary_key=True)
    announcement_id = _to(Announcement)
    kind = _needed(Text)
    step = _maybe(Integer)
    person_id = _person(null=True)
    words = _maybe(Text)
    recorded_at = _needed(Timestamptz)


class Congratulation(Table):
    """A colleague's tap for an award; the newest row of both holds."""

    id = BigSerial(primary_key=True)
    award_id = _to(Award)
    person_id = _person()
    given = _needed(Boolean)
    recorded_at = _needed(Timestamptz)
