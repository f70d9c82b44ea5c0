"""The fact model as Piccolo tables. `piccolo_migrations/facts_2026_11_22.sql` is the definition (it also
has the checks, partitions and triggers Piccolo cannot say); a test holds the two against each other.

Laws: no column has a silent default; no foreign key cascades; facts are append-only by trigger.
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


def _to(table: type[Table], *, null: bool = False) -> Any:
    return ForeignKey(
        table,
        null=null,
        required=not null,
        default=None,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.no_action,
    )


class Department(Table):
    """A part of the company people compare themselves within."""

    id = Serial(primary_key=True)
    name = _needed(Text)


class Office(Table):
    """A place people work at."""

    id = Serial(primary_key=True)
    name = _needed(Text)


class Person(Table):
    """An opaque person; everything that names them is in `Profile`."""

    id = BigSerial(primary_key=True)
    recorded_at = _needed(Timestamptz)


class Profile(Table):
    """What can be erased of a person, and what they show of themselves."""

    person_id = BigInt(primary_key=True, default=None)
    email = _needed(Text)
    name = _needed(Text)
    alias = _maybe(Text)
    department_id = _to(Department, null=True)
    office_id = _to(Office, null=True)
    visibility = _needed(Text)  # name | alias | hidden
    opens_networks = _needed(Boolean)  # others may see on which networks they are
    opens_mix = _needed(Boolean)  # … where the points came from
    opens_gain = _needed(Boolean)  # … today's points
    opens_compare = _maybe(Boolean)  # … may compare; empty: never asked, so not


class Enrolment(Table):
    """Taking part from `effective_at` on, until the next row."""

    id = BigSerial(primary_key=True)
    person_id = _to(Person)
    effective_at = _needed(Timestamptz)
    state = _needed(Text)  # active | paused | left
    recorded_at = _needed(Timestamptz)


class SamePerson(Table):
    """A record that turned out to be another's person, or is one of its own again; the newest holds."""

    id = BigSerial(primary_key=True)
    record_id = _to(Person)
    into_id = _to(Person, null=True)
    person_id = _to(Person, null=True)  # who said so; null: a command
    reason = _needed(Text)
    recorded_at = _needed(Timestamptz)


class Account(Table):
    """A profile on a network that somebody linked or that is the company's."""

    id = UUID(primary_key=True, default=None)
    platform = _needed(Text)
    native_id = _needed(Text)
    recorded_at = _needed(Timestamptz)


class AccountFace(Table):
    """What can be erased of an account."""

    account_id = UUID(primary_key=True, default=None)
    handle = _needed(Text)
    url = _maybe(Text)
    professional = _needed(Boolean)  # otherwise personal
    disclaimer = _needed(Boolean)  # the profile says that views are the person's own


class Ownership(Table):
    """Whose an account is from `effective_at` on, until the next row."""

    id = BigSerial(primary_key=True)
    account_id = _to(Account)
    effective_at = _needed(Timestamptz)
    person_id = _to(Person, null=True)
    company = _needed(Boolean)
    counts = _maybe(Text)  # every | disclosed | handed_in; set for a person's
    recorded_at = _needed(Timestamptz)
    enrolled_as = _to(Person, null=True)  # the record whose taking part decides; null: the owner's
    same_person_id = _to(SamePerson, null=True)  # said anew, of one person's two records


class Delivery(Table):
    """What a network sent, raw. Partitioned by `recorded_on`."""

    id = BigSerial(primary_key=True)
    recorded_on = _needed(Date)
    platform = _needed(Text)
    source = _needed(Text)  # webhook | stream | poll | import | hand | link
    delivery_key = _needed(Text)  # the network's id of the delivery, or a hash of the body
    headers = _needed(JSONB)
    body = _needed(Bytea)
    received_at = _needed(Timestamptz)


class PendingDelivery(Table):
    """The queue of deliveries that no worker has finished."""

    delivery_id = BigInt(primary_key=True, default=None)
    recorded_on = _needed(Date)
    again_at = _maybe(Timestamptz)  # when it was put back; empty: read for the first time


class DeliveryOutcome(Table):
    """Why a delivery did not simply become facts; the newest row holds."""

    id = BigSerial(primary_key=True)
    delivery_id = _needed(BigInt)
    recorded_on = _needed(Date)
    platform = _needed(Text)
    outcome = _needed(Text)  # ignored | set_aside | retried | processed
    reason = _needed(Text)
    recorded_at = _needed(Timestamptz)


