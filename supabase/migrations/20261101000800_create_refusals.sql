-- Row-level security hides rows; these functions turn a hidden row into the refusal it is.

-- Raises 42501 that names the first permission the caller lacks (in HINT, for `details.required`).
create function private.require_permissions(p_permissions text[]) returns void
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  missing text;
begin
  select needed into missing from unnest(p_permissions) needed
  where not private.has_permission(needed)
  limit 1;
  if missing is not null then
    raise insufficient_privilege using
      message = format('permission %s is missing', missing), hint = missing;
  end if;
end
$$;

-- True when a row with this id is there, whoever it belongs to.
create function private.row_exists(p_relation text, p_id bigint) returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  found_row boolean;
begin
  if p_relation = 'memberships' then
    -- A person's id stands for their membership.
    return exists (select from public.profiles p where p.id = p_id);
  end if;
  if p_relation not in ('resources', 'api_keys', 'invites', 'baselines', 'drifts') then
    raise invalid_parameter_value using message = format('no refusals are told for %s', p_relation);
  end if;
  execute format('select exists (select from public.%I where id = $1)', p_relation) into found_row using p_id;
  return found_row;
end
$$;

-- Called when a query found nothing. Raises 42501 when the caller lacks the permission, or the row exists but
-- is not for the caller; returns when there is simply nothing.
create function public.explain_refusal(p_permission text, p_relation text default null, p_id bigint default null)
  returns void
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  perform private.require_permissions(array[p_permission]);
  if p_relation is not null and private.row_exists(p_relation, p_id) then
    raise insufficient_privilege using
      message = 'the row is not for this credential', hint = p_permission;
  end if;
end
$$;

revoke execute on function
  private.require_permissions(text[]), private.row_exists(text, bigint)
from public;
revoke execute on function public.explain_refusal(text, text, bigint) from public, anon, authenticated, service_role;
grant execute on function private.require_permissions(text[]) to authenticated;
grant execute on function public.explain_refusal(text, text, bigint) to authenticated;
