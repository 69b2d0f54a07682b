-- A membership is a person's role in an organization.
create table public.memberships (
  organization_id bigint not null references public.organizations (id) on delete cascade,
  profile_id bigint not null references public.profiles (id) on delete cascade,
  role public.member_role not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, profile_id)
);

create index memberships_profile_id_idx on public.memberships (profile_id);

insert into private.addressable_tables (name) values ('memberships');

alter table public.memberships enable row level security;
grant select, delete on public.memberships to authenticated;
grant update (role) on public.memberships to authenticated;

create policy "members can read their organization's team" on public.memberships
  for select to authenticated
  using (organization_id = (select private.organization_where('team:read', or_writing => 'team:write')));

create policy "team writers can change roles up to their own" on public.memberships
  for update to authenticated
  using (
    organization_id = (select private.organization_where('team:write'))
    and role <= (select private.own_role())
  )
  with check (
    organization_id = (select private.organization_where('team:write'))
    and role <= (select private.own_role())
  );

create policy "team writers can remove people up to their own role" on public.memberships
  for delete to authenticated
  using (
    organization_id = (select private.organization_where('team:write'))
    and role <= (select private.own_role())
  );

create policy "people can leave in a session" on public.memberships
  for delete to authenticated
  using (
    organization_id = (select private.organization_id())
    and profile_id = (select private.profile_id())
    and (select private.is_session())
  );

-- An organization keeps an owner. The organization's row is the lock, so that two owners who leave at the
-- same moment can't both succeed; it lets rows that refer to it in, and so can't end in a deadlock with them.
-- Deleting a whole organization or account cascades past this rule.
create function private.keep_an_owner() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  -- With its organization everybody goes.
  if current_setting('infraaudit.erasing', true) = 'on' then
    return old;
  end if;
  if old.role = 'owner' and pg_trigger_depth() = 1 and (tg_op = 'DELETE' or new.role <> 'owner') then
    perform from public.organizations o where o.id = old.organization_id for no key update;
    if not exists (
      -- One who is banned or deleted can't keep anything.
      select from public.memberships m join private.living_people p on p.id = m.profile_id
      where m.organization_id = old.organization_id and m.role = 'owner' and m.profile_id <> old.profile_id
    ) then
      raise sqlstate 'PT422' using message = 'An organization needs at least one owner.';
    end if;
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;

create trigger keep_an_owner
  before update of role or delete on public.memberships
  for each row execute function private.keep_an_owner();

-- A removed person's sessions go on in another organization of theirs, or in none. Their keys here end: an invitation
-- later on brings none of them back.
create function private.leave_organization() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  update public.profiles p set organization_id = (
    select m.organization_id from public.memberships m
    where m.profile_id = old.profile_id order by m.organization_id limit 1
  )
  where p.id = old.profile_id and p.organization_id = old.organization_id;
  -- With the whole organization its keys go anyway.
  if exists (select from public.organizations o where o.id = old.organization_id) then
    update public.api_keys k set revoked_at = now()
    where k.organization_id = old.organization_id and k.created_by = old.profile_id and k.revoked_at is null;
  end if;
  return null;
end
$$;

create trigger leave_organization
  after delete on public.memberships
  for each row execute function private.leave_organization();

-- A removal is noted before it happens: the credential that does it may be gone afterwards.
create function private.audit_membership() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  member public.memberships := case when tg_op = 'DELETE' then old else new end;
  action text := case tg_op when 'INSERT' then 'team.member_joined' when 'UPDATE' then 'team.role_changed' end;
  details jsonb := jsonb_build_object(
    'email', private.person(member.profile_id) -> 'email', 'role', member.role
  );
begin
  if tg_op = 'UPDATE' then
    details := details || jsonb_build_object('previous_role', old.role);
  elsif tg_op = 'DELETE' then
    -- Nothing is left to write into when the whole organization goes.
    if not exists (select from public.organizations o where o.id = member.organization_id) then
      return old;
    end if;
    action := case
      when private.profile_id() = member.profile_id and private.is_session() then 'team.member_left'
      else 'team.member_removed'
    end;
  end if;
  perform private.audit(member.organization_id, action, 'user', member.profile_id::text, details);
  return member;
end
$$;

create trigger audit_membership
  after insert on public.memberships
  for each row execute function private.audit_membership();

create trigger audit_role
  after update of role on public.memberships
  for each row when (old.role is distinct from new.role)
  execute function private.audit_membership();

-- Its name comes after the owner rule's: the rule locks the organization, this the end of its chain.
create trigger note_removal
  before delete on public.memberships
  for each row execute function private.audit_membership();

create view public.team_overview with (security_invoker = true) as
select p.id, p.email, p.full_name, m.role, m.created_at as joined_at
from public.memberships m
join public.profiles p on p.id = m.profile_id;
grant select on public.team_overview to authenticated;

-- Gives a person another role; no row if there is no such person.
create function public.change_member_role(p_profile_id bigint, p_role public.member_role)
  returns setof public.team_overview
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  update public.memberships set role = p_role
  where profile_id = p_profile_id and organization_id = private.organization_id();
  if found then
    return query select * from public.team_overview where id = p_profile_id;
  end if;
end
$$;

-- Removes a person, or oneself; false if there is no such person.
create function public.remove_member(p_profile_id bigint) returns boolean
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  delete from public.memberships
  where profile_id = p_profile_id and organization_id = private.organization_id();
  return found;
end
$$;

grant execute on function
  public.change_member_role(bigint, public.member_role),
  public.remove_member(bigint)
to authenticated;