class EngagementRow(Table, tablename="engagement"):
    """One thing one account did. Partitioned by hash of the identity."""

    id = UUID(primary_key=True, default=None)
    platform = _needed(Text)
    kind = _needed(Text)
    native_id = _needed(Text)
    native_key = _needed(UUID)  # what a removal names; the post's id where the deed is a post
    actor_id = _maybe(UUID)
    target_id = _maybe(UUID)
    post_id = _maybe(UUID)  # the post acted on
    thread_id = _maybe(UUID)
    occurred_at = _needed(Timestamptz)
    dated = _needed(Text)  # network | received: who gave the time
    source = _needed(Text)
    delivery_id = _maybe(BigInt)
    recorded_at = _needed(Timestamptz)


class Alias(Table):
    """Another name of the same engagement."""

    id = BigSerial(primary_key=True)
    native_key = _needed(UUID)
    engagement_id = _needed(UUID)
    recorded_at = _needed(Timestamptz)


class Retiming(Table):
    """A better time for an engagement that was told twice."""

    id = BigSerial(primary_key=True)
    engagement_id = _needed(UUID)
    kind = _needed(Text)
    actor_id = _maybe(UUID)
    target_id = _maybe(UUID)
    post_id = _maybe(UUID)
    occurred_at = _needed(Timestamptz)
    dated = _needed(Text)
    recorded_at = _needed(Timestamptz)


class RemovalRow(Table, tablename="removal"):
    """Something undone or deleted on its network."""

    native_key = UUID(primary_key=True, default=None)
    platform = _needed(Text)
    native_id = _needed(Text)
    delivery_id = _maybe(BigInt)
    recorded_at = _needed(Timestamptz)


class FigureRow(Table, tablename="figure"):
    """A count without names, as seen at a moment."""

    id = BigSerial(primary_key=True)
    post_id = _needed(UUID)
    kind = _needed(Text)
    value = _needed(BigInt)
    observed_at = _needed(Timestamptz)
    source = _needed(Text)
    recorded_at = _needed(Timestamptz)


class SnapshotRow(Table, tablename="snapshot"):
    """How many followers an account had at a moment."""

    id = BigSerial(primary_key=True)
    account_id = _needed(UUID)
    followers = _needed(BigInt)
    observed_at = _needed(Timestamptz)
    source = _needed(Text)
    recorded_at = _needed(Timestamptz)


class PostRow(Table, tablename="post"):
    """A post of a known account, as one source told it; readers take the earliest telling."""

    id = BigSerial(primary_key=True)
    post_id = _needed(UUID)
    platform = _needed(Text)
    native_id = _needed(Text)
    author_id = _needed(UUID)
    published_at = _needed(Timestamptz)
    recorded_at = _needed(Timestamptz)


class PostText(Table):
    """What can be erased of a post."""

    post_id = UUID(primary_key=True, default=None)
    text = _maybe(Text)
    url = _maybe(Text)
    recorded_at = _needed(Timestamptz)


class Mark(Table):
    """What a person or a text said about a post: disclosed, story, handed in, a hashtag."""

    id = BigSerial(primary_key=True)
    post_id = _needed(UUID)
    name = _needed(Text)
    value = _maybe(Text)
    person_id = _to(Person, null=True)
    effective_at = _needed(Timestamptz)
    recorded_at = _needed(Timestamptz)


class Topic(Table):
    """A topic of the company's, by what rules call it."""

    slug = Text(primary_key=True, default=None)
    person_id = _to(Person, null=True)
    recorded_at = _needed(Timestamptz)


class TopicListRow(Table, tablename="topic_list"):
    """By which words posts have a topic; the newest that holds speaks."""

    id = Serial(primary_key=True)
    topic = _to(Topic)
    name = _needed(Text)
    hashtags = Array(base_column=Text(), null=False, required=True, default=None)
    keywords = Array(base_column=Text(), null=False, required=True, default=None)
    active = _needed(Boolean)
    person_id = _to(Person, null=True)
    valid_from = _needed(Timestamptz)
    recorded_at = _needed(Timestamptz)


