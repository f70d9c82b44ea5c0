"""Passwords, roles, sign-in links, the policy; hooks, screens, channels.

Law: no column has a silent default, and nothing that others refer to can be deleted."""

from __future__ import annotations

from typing import Any

from piccolo.columns import (
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    LazyTableReference,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
)
from piccolo.columns.column_types import JSONB
from piccolo.table import Table


def _person(*, null: bool = False, **more: Any) -> Any:
    """Refers to somebody of the company, who then cannot be deleted."""
    return ForeignKey(
        LazyTableReference("Person", app_name="scoring"),
        null=null,
        required=not null,
        default=None,
        on_delete=OnDelete.restrict,
        **more,
    )


def _hook() -> Any:
    return ForeignKey(
        LazyTableReference("Hook", app_name="app"),
        null=False,
        required=True,
        default=None,
        on_delete=OnDelete.restrict,
    )


class Credential(Table, tablename="credential"):
    """How a person proves who they are where the company has no sign-on of its own."""

    person_id = _person(primary_key=True)
    # argon2id with its parameters and salt
    password_hash = Text(required=True, default=None, null=False)
    # sessions that began before are over
    changed_at = Timestamptz(required=True, default=None, null=False)


class RoleGrant(Table, tablename="role_grant"):
    """A role given or taken, a fact: the newest row of a person and role holds."""

    id = BigInt(primary_key=True, default=None)
    person_id = _person()
    # hr, communications, leader or administrator
    role = Text(required=True, default=None, null=False)
    # false: taken back
    granted = Boolean(required=True, default=None, null=False)
    # who decided; nobody about themselves; empty where the command line or the demo did
    granted_by = _person(null=True)
    recorded_at = Timestamptz(required=True, default=None, null=False)


class OneTimeLink(Table, tablename="one_time_link"):
    """A way in by an address; only the SHA-256 of its secret is kept."""

    token_hash = Bytea(primary_key=True, required=True, default=None, null=False)
    person_id = _person()
    # first_admin, invite or demo
    purpose = Text(required=True, default=None, null=False)
    made_at = Timestamptz(required=True, default=None, null=False)
    expires_at = Timestamptz(required=True, default=None, null=False)
    # empty until the link was used
    used_at = Timestamptz(default=None, null=True)


class Policy(Table, tablename="policy"):
    """The social media policy, a version a row; the highest is in force."""

    version = Serial(primary_key=True)
    # paragraphs; '# ' begins a heading, '- ' a list item
    text = Text(required=True, default=None, null=False)
    recorded_at = Timestamptz(required=True, default=None, null=False)


class Council(Table, tablename="council"):
    """What may be shown of people beside figures; the newest row holds."""

    id = BigInt(primary_key=True, default=None)
    teams_only = Boolean(required=True, default=None, null=False)
    least_size = Integer(required=True, default=None, null=False)
    reason = Text(required=True, default=None, null=False)
    person_id = _person(null=True)
    recorded_at = Timestamptz(required=True, default=None, null=False)


class PolicyAcceptance(Table, tablename="policy_acceptance"):
    """That a person accepted a version, a fact."""

    id = BigInt(primary_key=True, default=None)
    person_id = _person()
    policy_version = Integer(required=True, default=None, null=False)
    recorded_at = Timestamptz(required=True, default=None, null=False)


class Hook(Table, tablename="hook"):
    """An address that is told of some events; never edited."""

    id = Serial(primary_key=True)
    label = Text(required=True, default=None, null=False)
    url = Text(required=True, default=None, null=False)
    # types of events, a list
    events = JSONB(required=True, default=None, null=False)
    person_id = _person(null=True)
    recorded_at = Timestamptz(required=True, default=None, null=False)


class HookChange(Table, tablename="hook_change"):
    """A decision about a hook, a fact: paused, resumed, disabled, removed or rotated."""

    id = BigInt(primary_key=True, default=None)
    hook_id = _hook()
    change = Text(required=True, default=None, null=False)
    # empty where the receiver asked for it
    person_id = _person(null=True)
    recorded_at = Timestamptz(required=True, default=None, null=False)


