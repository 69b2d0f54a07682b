-- Detection: what there is to compare, and the writing of what was found. Imports write through here too.

-- Brings the open drifts of some resources in line with what was found of them: new ones are opened, known ones
-- updated, those that were not found again are resolved. `p_found` is an array of drifts with `resource_id`.
create function private.record_drifts(p_organization_id bigint, p_resource_ids bigint[], p_found jsonb) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  perform private.take_event_turn(p_organization_id);

  update public.drifts d
  set status = 'resolved', resolution = 'reverted', resolved_at = now()
  where d.organization_id = p_organization_id
    and d.resource_id = any (p_resource_ids)
    and d.status <> 'resolved'
    -- What was only reported is over once the resource itself has been seen again.
    and (d.rule is distinct from 'changed-outside' or exists (
      select from public.resources r where r.id = d.resource_id and r.captured_at > d.last_seen_at
    ))
    and (d.resource_id, d.field_path) not in (
      select f.resource_id, f.field_path
      from jsonb_to_recordset(p_found) as f (resource_id bigint, field_path text)
    );

  insert into public.drifts as d (
    organization_id, resource_id, resource_name, resource_type, field_path, drift_type, severity,
    summary, reason, rule, control, baseline_value, current_value, address, changed_by, changed_at
  )
  select
    p_organization_id, r.id, r.name, r.resource_type, f.field_path, f.drift_type, f.severity,
    f.summary, f.reason, f.rule, f.control, f.baseline_value, f.current_value,
    r.address, r.changed_by, r.changed_at
  from jsonb_to_recordset(p_found) as f (
    resource_id bigint, field_path text, drift_type text, severity text, summary text, reason text, rule text,
    control text, baseline_value jsonb, current_value jsonb
  )
  join public.resources r on r.id = f.resource_id and r.organization_id = p_organization_id
  where r.id = any (p_resource_ids)
  on conflict (resource_id, md5(field_path)) where status <> 'resolved' do update set
    resource_name = excluded.resource_name,
    resource_type = excluded.resource_type,
    drift_type = excluded.drift_type,
    severity = excluded.severity,
    summary = excluded.summary,
    reason = excluded.reason,
    rule = excluded.rule,
    control = excluded.control,
    baseline_value = excluded.baseline_value,
    current_value = excluded.current_value,
    address = excluded.address,
    changed_by = excluded.changed_by,
    changed_at = excluded.changed_at,
    last_seen_at = now();
end
$$;

-- Resolves every open drift of some resources for one reason.
create function private.close_drifts(p_organization_id bigint, p_resource_ids bigint[], p_resolution text) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  perform private.take_event_turn(p_organization_id);
  update public.drifts d
  set status = 'resolved', resolution = p_resolution, resolved_at = now(), resolved_by = private.profile_id()
  where d.organization_id = p_organization_id and d.resource_id = any (p_resource_ids) and d.status <> 'resolved';
end
$$;

-- What a detection has to compare, a page at a time by id. A resource whose fingerprint is its baseline's needs
-- no comparing; it is only named when it still has an open drift, which then is over.
create function public.plan_detection(
  p_resource_ids bigint[] default null,
  p_after bigint default 0,
  p_limit integer default 500
) returns jsonb
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for(
    -- Resources are judged with every write.
    case when private.has_permission('resources:write') then 'resources:write' else 'drifts:write' end
  );
begin
  return (
    with page as (
      select r.* from public.resources r
      where r.organization_id = organization and r.id > p_after and r.status <> 'deleted'
        and (p_resource_ids is null or r.id = any (p_resource_ids))
      order by r.id limit least(p_limit, 1000)
    ), compared as (
      select p.*, b.id as baseline_id, b.configuration as baseline_configuration, b.tags as baseline_tags,
        coalesce(p.fingerprint = b.fingerprint, false) as is_same
      from page p left join public.baselines b on b.resource_id = p.id and b.is_current
    )
    select jsonb_build_object(
      'checked', (select count(*) from page),
      'last', (select max(id) from page),
      'unknown', (
        select coalesce(jsonb_agg(asked), '[]') from unnest(p_resource_ids) asked
        where not exists (
          select from public.resources r where r.id = asked and r.organization_id = organization
        )
      ),
      'resources', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'id', c.id,
          'resource_type', c.resource_type,
          'revision', c.revision,
          'fingerprint', c.fingerprint,
          'configuration', case when not c.is_same then c.configuration end,
          'tags', case when not c.is_same then c.tags end,
          'baseline', case when c.baseline_id is not null then jsonb_build_object(
            'id', c.baseline_id,
            'configuration', case when not c.is_same then c.baseline_configuration end,
            'tags', case when not c.is_same then c.baseline_tags end
          ) end
        ) order by c.id), '[]')
        from compared c
        where not c.is_same or exists (
          select from public.drifts d where d.resource_id = c.id and d.status <> 'resolved'
        )
      )
    )
  );
end
$$;

-- Writes what a detection found. Each check is `{resource_id, revision, baseline_id, fingerprint}`; refuses when a
-- resource or its baseline has moved since it was compared. Returns how many resources are drifted.
create function public.apply_detection(p_checks jsonb, p_found jsonb, p_progress jsonb default null) returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for(
    case when private.has_permission('resources:write') then 'resources:write' else 'drifts:write' end
  );
  judged bigint[];
begin
  if length(p_progress::text) > 4096 then
    raise sqlstate 'PT400' using message = 'A scan''s progress is told in at most 4096 characters.';
  end if;
  perform private.take_event_turn(organization);
  if exists (
    select from jsonb_to_recordset(p_checks) as c (resource_id bigint, revision bigint, baseline_id bigint)
    left join public.resources r on r.id = c.resource_id and r.organization_id = organization
    left join public.baselines b on b.resource_id = r.id and b.is_current
    where r.id is null or r.revision is distinct from c.revision or b.id is distinct from c.baseline_id
  ) then
    raise serialization_failure using message = 'resources changed while they were compared';
  end if;

  update public.resources r set fingerprint = c.fingerprint
  from jsonb_to_recordset(p_checks) as c (resource_id bigint, fingerprint text)
  where r.id = c.resource_id and r.organization_id = organization and r.fingerprint is distinct from c.fingerprint;

  select coalesce(array_agg(c.resource_id), '{}') into judged
  from jsonb_to_recordset(p_checks) as c (resource_id bigint);
  perform private.make_first_baselines(organization, judged);
  perform private.record_drifts(organization, judged, p_found);
  if p_progress is not null then
    perform private.append_events(organization, jsonb_build_array(
      jsonb_build_object('type', 'scan_progress', 'data', p_progress)
    ));
  end if;
  return (select count(distinct f ->> 'resource_id') from jsonb_array_elements(p_found) f);
end
$$;

grant execute on function
  public.plan_detection(bigint[], bigint, integer),
  public.apply_detection(jsonb, jsonb, jsonb)
to authenticated;
