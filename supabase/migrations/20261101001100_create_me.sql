-- A person changes their own name, or the organization that their sessions act in.
create function public.update_me(p_changes jsonb) returns boolean
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  update public.profiles p set
    full_name = coalesce(p_changes ->> 'full_name', p.full_name),
    organization_id = coalesce((p_changes ->> 'organization_id')::bigint, p.organization_id)
  where p.id = private.profile_id();
  if not found then
    raise insufficient_privilege using message = 'only a signed-in session may change its person';
  end if;
  return true;
end
$$;

revoke execute on function public.update_me(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.update_me(jsonb) to authenticated;

-- The organizations that a signed-in person may switch to; nothing for a key, which has one of its own. A function and
-- no policy, for a session and a key of one person see the same rows of every table.
create function public.my_organizations() returns table (id bigint, name text)
  language sql stable security definer
  set search_path = ''
as $$
  select o.id, o.name from public.organizations o
  where o.id in (select private.my_organization_ids()) and (select private.is_session())
  order by o.name, o.id
$$;

revoke execute on function public.my_organizations() from public, anon, authenticated, service_role;
grant execute on function public.my_organizations() to authenticated;
