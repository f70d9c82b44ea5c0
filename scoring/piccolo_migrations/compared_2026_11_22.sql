-- Whether colleagues may put their figures beside one's own; empty: never asked, so no.
alter table profile add column opens_compare boolean;
