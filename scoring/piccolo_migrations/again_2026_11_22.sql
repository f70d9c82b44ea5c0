-- A delivery that is read once more (tried again by hand, replayed): what it tells now became known now.
-- One that is read for the first time was known when it was received, however busy the worker.
alter table pending_delivery add column again_at timestamptz;
