-- Team screens, what they play, and the channels that announcements go to.

-- A television. Its key is derived, not stored; here lies only what it is recognised by.
create table screen (
  id              int generated always as identity primary key,
  key_sha256      bytea not null,
  pairing_sha256  bytea,            -- of the secret the television showed its code with; null: by address
  person_id       bigint references person on delete restrict,
  recorded_at     timestamptz not null,
  constraint screen_key_uq unique (key_sha256),
  constraint screen_pairing_uq unique (pairing_sha256)
);
-- Its name, place, audience, playlist and habits; the newest row holds.
create table screen_setting (
  id          bigint generated always as identity primary key,
  screen_id   int not null references screen on delete restrict,
  body        jsonb not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null
);
create index screen_setting_ix on screen_setting (screen_id, id);
create table screen_change (
  id          bigint generated always as identity primary key,
  screen_id   int not null references screen on delete restrict,
  change      text not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint screen_change_ck check (change in ('revoked', 'reloaded'))
);
create index screen_change_ix on screen_change (screen_id, id);

create table playlist (
  id          int generated always as identity primary key,
  recorded_at timestamptz not null
);
-- A playlist as it was saved; the newest row holds. A removed one has an empty name.
create table playlist_version (
  id          bigint generated always as identity primary key,
  playlist_id int not null references playlist on delete restrict,
  body        jsonb not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null
);
create index playlist_version_ix on playlist_version (playlist_id, id);
-- Pictures of the company for screens, made anew when uploaded so that they hold nothing but pixels.
create table screen_picture (
  id          int generated always as identity primary key,
  name        text not null,
  media_type  text not null,
  width       int not null,
  height      int not null,
  body        bytea not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint screen_picture_type_ck check (media_type in ('image/jpeg', 'image/png', 'image/webp'))
);

-- Where announcements go besides screens: a Slack or Teams channel, a mailing list.
create table channel (
  id          int generated always as identity primary key,
  kind        text not null,      -- a file in app/notify/channels
  label       text not null,
  target      bytea not null,     -- the address, encrypted: for Slack and Teams it is the secret
  shown       text not null,      -- what may be read of it
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint channel_label_ck check (label <> '')
);
create table channel_change (
  id          bigint generated always as identity primary key,
  channel_id  int not null references channel on delete restrict,
  change      text not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint channel_change_ck check (change in ('paused', 'resumed', 'removed'))
);
create index channel_change_ix on channel_change (channel_id, id);
-- A queue; what is said is written when it is sent, as everybody's choices are then.
create table channel_delivery (
  id         bigint generated always as identity primary key,
  channel_id int not null references channel on delete restrict,
  subject    jsonb not null,      -- what it is about: {"about": "announced", "announcement": 3}
  key        text not null,       -- the same is queued once
  state      text not null,
  attempts   int not null,
  next_at    timestamptz,
  constraint channel_delivery_once_uq unique (channel_id, key),
  constraint channel_delivery_state_ck check (state in ('waiting', 'delivered', 'given_up')),
  constraint channel_delivery_next_ck check ((state = 'waiting') = (next_at is not null))
);
create index channel_delivery_due_ix on channel_delivery (next_at) where next_at is not null;
create table channel_attempt (
  id          bigint generated always as identity primary key,
  delivery_id bigint not null references channel_delivery on delete restrict,
  status      int,                -- of HTTP or SMTP; null: there was no answer
  said        text not null,
  took_ms     int not null,
  recorded_at timestamptz not null
);
create index channel_attempt_ix on channel_attempt (delivery_id, id);

-- Notices that also go out by e-mail; a queue.
create table notice_mail (
  notice_id bigint primary key references notice on delete restrict,
  state     text not null,
  attempts  int not null,
  next_at   timestamptz,
  said      text,                 -- what the mail server said last
  constraint notice_mail_state_ck check (state in ('waiting', 'delivered', 'given_up')),
  constraint notice_mail_next_ck check ((state = 'waiting') = (next_at is not null))
);
create index notice_mail_due_ix on notice_mail (next_at) where next_at is not null;
-- What a person wants by e-mail; the newest row of person and kind holds.
create table notice_mail_choice (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references person on delete restrict,
  kind        text not null,
  wanted      boolean not null,
  recorded_at timestamptz not null
);
create index notice_mail_choice_ix on notice_mail_choice (person_id, kind, id);

do $$
declare fact text;
begin
  foreach fact in array array['screen', 'screen_setting', 'screen_change', 'playlist', 'playlist_version',
      'channel', 'channel_change', 'channel_attempt'] loop
    execute format('create trigger %I before update or delete on %I
      for each row execute function fanfare_append_only()', fact || '_append_only', fact);
    execute format('create trigger %I before truncate on %I
      for each statement execute function fanfare_append_only()', fact || '_no_truncate', fact);
  end loop;
end $$;
