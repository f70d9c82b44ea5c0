-- Topics of posts: what the company's topics are, by which words a post has one, and who said it of a
-- post. All three are facts; a changed list is a new row that holds from a moment on.

create table topic (
  slug        text primary key,
  person_id   bigint references person on delete restrict,
  recorded_at timestamptz not null,
  constraint topic_slug_ck check (slug <> '' and length(slug) <= 100 and slug !~ '[\s,/?#]')
);

create table topic_list (
  id          int generated always as identity primary key,
  topic       text not null references topic on delete restrict,
  name        text not null,
  hashtags    text[] not null,
  keywords    text[] not null,
  active      boolean not null,
  person_id   bigint references person on delete restrict,
  valid_from  timestamptz not null,
  recorded_at timestamptz not null,
  constraint topic_list_name_ck check (name <> '')
);
create index topic_list_topic_ix on topic_list (topic, id);

-- A list says that a post has a topic, with the word it was found by; a person says that it has it or
-- that it has not. No reference to the topic: before there were topics every hashtag was one, and such
-- a one can be taken off, too.
create table topic_mark (
  id           bigint generated always as identity primary key,
  post_id      uuid not null,
  topic        text not null,
  source       text not null,
  word         text,
  stands       boolean not null,
  reason       text,
  person_id    bigint references person on delete restrict,
  effective_at timestamptz not null,
  recorded_at  timestamptz not null,
  constraint topic_mark_topic_ck check (topic <> ''),
  constraint topic_mark_source_ck check (source in ('hashtag', 'keyword', 'author', 'communications')),
  constraint topic_mark_word_ck check ((source in ('hashtag', 'keyword')) = (word is not null)),
  constraint topic_mark_list_ck check (stands or word is null),
  constraint topic_mark_person_ck check (word is not null or person_id is not null),
  constraint topic_mark_reason_ck check (reason <> '')
);
create index topic_mark_post_ix on topic_mark (post_id, topic, id);
create unique index topic_mark_list_uq on topic_mark (post_id, topic, source, word)
  where source in ('hashtag', 'keyword');

-- A hashtag is what a post carries, and no topic. What was marked as 'topic' before goes on counting as
-- the rules then said: nothing counted moves.
alter table mark drop constraint mark_name_ck, drop constraint mark_topic_ck,
  drop constraint mark_topic_value_ck;
alter table mark
  add constraint mark_name_ck check
    (name in ('disclosed', 'story', 'handed_in', 'topic', 'hashtag')),
  add constraint mark_topic_ck check (name in ('topic', 'story', 'hashtag') or value is null),
  add constraint mark_topic_value_ck check (name not in ('topic', 'hashtag') or value <> '');

do $$
declare fact text;
begin
  foreach fact in array array['topic', 'topic_list', 'topic_mark'] loop
    execute format('create trigger %I before update or delete on %I
      for each row execute function fanfare_append_only()', fact || '_append_only', fact);
    execute format('create trigger %I before truncate on %I
      for each statement execute function fanfare_append_only()', fact || '_no_truncate', fact);
  end loop;
end $$;

-- For pages that ask for everybody's posts of a month.
create index post_published_ix on post (published_at);
