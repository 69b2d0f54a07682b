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

-- The caller's organization, for functions that act past row-level security: the permission is checked here.
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
  return organization;
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
  if p_relation not in ('resources', 'api_keys', 'invites', 'baselines', 'drifts', 'trust_policies') then
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

-- True when the resource is the caller's organization's, false when there is none. Raises 42501 when the caller
-- lacks the permission, whatever it is, or the resource is another organization's.
create function public.has_resource(p_permission text, p_id bigint) returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  organization bigint := private.organization_for(p_permission);
  owner bigint;
begin
  select r.organization_id into owner from public.resources r where r.id = p_id;
  if owner <> organization then
    raise insufficient_privilege using message = 'the row is not for this credential', hint = p_permission;
  end if;
  return owner is not null;
end
$$;

grant execute on function
  private.require_permissions(text[]),
  public.explain_refusal(text, text, bigint),
  public.has_resource(text, bigint)
to authenticated;
