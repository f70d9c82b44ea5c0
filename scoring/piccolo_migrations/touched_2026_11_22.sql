-- People about whom something was counted anew, whether or not it moved a point: contests look at
-- them again. A queue like `change`; who drains it deletes.
create table touched (
  id        bigint generated always as identity primary key,
  person_id bigint not null
);
