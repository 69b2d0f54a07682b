-- Organizations are the tenants: every other row belongs to exactly one.
create table public.organizations (
  id bigint generated always as identity primary key,
  name text not null check (name = btrim(name) and length(name) between 1 and private.limit_of('name_characters')),
  created_at timestamptz not null default now(),
  require_mfa boolean not null default false,
  -- How long resolved drifts and audit events are kept (docs/jobs.md).
  drift_retention_days integer not null default 365 check (drift_retention_days between 30 and 3650),
  audit_retention_days integer not null default 730 check (audit_retention_days between 365 and 3650)
);

alter table public.organizations enable row level security;
grant select on public.organizations to authenticated;
-- What team writers may change: its name, whether it asks everybody for a second factor, and how long it keeps what.
grant update (name, require_mfa, drift_retention_days, audit_retention_days) on public.organizations to authenticated;

create policy "members can read their active organization" on public.organizations
  for select to authenticated
  using (id = (select private.organization_id()));

create policy "team writers can change their organization" on public.organizations
  for update to authenticated
  using (id = (select private.organization_where('team:write')))
  with check (id = (select private.organization_where('team:write')));

-- To require a second factor, you must have proved one; a key never changes the rule.
create function private.guard_organization() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  who private.principal;
begin
  if new.require_mfa is not distinct from old.require_mfa then
    return new;
  end if;
  who := private.current_principal();
  if not private.is_session() then
    raise sqlstate 'PT403' using message = 'Only a signed-in person can change this, not an API key.';
  end if;
  perform private.require_recent_sign_in();
  if new.require_mfa and who.aal is distinct from 'aal2' then
    raise sqlstate 'PT422' using
      message = 'Set up your own second factor first, then require it of everyone.';
  end if;
  return new;
end
$$;

create trigger guard_organization
  before update of require_mfa on public.organizations
  for each row execute function private.guard_organization();

create function private.audit_organization() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  before jsonb := to_jsonb(old) - '{id,created_at}'::text[];
  after jsonb := to_jsonb(new) - '{id,created_at}'::text[];
begin
  if before <> after then
    perform private.audit(
      new.id, 'organization.changed', 'organization', new.id::text,
      jsonb_build_object('before', before, 'after', after)
    );
  end if;
  return null;
end
$$;

create trigger audit_organization
  after update on public.organizations
  for each row execute function private.audit_organization();

-- Changes the fields that are sent.
create function public.update_organization(p_changes jsonb) returns setof public.organizations
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  perform private.require_permissions(array['team:write']);
  return query
    update public.organizations o set
      name = coalesce(p_changes ->> 'name', o.name),
      require_mfa = coalesce((p_changes ->> 'require_mfa')::boolean, o.require_mfa),
      drift_retention_days = coalesce((p_changes ->> 'drift_retention_days')::integer, o.drift_retention_days),
      audit_retention_days = coalesce((p_changes ->> 'audit_retention_days')::integer, o.audit_retention_days)
    where o.id = private.organization_id()
    returning o.*;
end
$$;

grant execute on function public.update_organization(jsonb) to authenticated;