class HookDelivery(Table, tablename="hook_delivery"):
    """One event for one hook: a queue."""

    id = BigInt(primary_key=True, default=None)
    hook_id = _hook()
    event_id: Any = ForeignKey(
        LazyTableReference("OutgoingEvent", app_name="rewards"),
        null=False,
        required=True,
        default=None,
        on_delete=OnDelete.restrict,
    )
    # waiting, delivered or given_up
    state = Text(required=True, default=None, null=False)
    # since it was queued, or put back into the queue
    attempts = Integer(required=True, default=None, null=False)
    next_at = Timestamptz(default=None, null=True)


class HookAttempt(Table, tablename="hook_attempt"):
    """How one try went, a fact."""

    id = BigInt(primary_key=True, default=None)
    delivery_id = ForeignKey(
        HookDelivery, null=False, required=True, default=None, on_delete=OnDelete.restrict
    )
    # of HTTP; empty where nobody answered
    status = Integer(default=None, null=True)
    said = Text(required=True, default=None, null=False)
    took_ms = Integer(required=True, default=None, null=False)
    recorded_at = Timestamptz(required=True, default=None, null=False)


def _needed(kind: Any, **more: Any) -> Any:
    return kind(required=True, default=None, null=False, **more)


def _to(table: Any) -> Any:
    return ForeignKey(table, null=False, required=True, default=None, on_delete=OnDelete.restrict)


class Screen(Table, tablename="screen"):
    """A television that was paired; its key is derived, here lies what it is recognised by."""

    id = Serial(primary_key=True)
    key_sha256 = _needed(Bytea)
    # of the secret the television showed its code with; empty: it was given its address
    pairing_sha256 = Bytea(default=None, null=True)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class ScreenSetting(Table, tablename="screen_setting"):
    """Name, place, audience, playlist and habits of a screen; the newest row holds."""

    id = BigInt(primary_key=True, default=None)
    screen_id = _to(Screen)
    body = _needed(JSONB)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class ScreenChange(Table, tablename="screen_change"):
    """A decision about a screen, a fact: revoked or reloaded."""

    id = BigInt(primary_key=True, default=None)
    screen_id = _to(Screen)
    change = _needed(Text)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class Playlist(Table, tablename="playlist"):
    """What screens play."""

    id = Serial(primary_key=True)
    recorded_at = _needed(Timestamptz)


class PlaylistVersion(Table, tablename="playlist_version"):
    """A playlist as it was saved; the newest row holds."""

    id = BigInt(primary_key=True, default=None)
    playlist_id = _to(Playlist)
    body = _needed(JSONB)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class ScreenPicture(Table, tablename="screen_picture"):
    """A picture of the company for screens; nothing of the uploaded file but its pixels."""

    id = Serial(primary_key=True)
    name = _needed(Text)
    media_type = _needed(Text)
    width = _needed(Integer)
    height = _needed(Integer)
    body = _needed(Bytea)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class Channel(Table, tablename="channel"):
    """Where announcements go besides screens; never edited."""

    id = Serial(primary_key=True)
    # a file in app/notify/channels
    kind = _needed(Text)
    label = _needed(Text)
    # encrypted
    target = _needed(Bytea)
    # what may be read of it
    shown = _needed(Text)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class ChannelChange(Table, tablename="channel_change"):
    """A decision about a channel, a fact: paused, resumed or removed."""

    id = BigInt(primary_key=True, default=None)
    channel_id = _to(Channel)
    change = _needed(Text)
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class ChannelDelivery(Table, tablename="channel_delivery"):
    """Something to be said on a channel: a queue."""

    id = BigInt(primary_key=True, default=None)
    channel_id = _to(Channel)
    # what it is about, as ids
    subject = _needed(JSONB)
    # the same is queued once
    key = _needed(Text)
    # waiting, delivered or given_up
    state = _needed(Text)
    attempts = _needed(Integer)
    next_at = Timestamptz(default=None, null=True)


class ChannelAttempt(Table, tablename="channel_attempt"):
    """How one try went, a fact."""

    id = BigInt(primary_key=True, default=None)
    delivery_id = _to(ChannelDelivery)
    # of HTTP or SMTP; empty where nobody answered
    status = Integer(default=None, null=True)
    said = _needed(Text)
    took_ms = _needed(Integer)
    recorded_at = _needed(Timestamptz)


