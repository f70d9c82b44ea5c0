-- What the watch over integrity needs: whom to look at, and how copied texts find each other.

-- People about whom something became known and whom no detector has looked at since. A queue like
-- `touched`, with the moment from which on a look is worth while: a crowd is judged once it is gone.
create table unwatched (
  id        bigint generated always as identity primary key,
  person_id bigint not null,
  due_at    timestamptz not null
);
create index unwatched_due_ix on unwatched (due_at);
create index unwatched_person_ix on unwatched (person_id);

-- Numbers of which two texts have some in common if they are alike (scoring/integrity/likeness.py).
-- No text can be read from them; they can be thrown away at any time and are made again.
create table text_sketch (
  post_id      uuid primary key,
  published_at timestamptz not null,
  bands        bigint[] not null,  -- none: too short, or not in the author's own words
  sketched_at  timestamptz not null
);
create index text_sketch_bands_ix on text_sketch using gin (bands);
create index text_sketch_published_ix on text_sketch (published_at);
