-- Detection on request, promotion of a capture to the baseline, and what people do with drifts.

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
    -- Whoever may write resources has them judged with every write.
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

-- Makes a resource's last capture its baseline; its open drifts are accepted. No row where there is no resource.
create function private.promote(p_organization_id bigint, p_resource_id bigint) returns setof public.baselines
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  perform private.take_event_turn(p_organization_id);
  perform from public.resources r
  where r.id = p_resource_id and r.organization_id = p_organization_id for update;
  if not found then
    return;
  end if;
  update public.baselines set is_current = false where resource_id = p_resource_id and is_current;
  perform private.close_drifts(p_organization_id, array[p_resource_id], 'accepted');
  return query
  insert into public.baselines (organization_id, resource_id, origin, configuration, tags, fingerprint, created_by)
  select r.organization_id, r.id, 'promoted', r.configuration, r.tags, r.fingerprint, private.profile_id()
  from public.resources r where r.id = p_resource_id
  returning *;
end
$$;

create function public.promote_baseline(p_resource_id bigint) returns setof public.baselines
  language sql volatile security definer
  set search_path = ''
as $$ select * from private.promote(private.organization_for('resources:write'), p_resource_id) $$;

-- Removes a baseline; its resource keeps at least one. Returns the resource when another baseline became current,
-- 0 when none did, null where there is no such baseline.
create function public.delete_baseline(p_id bigint) returns bigint
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for('resources:write');
  doomed public.baselines;
begin
  perform private.take_event_turn(organization);
  select b.* into doomed from public.baselines b where b.id = p_id and b.organization_id = organization for update;
  if not found then
    return null;
  end if;
  if not exists (select from public.baselines b where b.resource_id = doomed.resource_id and b.id <> p_id) then
    raise sqlstate 'PT422' using message = 'A resource keeps its last baseline.';
  end if;
  delete from public.baselines where id = p_id;
  if not doomed.is_current then
    return 0;
  end if;
  update public.baselines set is_current = true
  where id = (select max(b.id) from public.baselines b where b.resource_id = doomed.resource_id);
  return doomed.resource_id;
end
$$;

-- Moves a drift along. The caller's own rights: row-level security and the table's trigger decide.
create function public.update_drift(p_id bigint, p_status text) returns setof public.drifts
  language plpgsql volatile security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  return query update public.drifts d set status = p_status where d.id = p_id returning d.*;
end
$$;

-- Resolves a drift whatever its open state, accepting the whole capture as the baseline where asked to. No row
-- where there is no such drift.
create function public.resolve_drift(p_id bigint, p_capture_baseline boolean default false) returns setof public.drifts
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for('drifts:write');
  target public.drifts;
begin
  if p_capture_baseline then
    perform private.require_permissions(array['resources:write']);
  end if;
  perform private.take_event_turn(organization);
  select d.* into target from public.drifts d where d.id = p_id and d.organization_id = organization for update;
  if not found then
    return;
  end if;
  if target.status = 'resolved' then
    raise sqlstate 'PT422' using message = 'This drift is resolved already.';
  end if;
  if p_capture_baseline then
    perform private.promote(organization, target.resource_id);
  else
    update public.drifts
    set status = 'resolved', resolution = 'manual', resolved_at = now(), resolved_by = private.profile_id()
    where id = p_id;
  end if;
  return query select d.* from public.drifts d where d.id = p_id;
end
$$;

-- Open and resolved drifts by severity and status, as the caller may see them.
create function public.count_drifts() returns table (severity text, status text, count bigint)
  language sql stable security invoker
  set search_path = ''
as $$ select d.severity, d.status, count(*) from public.drifts d group by d.severity, d.status $$;

-- True when the resource is the caller's organization's, false when there is none. Raises 42501 when the caller
-- lacks the permission, whatever it is, or the resource is another organization's.
create function public.has_resource(p_permission text, p_id bigint) returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for(p_permission);
  owner bigint;
begin
  select r.organization_id into owner from public.resources r where r.id = p_id;
  if owner <> organization then
    raise insufficient_privilege using message = 'the row is not for this credential', hint = p_permission;
  end if;
  return owner is not null;
end
$$;

revoke execute on function private.promote(bigint, bigint) from public;
revoke execute on function
  public.plan_detection(bigint[], bigint, integer),
  public.apply_detection(jsonb, jsonb, jsonb),
  public.promote_baseline(bigint),
  public.delete_baseline(bigint),
  public.update_drift(bigint, text),
  public.resolve_drift(bigint, boolean),
  public.count_drifts(),
  public.has_resource(text, bigint)
from public, anon, authenticated, service_role;
grant execute on function
  public.plan_detection(bigint[], bigint, integer),
  public.apply_detection(jsonb, jsonb, jsonb),
  public.promote_baseline(bigint),
  public.delete_baseline(bigint),
  public.update_drift(bigint, text),
  public.resolve_drift(bigint, boolean),
  public.count_drifts(),
  public.has_resource(text, bigint)
to authenticated;
