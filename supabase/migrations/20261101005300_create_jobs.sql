-- Long work, a row each. A worker takes a job under a lease and does it in steps; each step is one transaction that also
-- says how far the job has come. A worker that dies leaves a lease that ends, and the next one begins at that step.
create table private.jobs (
  id uuid primary key default gen_random_uuid(),
  -- Null for work that outlives its organization.
  organization_id bigint references public.organizations (id) on delete cascade,
  kind text not null check (kind ~ '^[a-z_]{1,40}$'),
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed')),
  -- What to do, and where the next step begins; what they mean is the kind's.
  parameters jsonb not null default '{}' check (jsonb_typeof(parameters) = 'object'),
  position bigint not null default 0,
  -- What a person is shown: how much there is, how much of it is done, what came of it.
  total bigint,
  done bigint not null default 0,
  found bigint not null default 0,
  requested_by bigint references public.profiles (id) on delete set null,
  -- How often the current step has begun.
  attempts smallint not null default 0,
  lease uuid,
  lease_seconds integer check (lease_seconds > 0),
  leased_until timestamptz,
  run_after timestamptz not null default now(),
  -- Why it failed, for operators.
  failure text check (length(failure) <= 1000),
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  check ((status in ('done', 'failed')) = (finished_at is not null)),
  check ((lease is null) = (leased_until is null))
);

create index jobs_waiting_idx on private.jobs (run_after) where status in ('queued', 'running');
create index jobs_organization_id_idx on private.jobs (organization_id, kind);
create index jobs_requested_by_idx on private.jobs (requested_by);
create index jobs_finished_at_idx on private.jobs (finished_at);

-- Queues work. Called by what admits it; `p_run_after` puts it off.
create function private.queue_job(
  p_kind text,
  p_organization_id bigint,
  p_parameters jsonb default '{}',
  p_total bigint default null,
  p_run_after timestamptz default now()
) returns uuid
  language sql volatile security definer
  set search_path = ''
as $$
  insert into private.jobs (kind, organization_id, parameters, total, run_after, requested_by)
  values (p_kind, p_organization_id, p_parameters, p_total, p_run_after, private.profile_id())
  returning id
$$;

-- Ends a job: done, or failed for a reason.
create function private.end_job(p_id uuid, p_failure text default null) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  update private.jobs j
  set status = case when p_failure is null then 'done' else 'failed' end,
    failure = left(p_failure, 1000), finished_at = clock_timestamp(), lease = null, leased_until = null
  where j.id = p_id
$$;

-- The job that a worker holds, locked until the transaction ends. Raises PT409 where the lease is no longer the worker's:
-- nothing that it does for the job counts any more.
create function private.held_job(p_id uuid, p_lease uuid) returns private.jobs
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  job private.jobs;
begin
  select j.* into job from private.jobs j
  where j.id = p_id and j.lease = p_lease and j.status = 'running' for update;
  if not found then
    raise sqlstate 'PT409' using message = 'Another worker has this job.';
  end if;
  return job;
end
$$;

-- Ends a step, in the step's own transaction: what it did and where the next one begins are one fact.
create function private.advance_job(
  p_id uuid, p_position bigint, p_done bigint, p_found bigint, p_is_last boolean
) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  update private.jobs j
  set position = p_position, done = j.done + p_done, found = j.found + p_found, attempts = 1,
    -- What was there when it was counted may have become more.
    total = greatest(j.total, j.done + p_done),
    leased_until = clock_timestamp() + make_interval(secs => j.lease_seconds)
  where j.id = p_id;
  if p_is_last then
    update private.jobs j set total = j.done where j.id = p_id;
    perform private.end_job(p_id);
  end if;
end
$$;

-- Takes the job that has waited longest, of these kinds, for so many seconds; or this one. A job whose worker let its
-- lease end is taken again; one that did so five times in the same step has failed. Null where nothing waits.
create function public.take_job(p_kinds text[], p_lease_seconds integer, p_id uuid default null) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  job private.jobs;
begin
  loop
    select j.* into job from private.jobs j
    where j.status in ('queued', 'running') and j.run_after <= clock_timestamp() and j.kind = any (p_kinds)
      and (j.leased_until is null or j.leased_until < clock_timestamp())
      and (p_id is null or j.id = p_id)
    order by j.run_after limit 1
    for update skip locked;
    if not found then
      return null;
    end if;
    exit when job.attempts < 5;
    perform private.end_job(job.id, coalesce(job.failure, 'Its worker was lost five times at the same step.'));
  end loop;

  update private.jobs j
  set status = 'running', attempts = j.attempts + 1, lease = gen_random_uuid(),
    lease_seconds = p_lease_seconds, leased_until = clock_timestamp() + make_interval(secs => p_lease_seconds),
    started_at = coalesce(j.started_at, clock_timestamp())
  where j.id = job.id
  returning j.* into job;
  return jsonb_build_object(
    'id', job.id, 'lease', job.lease, 'kind', job.kind, 'organization_id', job.organization_id,
    'parameters', job.parameters, 'position', job.position, 'attempts', job.attempts
  );
end
$$;

-- Gives a job back after a good step, so that others have their turn.
create function public.release_job(p_id uuid, p_lease uuid) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  update private.jobs j set lease = null, leased_until = null, attempts = 0, run_after = clock_timestamp()
  where j.id = p_id and j.lease = p_lease
$$;

-- Gives a job back after a step that failed, to be tried again later; the fifth failure of a step is the job's.
-- Returns true where it will be tried again.
create function public.postpone_job(p_id uuid, p_lease uuid, p_failure text, p_seconds integer) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  job private.jobs := private.held_job(p_id, p_lease);
begin
  if job.attempts >= 5 then
    perform private.end_job(p_id, p_failure);
    return false;
  end if;
  update private.jobs j
  set lease = null, leased_until = null, failure = left(p_failure, 1000),
    run_after = clock_timestamp() + make_interval(secs => p_seconds)
  where j.id = p_id;
  return true;
end
$$;

-- Ends a job whose steps are done elsewhere than in Postgres.
create function public.finish_job(p_id uuid, p_lease uuid) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  perform private.held_job(p_id, p_lease);
  perform private.end_job(p_id);
end
$$;

-- The service key alone: the functions work for a job as its lease says, never for an organization of their choice.
grant execute on function
  public.take_job(text[], integer, uuid),
  public.release_job(uuid, uuid),
  public.postpone_job(uuid, uuid, text, integer),
  public.finish_job(uuid, uuid)
to service_role;