class TopicMark(Table):
    """Who or what said that a post has a topic, or has it no longer."""

    id = BigSerial(primary_key=True)
    post_id = _needed(UUID)
    topic = _needed(Text)
    source = _needed(Text)  # hashtag | keyword | author | communications
    word = _maybe(Text)  # by which a list found it
    stands = _needed(Boolean)
    reason = _maybe(Text)
    person_id = _to(Person, null=True)
    effective_at = _needed(Timestamptz)
    recorded_at = _needed(Timestamptz)


class CaseFile(Table):
    """Something a person must decide, with its evidence."""

    id = BigSerial(primary_key=True)
    kind = _needed(Text)
    person_id = _to(Person, null=True)
    reason = _needed(Text)
    evidence = _needed(JSONB)
    recorded_at = _needed(Timestamptz)


class CaseDecision(Table):
    """How a case was decided, once, by whom and why."""

    id = BigSerial(primary_key=True)
    case_id = _to(CaseFile)
    decided_by = _to(Person)
    outcome = _needed(Text)  # upheld | released | granted
    reason = _needed(Text)
    recorded_at = _needed(Timestamptz)
    points = _maybe(Integer)  # granted: what it gives or takes
    counts_at = _maybe(Timestamptz)  # granted: the moment it counts at


class CaseWords(Table):
    """What can be erased of a case: what was asked, what was answered. Its key is case and part."""

    case_id = ForeignKey(
        CaseFile,
        primary_key=True,
        default=None,
        null=False,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.no_action,
    )
    part = _needed(Text)  # asked | answered
    words = _needed(Text)
    recorded_at = _needed(Timestamptz)


class Hold(Table):
    """An engagement held or released by a case; the newest row holds."""

    id = BigSerial(primary_key=True)
    engagement_id = _needed(UUID)
    case_id = _to(CaseFile)
    held = _needed(Boolean)
    recorded_at = _needed(Timestamptz)


class RulebookRow(Table, tablename="rulebook"):
    """A version of the rules with the moment from which it holds."""

    id = Serial(primary_key=True)
    name = _needed(Text)
    toml = _needed(Text)
    sha256 = _needed(Text)
    valid_from = _needed(Timestamptz)
    recorded_at = _needed(Timestamptz)
    person_id = _to(Person, null=True)


class EntryRow(Table, tablename="entry"):
    """Points, signed, with reason and moment. Partitioned by `recorded_on`."""

    id = BigSerial(primary_key=True)
    recorded_on = _needed(Date)
    person_id = _to(Person)
    rule = _needed(Text)
    relation = _needed(Text)
    rule_window = _needed(Text)
    key = _needed(UUID)
    points = _needed(Integer)
    reason = _needed(Text)  # counted | reversed | case:12
    occurred_at = _needed(Timestamptz)
    engagement_id = _maybe(UUID)  # none where a figure counted
    rulebook_id = _to(RulebookRow)
    recorded_at = _needed(Timestamptz)


class Total(Table):
    """A person's value on a board, with the version boards compare. Its key is all but value and version."""

    metric = _needed(Text)
    period = _needed(Text)
    starts_on = _needed(Date)
    person_id = BigInt(primary_key=True, default=None)
    value = _needed(BigInt)
    version = _needed(BigInt)


class BracketChange(Table):
    """From a day on, brackets of boards begin elsewhere."""

    id = Serial(primary_key=True)
    from_on = _needed(Date)
    person_id = _to(Person, null=True)  # none: what stands until HR sets others
    recorded_at = _needed(Timestamptz)


class BracketLimit(Table):
    """A number of followers at which a bracket begins."""

    change_id = _to(BracketChange)
    at_least = BigInt(primary_key=True, default=None)


class AudienceThen(Table):
    """How many followers a person had as a period began; none where nobody had counted."""

    on_day = _needed(Date)
    person_id = BigInt(primary_key=True, default=None)
    followers = _maybe(BigInt)


class Season(Table):
    """A named season, both days included."""

    id = Serial(primary_key=True)
    name = _needed(Text)
    starts_on = _needed(Date)
    ends_on = _needed(Date)
    recorded_at = _needed(Timestamptz)


class PastBoard(Table):
    """A board that is over, of which is kept how its values lay; the key is all but `made_at`."""

    metric = _needed(Text)
    period = _needed(Text)
    starts_on = Date(primary_key=True, default=None)
    made_at = _needed(Timestamptz)


class PastValue(Table):
    """A value that somebody had, and how many had it or more; the key is all but `upto`."""

    metric = _needed(Text)
    period = _needed(Text)
    starts_on = _needed(Date)
    value = BigInt(primary_key=True, default=None)
    upto = _needed(BigInt)


