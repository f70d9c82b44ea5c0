-- Who passed a post on, and who waits for its author, asked without reading what else was done to it:
-- a post may have a hundred thousand deeds, and these are a few of them.
create index engagement_reshared_ix on engagement (post_id, actor_id) where kind in ('reshare', 'quote');
create index engagement_aimless_ix on engagement (post_id) where target_id is null;

-- A total is raised in place, again and again: with room on its page no index needs to know.
alter table total set (fillfactor = 70);
