-- From an id token that the functions have verified to a short-lived key (RFC 8693).

-- Id tokens that were exchanged, until they would have expired by themselves.
create table private.used_id_tokens (
  hash bytea primary key check (length(hash) = 32),
  expires_at timestamptz not null
);

create index used_id_tokens_expires_at_idx on private.used_id_tokens (expires_at);

-- Whether an organization trusts an issuer at all: no other key set is ever fetched. Counts against the address.
-- @returns {is_known} or {retry_after_seconds}
create function public.find_trusted_issuer(
  p_organization_id bigint, p_issuer text, p_address inet default null, p_limit integer default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  taken record;
begin
  if p_limit is not null and p_address is not null then
    select * into taken
    from private.take_from_bucket('exchange:' || private.address_bucket(p_address), p_limit, 60);
    if not taken.allowed then
      return jsonb_build_object('retry_after_seconds', taken.reset_seconds);
    end if;
  end if;
  return jsonb_build_object('is_known', exists (
    select from public.trust_policies p where p.organization_id = p_organization_id and p.issuer = p_issuer
  ));
end
$$;

create function private.claim_matches(p_claim jsonb, p_pattern text) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select case jsonb_typeof(p_claim)
    when 'array' then exists (
      select from jsonb_array_elements_text(p_claim) element
      where element like replace(replace(replace(replace(p_pattern, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%')
    )
    when 'object' then false
    when 'null' then false
    else coalesce(
      p_claim #>> '{}' like replace(replace(replace(replace(p_pattern, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%'),
      false
    )
  end
$$;

create function private.trusts(p_policy public.trust_policies, p_claims jsonb) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select not exists (
    select from jsonb_each_text(p_policy.conditions) c
    where not coalesce(private.claim_matches(p_claims -> c.key, c.value), false)
  )
$$;

-- What an auditor asks of a job, whatever its provider calls it.
create function private.job_facts(p_claims jsonb) returns jsonb
  language sql immutable
  set search_path = ''
as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'subject', left(p_claims ->> 'sub', 300),
    'repository', left(coalesce(
      p_claims ->> 'repository', p_claims ->> 'project_path', p_claims ->> 'terraform_full_workspace',
      p_claims ->> 'pipeline_slug', p_claims ->> 'oidc.circleci.com/vcs-origin'
    ), 300),
    'ref', left(coalesce(
      p_claims ->> 'ref', p_claims ->> 'build_branch', p_claims ->> 'oidc.circleci.com/vcs-ref'
    ), 300),
    'workflow', left(coalesce(
      p_claims ->> 'workflow_ref', p_claims ->> 'workflow', p_claims ->> 'ci_config_ref_uri', p_claims ->> 'step_key',
      p_claims ->> 'terraform_run_phase'
    ), 300),
    'run', left(coalesce(
      p_claims ->> 'run_id', p_claims ->> 'pipeline_id', p_claims ->> 'build_number', p_claims ->> 'terraform_run_id',
      p_claims ->> 'oidc.circleci.com/workflow-id'
    ), 300)
  ))
$$;

-- Makes the key. The token's digest goes in with it, so that of many who show the same token one gets a key.
-- @returns {scopes, expires_in}, or {fault}: no_policy, several_policies, replayed, invalid_scope
create function public.exchange_id_token(
  p_organization_id bigint,
  p_issuer text,
  p_audience text[],
  p_claims jsonb,
  p_token_hash text,
  p_token_expires_at timestamptz,
  p_prefix text,
  p_hashes jsonb,
  p_scopes text[] default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  policies public.trust_policies[];
  policy public.trust_policies;
  maker public.member_role;
  granted text[];
  key public.api_keys;
begin
  policies := array(
    select p from public.trust_policies p
    where p.organization_id = p_organization_id
      and p.issuer = p_issuer and p.audience = any (p_audience) and private.trusts(p, p_claims)
    limit 2
  );
  if cardinality(policies) <> 1 then
    return jsonb_build_object(
      'fault', case when cardinality(policies) = 0 then 'no_policy' else 'several_policies' end
    );
  end if;
  policy := policies[1];

  select m.role into maker
  from public.memberships m join private.living_people p on p.id = m.profile_id
  where m.organization_id = p_organization_id and m.profile_id = policy.created_by;
  if not coalesce(p_scopes, policy.scopes) <@ policy.scopes then
    return jsonb_build_object('fault', 'invalid_scope');
  end if;
  granted := array(
    select wanted from unnest(coalesce(p_scopes, policy.scopes)) wanted
    where wanted = any (private.role_permissions(maker))
  );
  if maker is null or cardinality(granted) = 0 then
    return jsonb_build_object('fault', 'no_policy');
  end if;

  delete from private.used_id_tokens where hash in (
    select hash from private.used_id_tokens where expires_at < now() limit 20 for update skip locked
  );
  insert into private.used_id_tokens (hash, expires_at)
  values (decode(p_token_hash, 'hex'), p_token_expires_at + interval '1 minute')
  on conflict do nothing;
  if not found then
    return jsonb_build_object('fault', 'replayed');
  end if;

  -- What earlier jobs left behind: the audit log remembers it, the list of keys need not.
  delete from public.api_keys where id in (
    select k.id from public.api_keys k
    where k.organization_id = p_organization_id and k.trust_policy_id is not null
      and k.expires_at < now() - interval '1 day'
    limit 20 for update skip locked
  );
  insert into public.api_keys (organization_id, created_by, name, prefix, scopes, expires_at, trust_policy_id)
  values (
    p_organization_id, policy.created_by,
    btrim(left(policy.name || ': ' || coalesce(p_claims ->> 'sub', p_issuer), private.limit_of('name_characters'))),
    p_prefix, granted, now() + make_interval(secs => policy.max_seconds), policy.id
  )
  returning * into key;
  insert into private.api_key_hashes (api_key_id, pepper_version, hash)
  select key.id, given.key::smallint, decode(given.value, 'hex') from jsonb_each_text(p_hashes) given;
  update public.trust_policies set last_used_at = now() where id = policy.id;
  perform private.audit(
    p_organization_id, 'trust_policy.used', 'trust_policy', policy.id::text,
    jsonb_build_object('name', policy.name, 'issuer', p_issuer, 'api_key', key.prefix) || private.job_facts(p_claims)
  );
  return jsonb_build_object('scopes', to_jsonb(granted), 'expires_in', policy.max_seconds);
end
$$;

grant execute on function
  public.find_trusted_issuer(bigint, text, inet, integer),
  public.exchange_id_token(bigint, text, text[], jsonb, text, timestamptz, text, jsonb, text[])
to service_role;