class NoticeMail(Table, tablename="notice_mail"):
    """A notice that also goes out by e-mail: a queue."""

    notice_id: Any = ForeignKey(
        LazyTableReference("Notice", app_name="rewards"),
        primary_key=True,
        null=False,
        required=True,
        default=None,
        on_delete=OnDelete.restrict,
    )
    # waiting, delivered or given_up
    state = _needed(Text)
    attempts = _needed(Integer)
    next_at = Timestamptz(default=None, null=True)
    # what the mail server said last
    said = Text(default=None, null=True)


class NoticeMailChoice(Table, tablename="notice_mail_choice"):
    """What a person wants by e-mail; the newest row of person and kind holds."""

    id = BigInt(primary_key=True, default=None)
    person_id = _person()
    kind = _needed(Text)
    wanted = _needed(Boolean)
    recorded_at = _needed(Timestamptz)


class Consent(Table, tablename="consent"):
    """What a person lets Fanfare see of an account; the tokens are encrypted."""

    id = BigInt(primary_key=True, default=None)
    account_id: Any = ForeignKey(
        LazyTableReference("Account", app_name="scoring"),
        null=False,
        required=True,
        default=None,
        on_delete=OnDelete.restrict,
    )
    # who gave it
    person_id = _person()
    platform = _needed(Text)
    # the person's own server, an origin; empty where the network is one
    server = Text(default=None, null=True)
    # given, expiring, refused or withdrawn
    state = _needed(Text)
    scopes = Array(base_column=Text(), null=False, required=True, default=None)
    # encrypted, as are the next two: the token, what renews it, what else belongs to it
    access = Bytea(default=None, null=True)
    refresh_token = Bytea(default=None, null=True, db_column_name="refresh")
    besides = Bytea(default=None, null=True)
    # the name of the key that encrypted them
    sealed_by = Text(default=None, null=True)
    # when the token ends; empty: it does not
    expires_at = Timestamptz(default=None, null=True)
    # when nothing but the person can renew it; empty: that day is not known, or never comes
    ends_at = Timestamptz(default=None, null=True)
    # when somebody must look at it again
    due_at = Timestamptz(default=None, null=True)
    # since when it is not known whether the network renewed it, for its answer was lost
    lost_at = Timestamptz(default=None, null=True)
    # refused: until when the person can renew it and has lost nothing
    grace_until = Timestamptz(default=None, null=True)
    # refused or withdrawn: why, a word
    reason = Text(default=None, null=True)
    given_at = _needed(Timestamptz)
    changed_at = _needed(Timestamptz)
    # since when no key that is set opens the tokens, and which keys those were
    aside_at = Timestamptz(default=None, null=True)
    aside_with = Text(default=None, null=True)


class ConsentApp(Table, tablename="consent_app"):
    """Fanfare as an app at a server where it registered itself."""

    # an origin
    server = Text(primary_key=True, default=None)
    client_id = _needed(Text)
    # encrypted
    client_secret = _needed(Bytea)
    sealed_by = _needed(Text)
    scopes = Array(base_column=Text(), null=False, required=True, default=None)
    redirect_uri = _needed(Text)
    recorded_at = _needed(Timestamptz)
    # the keys of which none opens the secret
    aside_with = Text(default=None, null=True)


def _claim(**more: Any) -> Any:
    return ForeignKey(
        LazyTableReference("AccountClaim", app_name="app"),
        null=False,
        required=True,
        default=None,
        on_delete=OnDelete.restrict,
        **more,
    )


class AccountClaim(Table, tablename="account_claim"):
    """Somebody says that an account is theirs. Can be erased; whose it is stands in `ownership`."""

    id = BigInt(primary_key=True, default=None)
    person_id = _person()
    # the account's id, which nobody may have yet
    account_id = UUID(required=True, default=None, null=False)
    platform = _needed(Text)
    native_id = _needed(Text)
    handle = _needed(Text)
    # what it is to count, once it is theirs: every, disclosed or handed_in
    counts = _needed(Text)
    professional = _needed(Boolean)
    disclaimer = _needed(Boolean)
    # what stands in the account's profile while it is looked at
    code = _needed(Text)
    opened_at = _needed(Timestamptz)
    # the code proves nothing any more
    expires_at = _needed(Timestamptz)


