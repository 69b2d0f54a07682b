-- The end of an organization: its people are out at once, everything of it is erased by a job.

-- Puts everybody out of an organization and has the rest erased. Its keys die with the memberships of who made them.
create function private.begin_organization_erasure(p_organization_id bigint) returns uuid
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  perform set_config('infraaudit.erasing', 'on', true);
  delete from public.memberships m where m.organization_id = p_organization_id;
  perform set_config('infraaudit.erasing', '', true);
  update public.invites i set cancelled_at = now()
  where i.organization_id = p_organization_id and i.accepted_at is null and i.cancelled_at is null;
  -- The job outlives the organization, so it is not one of its own.
  return private.queue_job('organization_erasure', null, jsonb_build_object('organization_id', p_organization_id));
end
$$;

-- Deletes the caller's organization. Only an owner's session may, fresh from signing in, with the name typed.
create function public.delete_organization(p_name text) returns uuid
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for('team:write');
begin
  if not private.is_session() or not private.has_role('owner') then
    raise insufficient_privilege using
      message = 'only an owner''s session may delete an organization', hint = 'team:write';
  end if;
  perform private.require_recent_sign_in();
  if not exists (select from public.organizations o where o.id = organization and o.name = p_name) then
    raise sqlstate 'PT422' using message = 'Type the organization''s name as it is to delete it.';
  end if;
  return private.begin_organization_erasure(organization);
end
$$;

-- One step of the erasure: at most so many rows of one table, the largest first; when nothing large is left, the
-- organization itself, and by it whatever else is its own. True where that was the last.
create function public.erase_organization_step(p_job uuid, p_lease uuid, p_limit integer) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  job private.jobs := private.held_job(p_job, p_lease);
  organization bigint := (job.parameters ->> 'organization_id')::bigint;
  tables constant text[] := array[
    'public.webhook_deliveries', 'private.webhook_messages', 'public.drift_events', 'public.drift_steps',
    'public.drifts', 'public.baselines', 'public.resources', 'public.audit_events', 'public.api_keys'
  ];
  name text;
  gone integer;
begin
  foreach name in array tables loop
    execute format(
      'delete from %s where ctid = any (array(select ctid from %s where organization_id = $1 limit $2))', name, name
    ) using organization, p_limit;
    get diagnostics gone = row_count;
    if gone > 0 then
      perform private.advance_job(p_job, 0, gone, 0, false);
      return false;
    end if;
  end loop;
  delete from public.organizations o where o.id = organization;
  perform private.advance_job(p_job, 0, 1, 0, true);
  return true;
end
$$;

grant execute on function public.delete_organization(text) to authenticated;
grant execute on function public.erase_organization_step(uuid, uuid, integer) to service_role;
