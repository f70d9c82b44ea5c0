-- What networks are asked over and over. Working rows, no facts: they follow from whose accounts there are and
-- from who agreed, and are made anew when they are lost. What a network answers is a delivery.
create table poll_due (
  platform   text not null,
  poll       text not null,
  subject    text not null,  -- an account or a post by the network's own name
  account_id uuid not null references account on delete restrict,  -- whose it is
  server     text not null,  -- who is asked, an origin
  due_at     timestamptz not null,
  asked_at   timestamptz,
  told_at    timestamptz,
  failures   int not null,   -- one after the other, about this account or post alone
  said       text,           -- what went wrong last
  constraint poll_due_pk primary key (platform, poll, subject),
  constraint poll_due_failures_ck check (failures >= 0)
);
create index poll_due_next_ix on poll_due (platform, due_at);
create index poll_due_account_ix on poll_due (account_id);

-- Servers that have trouble, or enough of us: nothing is asked of them until then.
create table poll_pause (
  platform   text not null,
  server     text not null,
  until_at   timestamptz not null,
  failures   int not null,   -- one after the other; 0: the server only asked us to wait
  said       text not null,
  changed_at timestamptz not null,
  constraint poll_pause_pk primary key (platform, server)
);

-- What was set aside for questions before they were asked, by month and by day (2026-11, 2026-11-22; in UTC).
create table poll_spent (
  platform text not null,
  period   text not null,
  calls    bigint not null,
  price    bigint not null,  -- thousandths of a US dollar
  told     bigint not null,
  refused  bigint not null,
  failed   bigint not null,
  constraint poll_spent_pk primary key (platform, period),
  constraint poll_spent_ck check (calls >= 0 and price >= 0)
);

-- What hubs promised to tell us by WebSub.
create table subscription (
  platform    text not null,
  subject     text not null,
  account_id  uuid not null references account on delete restrict,
  state       text not null,
  asked_at    timestamptz,
  verified_at timestamptz,
  expires_at  timestamptz,
  next_at     timestamptz not null,  -- when somebody must look at it again
  failures    int not null,
  said        text,
  constraint subscription_pk primary key (platform, subject),
  constraint subscription_state_ck
    check (state in ('wanted', 'asked', 'active', 'denied', 'lost', 'ending')),
  constraint subscription_active_ck check (state <> 'active' or expires_at is not null)
);
create index subscription_next_ix on subscription (next_at);
