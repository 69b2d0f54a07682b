-- Wakes event streams before their next tick, where Supabase Realtime is there to carry it. Best effort: the outbox
-- stays the truth, and whoever misses a broadcast reads the event a tick later.

-- A broadcast says nothing but that there is something to read. Its topic is private, and no policy on
-- realtime.messages opens it to anybody: only the service key, past row-level security, can listen or send.
create function private.wake_streams() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  organization bigint;
begin
  if to_regprocedure('realtime.send(jsonb, text, text, boolean)') is null then
    return null;
  end if;
  for organization in select distinct w.organization_id from written w order by 1 loop
    -- Dynamic, for the function is not there on every server.
    execute 'select realtime.send($1, $2, $3, true)'
    using '{}'::jsonb, 'written', format('drift-events:%s', organization);
  end loop;
  return null;
exception when others then
  -- No wake-up is worth losing what it would have told of.
  raise warning 'event streams were not woken: %', sqlerrm;
  return null;
end
$$;

create trigger wake_streams
  after insert on public.drift_events
  referencing new table as written
  for each statement execute function private.wake_streams();

revoke execute on function private.wake_streams() from public;
