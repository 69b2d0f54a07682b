-- Row-level security hides rows; these functions turn a hidden row into the refusal it is.

-- Raises 42501 that names the first permission the caller lacks (in HINT, for `details.required`).
create function private.require_permissions(p_permissions text[]) returns void
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  held constant text[] := private.permissions();
  missing text;
begin
  select needed into missing from unnest(p_permissions) needed where not needed = any (held) limit 1;
  if missing is not null then
    raise insufficient_privilege using
      message = format('permission %s is missing', missing), hint = missing;
  end if;
end
$$;

-- True when the functions vouch for this call: its token carries the claim `request`, which they sign for one request.
-- With a person's own token, straight at the Data API, it is false.
create function private.is_vouched() returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$ begin return auth.jwt() -> 'request' ->> 'request_id' is not null; end $$;

-- Evidence is written by the functions alone, which compare and mask: the people it is about can't state it themselves.
-- Raises 42501 for any other call.
create function private.require_vouched() returns void
  language plpgsql stable
  set search_path = ''
as $$
begin
  if not private.is_vouched() then
    raise insufficient_privilege using message = 'this is written through the API, not straight at the Data API';
  end if;
end
$$;

-- The caller's organization, for functions that act past row-level security: the permission is checked here, and that
-- the call came through the API.
create function private.organization_for(p_permission text) returns bigint
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_where(p_permission);
begin
  if organization is null then
    perform private.require_permissions(array[p_permission]);
    raise insufficient_privilege using message = 'the caller belongs to no organization', hint = p_permission;
  end if;
  perform private.require_vouched();
  return organization;
end
$$;

-- Tables whose rows have an id in a path of the API. Each names itself where it is made.
create table private.addressable_tables (
  name text primary key
);

-- The organization of a row, whoever may see it; null where there is none. A person's id stands for their membership.
create function private.row_owner(p_relation text, p_id bigint) returns bigint
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  owner bigint;
begin
  if p_relation = 'memberships' then
    return (select coalesce(p.organization_id, 0) from public.profiles p where p.id = p_id);
  end if;
  if not exists (select from private.addressable_tables a where a.name = p_relation) then
    raise invalid_parameter_value using message = format('no refusals are told for %s', p_relation);
  end if;
  execute format('select organization_id from public.%I where id = $1', p_relation) into owner using p_id;
  return owner;
end
$$;

-- Called when a query found nothing. Raises 42501 when the caller lacks the permission, or the row exists but
-- is not for the caller; false when there is simply nothing. With `or_own`, a row of the caller's own organization is no
-- refusal but true.
create function public.explain_refusal(
  p_permission text,
  p_relation text default null,
  p_id bigint default null,
  or_own boolean default false
) returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  owner bigint;
begin
  perform private.require_permissions(array[p_permission]);
  if p_relation is null then
    return false;
  end if;
  owner := private.row_owner(p_relation, p_id);
  if owner is null then
    return false;
  end if;
  if or_own and owner = private.organization_id() then
    return true;
  end if;
  raise insufficient_privilege using message = 'the row is not for this credential', hint = p_permission;
end
$$;

grant execute on function
  private.require_permissions(text[]),
  private.is_vouched(),
  private.require_vouched(),
  public.explain_refusal(text, text, bigint, boolean)
to authenticated;
