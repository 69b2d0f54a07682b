-- Detections as jobs: asked for by somebody who may, done by the worker under its lease (docs/decisions/jobs_by_lease.md).

-- How many detections of an organization may wait or run at once.
create function private.max_waiting_detections() returns integer
  language sql immutable set search_path = '' as $$ select 20 $$;

-- Queues a detection of the caller's resources, or of these. One of everything that is still under way is the same
-- work, and answered again. `unknown`: asked-for ids that are none of the organization's; nothing was queued then.
-- @returns {id, total, is_new, unknown}
create function public.request_detection(p_resource_ids bigint[] default null) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for('drifts:write');
  unknown constant jsonb := private.unknown_resources(organization, p_resource_ids);
  known private.jobs;
  waiting bigint;
  amount bigint;
begin
  if unknown <> '[]' then
    return jsonb_build_object('id', null, 'total', 0, 'is_new', false, 'unknown', unknown);
  end if;
  -- One at a time asks: two at the same moment are one job too.
  perform pg_advisory_xact_lock(hashtextextended('detection', organization));
  if p_resource_ids is null then
    select j.* into known from private.jobs j
    where j.organization_id = organization and j.kind = 'detection' and j.status in ('queued', 'running')
      and j.parameters = '{}'
    limit 1;
    if found then
      return jsonb_build_object('id', known.id, 'total', known.total, 'is_new', false, 'unknown', unknown);
    end if;
  end if;
  select count(*) into waiting from private.jobs j
  where j.organization_id = organization and j.kind = 'detection' and j.status in ('queued', 'running');
  if waiting >= private.max_waiting_detections() then
    raise sqlstate 'PT429' using message = 'Too many detections are under way. Wait for one to finish.', hint = '10';
  end if;
  select count(*) into amount from public.resources r
  where r.organization_id = organization and r.status <> 'deleted'
    and (p_resource_ids is null or r.id = any (p_resource_ids));
  return jsonb_build_object(
    'id', private.queue_job(
      'detection', organization,
      case when p_resource_ids is null then '{}' else jsonb_build_object('resource_ids', p_resource_ids) end, amount
    ),
    'total', amount, 'is_new', true, 'unknown', unknown
  );
end
$$;

-- A detection of the caller's organization as it stands. Raises 42501 for another organization's; no row where there is
-- none.
create function public.get_detection_job(p_id uuid) returns table (
  id uuid, status text, total bigint, done bigint, found bigint, started_at timestamptz, finished_at timestamptz
)
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  -- Who may ask for one may see what becomes of it.
  organization constant bigint := coalesce(
    private.organization_where('drifts:read'), private.organization_where('drifts:write')
  );
begin
  if organization is null then
    perform private.require_permissions(array['drifts:read']);
  end if;
  if exists (
    select from private.jobs j
    where j.id = p_id and j.kind = 'detection' and j.organization_id is distinct from organization
  ) then
    raise insufficient_privilege using message = 'the job is not for this credential', hint = 'drifts:read';
  end if;
  return query
  select j.id, j.status, j.total, j.done, j.found, j.started_at, j.finished_at
  from private.jobs j where j.id = p_id and j.kind = 'detection';
end
$$;

create function private.asked_resources(p_job private.jobs) returns bigint[]
  language sql immutable
  set search_path = ''
as $$
  select case when p_job.parameters ? 'resource_ids' then (
    select coalesce(array_agg(asked::bigint), '{}') from jsonb_array_elements_text(p_job.parameters -> 'resource_ids') asked
  ) end
$$;

-- What the next step of a detection has to compare.
create function public.plan_detection_step(p_job uuid, p_lease uuid, p_limit integer) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  job private.jobs := private.held_job(p_job, p_lease);
begin
  return private.detection_page(job.organization_id, private.asked_resources(job), job.position, p_limit);
end
$$;

-- Writes what a step found, tells the stream how far the detection is, and moves it on: all of it or nothing.
create function public.apply_detection_step(
  p_job uuid, p_lease uuid, p_checks jsonb, p_found jsonb, p_checked bigint, p_last bigint, p_is_last boolean
) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint;
  drifted integer;
begin
  -- The turn comes before the job's row, as for every writer of drifts and events.
  select j.organization_id into organization from private.jobs j where j.id = p_job;
  if organization is null then
    raise sqlstate 'PT409' using message = 'The organization is gone.';
  end if;
  perform private.take_event_turn(organization);
  perform private.held_job(p_job, p_lease);
  drifted := private.write_detection(organization, p_checks, p_found);
  perform private.advance_job(p_job, coalesce(p_last, 0), p_checked, drifted, p_is_last);
  if not p_is_last then
    perform private.tell_detection(p_job);
  end if;
end
$$;

create function private.tell_detection(p_job uuid) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  select private.append_events(j.organization_id, jsonb_build_array(jsonb_build_object(
    'type', 'scan_progress',
    'data', jsonb_build_object(
      'scan', 'detection', 'job_id', j.id, 'checked', j.done, 'drifted', j.found, 'total', j.total,
      'status', case j.status when 'done' then 'completed' when 'failed' then 'failed' else 'running' end
    )
  )))
  from private.jobs j where j.id = p_job
$$;

-- The end is told whatever brought it about.
create function private.tell_detection_end() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform private.tell_detection(new.id);
  return null;
end
$$;

create trigger tell_detection_end
  after update of status on private.jobs
  for each row when (new.kind = 'detection' and old.status <> new.status and new.status in ('done', 'failed'))
  execute function private.tell_detection_end();

grant execute on function
  public.request_detection(bigint[]),
  public.get_detection_job(uuid)
to authenticated;
grant execute on function
  public.plan_detection_step(uuid, uuid, integer),
  public.apply_detection_step(uuid, uuid, jsonb, jsonb, bigint, bigint, boolean)
to service_role;
