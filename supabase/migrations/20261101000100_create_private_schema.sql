-- What a migration makes is its owner's alone until a grant beside it says otherwise. Postgres opens every new function
-- to everybody, and older Supabase projects open all that is new in `public` to the API's roles. Default privileges
-- belong to the role that sets them: every migration runs as the role that ran this one.
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;

-- Helpers, hashes and limits live in `private`, which the Data API does not expose.
create schema private;
-- Policies run with the caller's rights, so the caller may reach the helpers that policies name.
grant usage on schema private to authenticated, service_role;

create type public.member_role as enum ('viewer', 'user', 'admin', 'owner');

-- The closed list of permissions, in the contract's order.
create function private.all_permissions() returns text[]
  language sql immutable parallel safe
  set search_path = ''
as $$
  select array[
    'resources:read', 'resources:write', 'drifts:read', 'drifts:write',
    'api_keys:read', 'api_keys:write', 'team:read', 'team:write', 'audit:read'
  ]
$$;

-- What each role may do: the decision; `shared/contracts/permissions.ts` documents it. In plpgsql, as all that a policy
-- asks for: Postgres plans a function in SQL anew in every statement, which takes longer than its work.
create function private.role_permissions(p_role public.member_role) returns text[]
  language plpgsql immutable parallel safe
  set search_path = ''
as $$
begin
  return case p_role
    when 'owner' then private.all_permissions()
    when 'admin' then array_remove(private.all_permissions(), 'team:write')
    when 'user' then array[
      'resources:read', 'resources:write', 'drifts:read', 'drifts:write',
      'api_keys:read', 'api_keys:write', 'team:read'
    ]
    when 'viewer' then array['resources:read', 'drifts:read', 'team:read']
    else array[]::text[]
  end;
end
$$;

grant execute on function private.all_permissions() to authenticated;
