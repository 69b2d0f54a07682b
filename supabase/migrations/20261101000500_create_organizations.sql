-- Organizations are the tenants: every other row belongs to exactly one.
create table public.organizations (
  id bigint generated always as identity primary key,
  name text not null check (name = btrim(name) and length(name) between 1 and 100),
  created_at timestamptz not null default now(),
  require_mfa boolean not null default false
);

alter table public.organizations enable row level security;
grant select on public.organizations to authenticated;
-- What team writers may change: its name, and whether it asks everybody for a second factor.
grant update (name, require_mfa) on public.organizations to authenticated;

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
  before jsonb := jsonb_build_object('name', old.name, 'require_mfa', old.require_mfa);
  after jsonb := jsonb_build_object('name', new.name, 'require_mfa', new.require_mfa);
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
  after update of name, require_mfa on public.organizations
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
      require_mfa = coalesce((p_changes ->> 'require_mfa')::boolean, o.require_mfa)
    where o.id = private.organization_id()
    returning o.*;
end
$$;

grant execute on function public.update_organization(jsonb) to authenticated;
