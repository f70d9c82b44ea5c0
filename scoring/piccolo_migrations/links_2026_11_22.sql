-- Tracked links: an address of ours that leads to another one, so that openings can be counted for whoever
-- shared it. Ending one is a row of its own; an ended link still leads there, for it stands in people's posts.
create table tracked_link (
  code text primary key,
  person_id bigint not null references person (id),
  target text not null,
  label text not null,
  recorded_at timestamptz not null,
  constraint tracked_link_code_ck check (code ~ '^[A-Za-z0-9_-]{8,32}$'),
  constraint tracked_link_target_ck check (target ~ '^https?://' and length(target) <= 2048),
  constraint tracked_link_label_ck check (length(label) between 1 and 120)
);
create index tracked_link_person_ix on tracked_link (person_id, recorded_at);

create table tracked_link_end (
  code text primary key references tracked_link (code),
  recorded_at timestamptz not null
);

-- Visitors are told apart for a day by a digest under this key, and by nobody ever after: it goes with its day.
create table visitor_key (
  day date primary key,
  key bytea not null,
  constraint visitor_key_ck check (length(key) = 32)
);

-- Openings are seen by Fanfare itself: a way of their own, which is said beside every figure.
alter table delivery drop constraint delivery_source_ck;
alter table delivery add constraint delivery_source_ck
  check (source in ('webhook', 'stream', 'poll', 'import', 'hand', 'link'));
