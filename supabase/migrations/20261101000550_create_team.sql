-- The team as people see and change it, and what a change leaves behind.

-- A removed person's sessions go on in another organization of theirs, or in none.
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

revoke execute on function private.leave_organization(), private.audit_membership() from public;

create view public.team_overview with (security_invoker = true) as
select p.id, p.email, p.full_name, m.role, m.created_at as joined_at
from public.memberships m
join public.profiles p on p.id = m.profile_id
where m.organization_id = (select private.organization_id());

revoke all on public.team_overview from anon, authenticated, service_role;
grant select on public.team_overview to authenticated;

-- Gives a person another role; no row where there is nobody to give it to.
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

-- Removes a person, or oneself; false where there is nobody to remove.
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

revoke execute on function
  public.change_member_role(bigint, public.member_role), public.remove_member(bigint)
from public, anon, authenticated, service_role;
grant execute on function
  public.change_member_role(bigint, public.member_role), public.remove_member(bigint)
to authenticated;
