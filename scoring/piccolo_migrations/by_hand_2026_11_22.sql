-- What a person says of a post: that it is theirs, and how often others liked, answered or shared it. Nothing
-- of it counts before communications has confirmed it: then it becomes a delivery like any other.
create table statement (
  id           bigint generated always as identity primary key,
  person_id    bigint not null references person on delete restrict,
  account_id   uuid not null references account on delete restrict,
  platform     text not null,
  native_id    text not null,
  post_id      uuid not null,
  published_at timestamptz not null,
  dated        text not null,     -- by the post's id, by its author, or as it was said
  counts       jsonb not null,    -- by kind; none: only that the post is theirs
  recorded_at  timestamptz not null,
  constraint statement_native_ck check (native_id <> ''),
  constraint statement_dated_ck check (dated in ('network', 'author', 'received')),
  constraint statement_counts_ck check (jsonb_typeof(counts) = 'object')
);
create index statement_person_ix on statement (person_id, id);
create index statement_post_ix on statement (post_id);

-- Once. Without `decided_by` the network itself told of the post.
create table statement_answer (
  statement_id bigint primary key references statement on delete restrict,
  decided_by   bigint references person on delete restrict,
  outcome      text not null,
  reason       text not null,
  recorded_at  timestamptz not null,
  constraint statement_answer_outcome_ck check (outcome in ('confirmed', 'refused', 'withdrawn')),
  constraint statement_answer_reason_ck check (outcome <> 'refused' or reason <> '')
);

-- What can be erased of a statement; the picture goes some days after the answer.
create table statement_words (
  statement_id bigint primary key references statement on delete restrict,
  address      text not null,
  media_type   text,
  picture      bytea,
  recorded_at  timestamptz not null,
  constraint statement_words_picture_ck check ((media_type is null) = (picture is null))
);

-- A post that was handed in under the name in its address, and that its network calls otherwise.
create table statement_moved (
  post_id     uuid primary key,
  now_id      uuid not null,
  recorded_at timestamptz not null
);

call fanfare_guard('statement', 'statement_answer', 'statement_moved');

-- Which column of a network's own export means what; the newest of a name holds.
create table figure_columns (
  id          bigint generated always as identity primary key,
  name        text not null,
  platform    text not null,
  columns     jsonb not null,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint figure_columns_name_ck check (length(name) between 1 and 80)
);
create index figure_columns_name_ix on figure_columns (name, id);

-- A file of figures between its upload and its being applied; it goes a day later, whatever became of it.
create table figure_file (
  id          bigint generated always as identity primary key,
  person_id   bigint not null references person on delete restrict,
  platform    text not null,
  name        text not null,
  sha256      text not null,
  columns     jsonb,
  recorded_at timestamptz not null,
  looked_at   timestamptz,
  applied_at  timestamptz
);

create table figure_file_part (
  file_id bigint not null references figure_file on delete restrict,
  n       integer not null,
  body    bytea not null,
  constraint figure_file_part_pk primary key (file_id, n)
);

-- What a row of a file would do: the dry run. Applying does what stands here and nothing else.
create table figure_file_line (
  file_id     bigint not null references figure_file on delete restrict,
  line        integer not null,
  outcome     text not null,
  post_id     uuid,
  native_id   text,
  observed_at timestamptz,
  figures     jsonb not null,   -- by kind: what the file says, what was known, whether it is taken
  words       text not null,    -- what it is about, or why it cannot be read
  constraint figure_file_line_pk primary key (file_id, line),
  constraint figure_file_line_ck check (outcome in ('new', 'same', 'lower', 'unknown', 'own', 'unreadable'))
);
create index figure_file_line_outcome_ix on figure_file_line (file_id, outcome, line);

-- Posts are found by the addresses that people and files name them by; some are too long for an ordered index.
create index post_text_url_ix on post_text using hash (url);
