-- Writing what detection found. Private: callers come through imports, detection and promotion.

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
    and (d.resource_id, d.field_path) not in (
      select f.resource_id, f.field_path
      from jsonb_to_recordset(p_found) as f (resource_id bigint, field_path text)
    );

  insert into public.drifts as d (
    organization_id, resource_id, resource_name, resource_type, field_path, drift_type, severity,
    summary, reason, rule, control, baseline_value, current_value
  )
  select
    p_organization_id, r.id, r.name, r.resource_type, f.field_path, f.drift_type, f.severity,
    f.summary, f.reason, f.rule, f.control, f.baseline_value, f.current_value
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

-- The caller's organization, for functions that act past row-level security: the permission is checked here.
create function private.organization_for(p_permission text) returns bigint
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_id();
begin
  perform private.require_permissions(array[p_permission]);
  if organization is null then
    raise insufficient_privilege using message = 'the caller belongs to no organization', hint = p_permission;
  end if;
  return organization;
end
$$;

revoke execute on function
  private.record_drifts(bigint, bigint[], jsonb),
  private.close_drifts(bigint, bigint[], text),
  private.organization_for(text)
from public;
