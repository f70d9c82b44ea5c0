-- Makes a table append-only: both triggers that every fact has, under the names they have everywhere.
create procedure fanfare_guard(variadic facts text[]) language plpgsql as $$
declare fact text;
begin
  foreach fact in array facts loop
    execute format('create trigger %I before update or delete on %I
      for each row execute function fanfare_append_only()', fact || '_append_only', fact);
    execute format('create trigger %I before truncate on %I
      for each statement execute function fanfare_append_only()', fact || '_no_truncate', fact);
  end loop;
end $$;

-- Where brackets begin is part of what ranks rest on: a change is a new row.
call fanfare_guard('bracket_change', 'bracket_limit');
