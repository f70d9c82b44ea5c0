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

-- Which texts were looked at, and when: one that was edited since is looked at anew.
create table text_sketch (
  post_id      uuid primary key,
  published_at timestamptz not null,
  sketched_at  timestamptz not null
);
create index text_sketch_published_ix on text_sketch (published_at);

-- Numbers of which two texts have some in common if they are alike (scoring/integrity/likeness.py), in
-- the order in which they are read: a band's first few texts, however many there are. No text can be
-- read from them. Both tables can be thrown away together at any time and are made again.
create table text_band (
  band         bigint not null,
  published_at timestamptz not null,
  post_id      uuid not null,
  constraint text_band_pk primary key (band, published_at, post_id)
);
create index text_band_post_ix on text_band (post_id);
