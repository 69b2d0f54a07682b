-- A membership is a person's role in an organization.
create table public.memberships (
  organization_id bigint not null references public.organizations (id) on delete cascade,
  profile_id bigint not null references public.profiles (id) on delete cascade,
  role public.member_role not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, profile_id)
);

create index memberships_profile_id_idx on public.memberships (profile_id);

alter table public.memberships enable row level security;
revoke all on public.memberships from anon, authenticated, service_role;
grant select, delete on public.memberships to authenticated;
grant update (role) on public.memberships to authenticated;

-- The caller's own role: nobody gives, changes or takes a role above it.
create function private.own_role() returns public.member_role
  language sql stable security definer
  set search_path = ''
as $$ select (private.current_principal()).role $$;

revoke execute on function private.own_role() from public;
grant execute on function private.own_role() to authenticated;

create policy "members can read their organization's team" on public.memberships
  for select to authenticated
  using (
    organization_id = (select private.organization_id())
    and (select private.has_permission('team:read'))
  );

create policy "team writers can see the memberships they change" on public.memberships
  for select to authenticated
  using (
    organization_id = (select private.organization_id())
    and (select private.may_see_to_write('team:write'))
  );

create policy "team writers can change roles up to their own" on public.memberships
  for update to authenticated
  using (
    organization_id = (select private.organization_id())
    and (select private.has_permission('team:write'))
    and role <= (select private.own_role())
  )
  with check (
    organization_id = (select private.organization_id())
    and (select private.has_permission('team:write'))
    and role <= (select private.own_role())
  );

create policy "team writers can remove people up to their own role" on public.memberships
  for delete to authenticated
  using (
    organization_id = (select private.organization_id())
    and (select private.has_permission('team:write'))
    and role <= (select private.own_role())
  );

create policy "people can leave in a session" on public.memberships
  for delete to authenticated
  using (
    organization_id = (select private.organization_id())
    and profile_id = (select private.profile_id())
    and (select private.is_session())
  );

-- The two tables before are read through memberships.
create function private.my_organization_ids() returns setof bigint
  language sql stable security definer
  set search_path = ''
as $$
  select m.organization_id from public.memberships m where m.profile_id = (select private.profile_id())
$$;

create function private.colleague_ids() returns setof bigint
  language sql stable security definer
  set search_path = ''
as $$
  select m.profile_id from public.memberships m where m.organization_id = (select private.organization_id())
$$;

revoke execute on function private.my_organization_ids(), private.colleague_ids() from public;
grant execute on function private.my_organization_ids(), private.colleague_ids() to authenticated;

grant select on public.organizations to authenticated;

create policy "members can read their active organization" on public.organizations
  for select to authenticated
  using (id = (select private.organization_id()));

grant select on public.profiles to authenticated;
grant update (full_name, organization_id) on public.profiles to authenticated;

create policy "people can read themselves" on public.profiles
  for select to authenticated
  using (id = (select private.profile_id()));

create policy "members can read their colleagues" on public.profiles
  for select to authenticated
  using (id in (select private.colleague_ids()) and (select private.has_permission('team:read')));

create policy "team writers can see the people they change" on public.profiles
  for select to authenticated
  using (id in (select private.colleague_ids()) and (select private.may_see_to_write('team:write')));

create policy "people can change themselves in a session" on public.profiles
  for update to authenticated
  using (id = (select private.profile_id()) and (select private.is_session()))
  with check (
    id = (select private.profile_id())
    and (select private.is_session())
    -- Null is the way of somebody who belongs nowhere any more.
    and (organization_id is null or organization_id in (select private.my_organization_ids()))
  );

-- An organization keeps an owner. The organization's row is the lock, so that two owners who leave at the
-- same moment can't both succeed; it lets rows that refer to it in, and so can't end in a deadlock with them.
-- Deleting a whole organization or account cascades past this rule.
create function private.keep_an_owner() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  if old.role = 'owner' and pg_trigger_depth() = 1 and (tg_op = 'DELETE' or new.role <> 'owner') then
    perform from public.organizations o where o.id = old.organization_id for no key update;
    if not exists (
      select from public.memberships m
      where m.organization_id = old.organization_id and m.role = 'owner' and m.profile_id <> old.profile_id
    ) then
      raise sqlstate 'PT422' using message = 'An organization must keep at least one owner.';
    end if;
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;

create trigger keep_an_owner
  before update of role or delete on public.memberships
  for each row execute function private.keep_an_owner();

-- Signing up makes organization, profile and owner membership, in the transaction of the sign-up itself.
create function private.welcome_new_user() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  organization bigint;
  profile bigint;
  given_name text := left(nullif(btrim(new.raw_user_meta_data ->> 'full_name'), ''), 100);
  given_organization text := left(nullif(btrim(new.raw_user_meta_data ->> 'organization_name'), ''), 100);
  address text := coalesce(new.email, new.phone, '');
begin
  insert into public.organizations (name)
  values (btrim(coalesce(given_organization, left(coalesce(given_name, nullif(split_part(address, '@', 1), ''), 'New'), 80) || '''s organization')))
  returning id into organization;

  insert into public.profiles (auth_user_id, email, full_name, organization_id)
  values (new.id, address, btrim(given_name), organization)
  returning id into profile;

  insert into public.memberships (organization_id, profile_id, role) values (organization, profile, 'owner');
  return new;
end
$$;

create trigger welcome_new_user
  after insert on auth.users
  for each row execute function private.welcome_new_user();

create function private.follow_email_change() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  update public.profiles set email = coalesce(new.email, '') where auth_user_id = new.id;
  return new;
end
$$;

create trigger follow_email_change
  after update of email on auth.users
  for each row when (old.email is distinct from new.email)
  execute function private.follow_email_change();

revoke execute on function
  private.keep_an_owner(), private.welcome_new_user(), private.follow_email_change()
from public;
