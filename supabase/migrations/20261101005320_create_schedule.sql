-- What is done again and again, and when it was done last. A task is a function of one batch, small enough to lock
-- nothing for long; whoever comes by does what is due.
create table private.scheduled_tasks (
  name text primary key check (name ~ '^[a-z_]{1,40}$'),
  every interval not null check (every > interval '0'),
  due_at timestamptz not null default now(),
  last_run_at timestamptz,
  -- How many rows the last run has handled; a run goes on while its batches are full.
  last_rows bigint not null default 0,
  is_going_on boolean not null default false,
  last_failure text
);

-- Does one batch of the task that is due longest; null where nothing is due. A full batch leaves the task due. A task that
-- fails is due again in its time: it stands in no other's way.
-- @returns {name, rows, failed}
create function public.run_due_task() returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  batch constant integer := 1000;
  task private.scheduled_tasks;
  handled integer := 0;
  failure text;
begin
  select t.* into task from private.scheduled_tasks t
  where t.due_at <= clock_timestamp() order by t.due_at limit 1 for update skip locked;
  if not found then
    return null;
  end if;
  begin
    execute format('select private.%I($1)', 'task_' || task.name) into handled using batch;
  exception when others then
    failure := left(sqlstate || ': ' || sqlerrm, 1000);
  end;
  update private.scheduled_tasks t set
    due_at = case when handled >= batch then t.due_at else clock_timestamp() + t.every end,
    last_run_at = clock_timestamp(),
    last_rows = handled + case when t.is_going_on then t.last_rows else 0 end,
    is_going_on = handled >= batch,
    last_failure = failure
  where t.name = task.name;
  return jsonb_build_object('name', task.name, 'rows', handled, 'failed', failure is not null);
end
$$;

-- The schedule as operators see it.
create function public.show_schedule() returns table (
  name text, last_run_at timestamptz, due_at timestamptz, last_rows bigint, is_late boolean, has_failed boolean
)
  language sql stable security definer
  set search_path = ''
as $$
  select t.name, t.last_run_at, t.due_at, t.last_rows,
    t.due_at < now() - interval '15 minutes', t.last_failure is not null
  from private.scheduled_tasks t order by t.name
$$;

-- Where the worker is, as it said itself when it was woken by its secret: the schedule needs no settings of its own.
create table private.worker (
  is_one boolean primary key default true check (is_one),
  url text not null check (url ~ '^https?://'),
  noted_at timestamptz not null default now()
);

create function public.note_worker(p_url text) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.worker as w (url) values (p_url)
  on conflict (is_one) do update set url = excluded.url, noted_at = now() where w.url <> excluded.url
$$;

-- Wake-ups that the database has sent: each opens the worker once, within a minute, so that no secret has to be kept
-- here. SHA-256 of 244 random bits.
create table private.wake_ups (
  hash bytea primary key check (length(hash) = 32),
  expires_at timestamptz not null default now() + interval '1 minute'
);

create index wake_ups_expires_at_idx on private.wake_ups (expires_at);

create function public.redeem_wake_up(p_hash text) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  delete from private.wake_ups w where w.hash = decode(p_hash, 'hex') and w.expires_at > now();
  return found;
end
$$;

-- Calls the worker where a job or a message waits, by pg_net; nothing happens where that, the worker's address or work is
-- missing.
create function private.call_worker() returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  worker_url text;
  post regproc := to_regproc('net.http_post');
  token text := replace('wake_' || gen_random_uuid() || gen_random_uuid(), '-', '');
begin
  if post is null or not (exists (
    select from private.jobs j
    where j.status in ('queued', 'running') and j.run_after <= now()
      and (j.leased_until is null or j.leased_until < now())
  ) or exists (
    select from public.webhook_deliveries d where d.status = 'pending' and d.next_attempt_at <= now()
  )) then
    return;
  end if;
  select w.url into worker_url from private.worker w;
  if worker_url is null then
    return;
  end if;
  insert into private.wake_ups (hash) values (sha256(convert_to(token, 'UTF8')));
  execute format('select %s(url := $1, headers := $2, body := $3, timeout_milliseconds := 30000)', post)
  using worker_url, jsonb_build_object('Authorization', 'Bearer ' || token, 'Content-Type', 'application/json'),
    '{}'::jsonb;
end
$$;

-- Once a minute, by pg_cron: what is due here, then the worker for what Postgres can't do.
create function private.tick() returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  for batch in 1..20 loop
    exit when public.run_due_task() is null;
  end loop;
  perform private.call_worker();
end
$$;

-- Has pg_cron call `tick`, where pg_cron is. True where it will.
create function private.start_schedule() returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  -- A name that is looked up when it is called: the function is not there on every server.
  schedule text := 'cron.schedule';
begin
  if to_regprocedure(schedule || '(text, text, text)') is null then
    return false;
  end if;
  -- The same name again changes the entry.
  execute format('select %s($1, $2, $3)', schedule) using 'infraaudit', '* * * * *', 'select private.tick()';
  return true;
end
$$;

-- A platform that has the extensions gets them; where one can't be had, others wake the worker (docs/jobs.md).
do $$
begin
  if exists (select from pg_available_extensions where name = 'pg_cron')
    and exists (select from pg_available_extensions where name = 'pg_net') then
    create extension if not exists pg_cron;
    create extension if not exists pg_net;
    perform private.start_schedule();
  end if;
exception when others then
  raise notice 'no schedule by pg_cron: %', sqlerrm;
end
$$;

grant execute on function
  public.run_due_task(),
  public.show_schedule(),
  public.note_worker(text),
  public.redeem_wake_up(text)
to service_role;