class PastChange(Table):
    """A board that is over has changed since."""

    id = BigSerial(primary_key=True)
    metric = _needed(Text)
    period = _needed(Text)
    starts_on = _needed(Date)


class CompanyZone(Table):
    """The company's time zone from a moment on; without any the settings hold."""

    id = Serial(primary_key=True)
    zone = _needed(Text)
    from_at = _needed(Timestamptz)
    person_id = _to(Person, null=True)
    recorded_at = _needed(Timestamptz)


class Answered(Table):
    """Who outside answered whom on which local day; all three are the key."""

    person_id = _to(Person)
    actor_id = UUID(primary_key=True, default=None)
    on_day = _needed(Date)


class Change(Table):
    """The queue of facts whose consequences no worker has folded."""

    id = BigSerial(primary_key=True)
    subject = _needed(Text)  # engagement | native | post | account | person | snapshot
    subject_id = _maybe(UUID)
    person_id = _maybe(BigInt)
    since_at = _maybe(Timestamptz)
    whose = _maybe(BigInt)  # the person whom it mainly concerns, as far as is known: a guess
    turn = _needed(Integer)  # computed: what is about one person has one turn


class Outbox(Table):
    """The queue of totals whose boards have not been told."""

    id = BigSerial(primary_key=True)
    metric = _needed(Text)
    period = _needed(Text)
    starts_on = _needed(Date)
    person_id = _needed(BigInt)
    value = _needed(BigInt)
    version = _needed(BigInt)
    audience = _maybe(Text)  # null: all boards of the person; else the one they have left


class Touched(Table):
    """The queue of people about whom something became known; contests count them again."""

    id = BigSerial(primary_key=True)
    person_id = _needed(BigInt)


class Unwatched(Table):
    """The queue of people about whom something became known; detectors look at them when it is due."""

    id = BigSerial(primary_key=True)
    person_id = _needed(BigInt)
    due_at = _needed(Timestamptz)


class TextSketch(Table):
    """Which texts were sketched, and when; made again when thrown away with their bands."""

    post_id = UUID(primary_key=True, default=None)
    published_at = _needed(Timestamptz)
    sketched_at = _needed(Timestamptz)


class TextBand(Table):
    """By which numbers texts that are alike find each other. Its key is all of it."""

    band = BigInt(primary_key=True, default=None)
    published_at = _needed(Timestamptz)
    post_id = _needed(UUID)


class Audit(Table):
    """Who changed what, for ever."""

    id = BigSerial(primary_key=True)
    person_id = _to(Person, null=True)
    action = _needed(Text)
    subject = _needed(Text)
    detail = _needed(JSONB)
    recorded_at = _needed(Timestamptz)


class TrackedLink(Table):
    """An address of ours that leads to another one."""

    code = Text(primary_key=True)
    person_id = _to(Person)
    target = _needed(Text)
    label = _needed(Text)
    recorded_at = _needed(Timestamptz)


class TrackedLinkEnd(Table):
    """From when on a link's openings count no more; it still leads on."""

    code = Text(primary_key=True)
    recorded_at = _needed(Timestamptz)


class VisitorKey(Table):
    """By what a day's visitors of links are told apart; deleted when the day is over."""

    day = Date(primary_key=True)
    key = _needed(Bytea)


class StreamPosition(Table):
    """How far a stream was heard."""

    stream = Text(primary_key=True)
    position = _needed(BigInt)
    heard_at = _needed(Timestamptz)


class StreamDeed(Table):
    """A deed that a stream told, of which the delivery may still wait to be read."""

    native_key = UUID(primary_key=True, default=None)
    actor_id = _maybe(UUID)  # whose it is, where all that an account did can be undone by a word
    native_id = _maybe(Text)  # its name then
    heard_at = _needed(Timestamptz)


class StreamState(Table):
    """How listening to a stream goes."""

    stream = Text(primary_key=True)
    network = _needed(Text)
    state = _needed(Text)  # heard | waiting | away
    words = _needed(Text)  # what it waits for, or why it is away
    changed_at = _needed(Timestamptz)
    seen_at = _needed(Timestamptz)  # when something came, or the listener last looked
    events = _needed(BigInt)  # ever heard
    kept = _needed(BigInt)  # of them, about people of ours
    gaps = _needed(BigInt)  # how often something was not told any more


