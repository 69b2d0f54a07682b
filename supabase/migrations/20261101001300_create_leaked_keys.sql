-- Keys that somebody found where they should not be: revoked on sight, and told to the organization.

-- Revokes the keys among `p_keys` ({id, prefix, hashes, url?} each) that exist; several may claim one prefix, and at
-- most one of them is right. Without a limit nothing is counted.
-- @returns {found: the ids of real keys, alive or not} or {retry_after_seconds}; raises when it can't count
create function public.revoke_leaked_api_keys(
  p_keys jsonb,
  p_source text,
  p_address inet default null,
  p_rate_limit integer default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  window_state record;
  leaked record;
  real integer[] := array[]::integer[];
begin
  if p_rate_limit is not null then
    -- Reports from unknown addresses share one bucket.
    select * into window_state from private.take_from_bucket(
      'revocation:' || coalesce(private.address_bucket(p_address), 'unknown'), p_rate_limit, 60
    );
    if not window_state.allowed then
      return jsonb_build_object('retry_after_seconds', window_state.reset_seconds);
    end if;
  end if;

  for leaked in
    select k.*, given.url, given.id as given_id
    from jsonb_to_recordset(p_keys) as given (id integer, prefix text, hashes jsonb, url text)
    join public.api_keys k on k.prefix = given.prefix
    where private.has_hash(k.id, given.hashes)
    -- One order for all reports, so that no two wait for each other's rows or audit chains.
    order by k.organization_id, k.id
  loop
    real := real || leaked.given_id;
    update public.api_keys set revoked_at = now() where id = leaked.id and revoked_at is null;
    if found then
      perform private.audit(
        leaked.organization_id, 'api_key.leaked', 'api_key', leaked.id::text,
        jsonb_strip_nulls(jsonb_build_object(
          'name', leaked.name, 'prefix', leaked.prefix, 'source', p_source, 'url', left(leaked.url, 2000)
        ))
      );
    end if;
  end loop;
  return jsonb_build_object('found', to_jsonb(real));
end
$$;

grant execute on function public.revoke_leaked_api_keys(jsonb, text, inet, integer) to service_role;