class ClaimLook(Table, tablename="claim_look"):
    """Each time the network was looked at, written before it was."""

    id = BigInt(primary_key=True, default=None)
    claim_id = _claim()
    recorded_at = _needed(Timestamptz)


class ClaimRequest(Table, tablename="claim_request"):
    """A claim that was put before an administrator."""

    claim_id = _claim(primary_key=True)
    case_id: Any = ForeignKey(
        LazyTableReference("CaseFile", app_name="scoring"),
        null=False,
        required=True,
        default=None,
        on_delete=OnDelete.restrict,
    )
    # who has the account; empty: nobody
    holder_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class ClaimWords(Table, tablename="claim_words"):
    """What either side wrote to a claim. Its key is the first two."""

    claim_id = _claim(primary_key=True)
    person_id = _person()
    words = _needed(Text)
    recorded_at = _needed(Timestamptz)


class ClaimEnd(Table, tablename="claim_end"):
    """How a claim ended."""

    claim_id = _claim(primary_key=True)
    # linked, refused or let_go
    outcome = _needed(Text)
    # who ended it; empty where the proof did
    person_id = _person(null=True)
    recorded_at = _needed(Timestamptz)


class AccountProof(Table, tablename="account_proof"):
    """That an account was shown to be somebody's."""

    id = BigInt(primary_key=True, default=None)
    account_id: Any = ForeignKey(
        LazyTableReference("Account", app_name="scoring"),
        null=False,
        required=True,
        default=None,
        on_delete=OnDelete.restrict,
    )
    person_id = _person()
    # oauth, code, rel_me, did or confirmed
    how = _needed(Text)
    # where it stood, in words
    place = _needed(Text)
    # confirmed: the administrator
    confirmed_by = _person(null=True)
    recorded_at = _needed(Timestamptz)


def _account() -> Any:
    return ForeignKey(
        LazyTableReference("Account", app_name="scoring"),
        null=False,
        required=True,
        default=None,
        on_delete=OnDelete.restrict,
    )


class PollDue(Table, tablename="poll_due"):
    """An account or post that a network is asked about, and when next. Its key is the first three."""

    platform = Text(primary_key=True, default=None)
    poll = _needed(Text)
    subject = _needed(Text)
    account_id = _account()
    # who is asked, an origin
    server = _needed(Text)
    due_at = _needed(Timestamptz)
    asked_at = Timestamptz(default=None, null=True)
    told_at = Timestamptz(default=None, null=True)
    failures = _needed(Integer)
    # what went wrong last
    said = Text(default=None, null=True)


class PollPause(Table, tablename="poll_pause"):
    """A server that nothing is asked of until then. Its key is the first two."""

    platform = Text(primary_key=True, default=None)
    server = _needed(Text)
    until_at = _needed(Timestamptz)
    # one after the other; 0: it only asked us to wait
    failures = _needed(Integer)
    said = _needed(Text)
    changed_at = _needed(Timestamptz)


class PollSpent(Table, tablename="poll_spent"):
    """Questions set aside in a month or on a day, before they were asked. Its key is the first two."""

    platform = Text(primary_key=True, default=None)
    # 2026-11 or 2026-11-22, in UTC
    period = _needed(Text)
    calls = _needed(BigInt)
    # thousandths of a US dollar
    price = _needed(BigInt)
    told = _needed(BigInt)
    refused = _needed(BigInt)
    failed = _needed(BigInt)


class Subscription(Table, tablename="subscription"):
    """What a hub promised to tell us by WebSub. Its key is the first two."""

    platform = Text(primary_key=True, default=None)
    subject = _needed(Text)
    account_id = _account()
    # wanted, asked, active, denied, lost or ending
    state = _needed(Text)
    asked_at = Timestamptz(default=None, null=True)
    verified_at = Timestamptz(default=None, null=True)
    expires_at = Timestamptz(default=None, null=True)
    # when somebody must look at it again
    next_at = _needed(Timestamptz)
    failures = _needed(Integer)
    said = Text(default=None, null=True)
