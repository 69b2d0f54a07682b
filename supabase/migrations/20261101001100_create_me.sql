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