class StreamMark(Table):
    """How far a stream was heard whose positions are no numbers."""

    stream = Text(primary_key=True)
    mark = _needed(Text)
    noted_at = _needed(Timestamptz)


class StreamStatus(Table):
    """A post or boost that an account of ours has on its server, by the server's number."""

    id = BigSerial(primary_key=True)
    stream = _needed(Text)
    number = _needed(Text)
    heard_at = _needed(Timestamptz)


class PolicyOverride(Table):
    """What an administrator decided about a network instead of its own policy; the newest holds."""

    id = Serial(primary_key=True)
    platform = _needed(Text)
    about = _needed(Text)  # incentive | member_data
    mode = _needed(Text)  # cash | recognition | off | own; of member data on | off
    reason = _needed(Text)
    person_id = _to(Person, null=True)
    effective_at = _needed(Timestamptz)
    recorded_at = _needed(Timestamptz)


class Refusal(Table):
    """How often a network's address refused somebody in an hour, and why. Its key is all but the numbers."""

    platform = Text(primary_key=True)
    reason = _needed(Text)
    hour_at = _needed(Timestamptz)
    times = _needed(BigInt)
    last_at = _needed(Timestamptz)


class SecretUse(Table):
    """When a secret of a network proved something last, by a keyed digest of it."""

    platform = Text(primary_key=True)
    setting = _needed(Text)
    fingerprint = _needed(Text)
    used_for = _needed(Text)  # delivery | handshake
    last_at = _needed(Timestamptz)


class Statement(Table):
    """What a person says of a post: that it is theirs, and figures of it."""

    id = BigSerial(primary_key=True)
    person_id = _to(Person)
    account_id = _to(Account)
    platform = _needed(Text)
    native_id = _needed(Text)
    post_id = _needed(UUID)
    published_at = _needed(Timestamptz)
    dated = _needed(Text)  # network | author | received
    counts = _needed(JSONB)  # by kind; none: only that the post is theirs
    recorded_at = _needed(Timestamptz)


class StatementAnswer(Table):
    """What became of a statement, once."""

    statement_id = ForeignKey(
        Statement,
        primary_key=True,
        default=None,
        null=False,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.no_action,
    )
    decided_by = _to(Person, null=True)  # null: the network itself told of the post
    outcome = _needed(Text)  # confirmed | refused | withdrawn
    reason = _needed(Text)
    recorded_at = _needed(Timestamptz)


class StatementWords(Table):
    """What can be erased of a statement."""

    statement_id = ForeignKey(
        Statement,
        primary_key=True,
        default=None,
        null=False,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.no_action,
    )
    address = _needed(Text)
    media_type = _maybe(Text)
    picture = _maybe(Bytea)
    recorded_at = _needed(Timestamptz)


class StatementMoved(Table):
    """A post that was handed in under another name than its network's own."""

    post_id = UUID(primary_key=True, default=None)
    now_id = _needed(UUID)
    recorded_at = _needed(Timestamptz)


class FigureColumns(Table):
    """Which column of a network's own export means what; the newest of a name holds."""

    id = BigSerial(primary_key=True)
    name = _needed(Text)
    platform = _needed(Text)
    columns = _needed(JSONB)
    person_id = _to(Person, null=True)
    recorded_at = _needed(Timestamptz)


class FigureFile(Table):
    """A file of figures between its upload and a day later."""

    id = BigSerial(primary_key=True)
    person_id = _to(Person)
    platform = _needed(Text)
    name = _needed(Text)
    sha256 = _needed(Text)
    columns = _maybe(JSONB)
    recorded_at = _needed(Timestamptz)
    looked_at = _maybe(Timestamptz)
    applied_at = _maybe(Timestamptz)


class FigureFilePart(Table):
    """A stretch of such a file; its key is file and number."""

    file_id = _to(FigureFile)
    n = Integer(primary_key=True, default=None)
    body = _needed(Bytea)


class FigureFileLine(Table):
    """What a row of such a file would do; its key is file and line."""

    file_id = _to(FigureFile)
    line = Integer(primary_key=True, default=None)
    outcome = _needed(Text)  # new | same | lower | unknown | own | unreadable
    post_id = _maybe(UUID)
    native_id = _maybe(Text)
    observed_at = _maybe(Timestamptz)
    figures = _needed(JSONB)
    words = _needed(Text)
