-- Making, changing and ending trust policies: row-level security judges, these add refusals that name what is missing.

create function public.create_trust_policy(
  p_name text, p_issuer text, p_audience text, p_conditions jsonb, p_scopes text[], p_max_seconds integer
) returns setof public.trust_policy_overview
  language plpgsql security invoker
  set search_path = ''
as $$
declare
  v_id bigint;
begin
  perform private.begin_write();
  perform private.require_permissions(array['api_keys:write'] || p_scopes);
  insert into public.trust_policies (
    organization_id, created_by, name, issuer, audience, conditions, scopes, max_seconds
  ) values (
    private.organization_id(), private.profile_id(), p_name, p_issuer, p_audience, p_conditions, p_scopes, p_max_seconds
  )
  returning id into v_id;
  return query select * from public.trust_policy_overview where id = v_id;
end
$$;

-- Changes the fields that are sent; no row where there is no such policy.
create function public.update_trust_policy(p_id bigint, p_changes jsonb) returns setof public.trust_policy_overview
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  perform private.require_permissions(array['api_keys:write']);
  if p_changes ? 'scopes' then
    perform private.require_permissions(array(select jsonb_array_elements_text(p_changes -> 'scopes')));
  end if;
  update public.trust_policies p set
    name = coalesce(p_changes ->> 'name', p.name),
    issuer = coalesce(p_changes ->> 'issuer', p.issuer),
    audience = coalesce(p_changes ->> 'audience', p.audience),
    conditions = coalesce(p_changes -> 'conditions', p.conditions),
    scopes = case
      when p_changes ? 'scopes' then array(select jsonb_array_elements_text(p_changes -> 'scopes'))
      else p.scopes
    end,
    max_seconds = coalesce((p_changes ->> 'max_seconds')::integer, p.max_seconds)
  where p.id = p_id;
  if not found then
    return;
  end if;
  return query select * from public.trust_policy_overview where id = p_id;
end
$$;

-- Ends a policy and every key that came of it.
create function public.delete_trust_policy(p_id bigint) returns boolean
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  perform private.require_permissions(array['api_keys:write']);
  delete from public.trust_policies where id = p_id;
  return found;
end
$$;

grant execute on function
  public.create_trust_policy(text, text, text, jsonb, text[], integer),
  public.update_trust_policy(bigint, jsonb),
  public.delete_trust_policy(bigint)
to authenticated;
