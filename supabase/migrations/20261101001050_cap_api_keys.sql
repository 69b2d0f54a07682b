-- How many living keys there may be. The short-lived ones of trust policies count towards neither cap: a busy hour of
-- pipelines must not keep people from making keys, nor the other way round.

-- Why this person can't have one more key in this organization, or null where they can.
-- @param p_margin how many of those that count are there already because of the question
create function private.key_cap_fault(p_organization_id bigint, p_profile_id bigint, p_margin integer default 0)
  returns text
  language sql stable security definer
  set search_path = ''
as $$
  select case
    when count(*) filter (where k.created_by = p_profile_id) - p_margin >= private.limit_of('api_keys_per_person') then
      format(
        'You already have %s active API keys in this organization. Revoke one first.',
        private.limit_of('api_keys_per_person')
      )
    when count(*) - p_margin >= private.limit_of('api_keys_per_organization') then
      format(
        'Your organization already has %s active API keys. Revoke one first.',
        private.limit_of('api_keys_per_organization')
      )
  end
  from public.api_keys k
  where k.organization_id = p_organization_id and k.trust_policy_id is null and private.api_key_fault(k) is null
$$;

-- Judges a key after it was made. The trigger's name comes after the audit's, which has locked the end of the
-- organization's chain by then: of two who make the last key at once, the second one sees the first one's.
-- A rotation is not stopped: it replaces a key, which ends within 7 days. Nor is the operator, who comes without claims.
create function private.cap_api_keys() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  fault text;
begin
  if new.trust_policy_id is not null or auth.jwt() ->> 'role' is null
    or exists (select from public.api_keys k where k.id = new.id and k.replaces is not null) then
    return null;
  end if;
  fault := private.key_cap_fault(new.organization_id, new.created_by, 1);
  if fault is not null then
    raise sqlstate 'PT422' using message = fault;
  end if;
  return null;
end
$$;

-- Deferrable for rotate_api_key, which tells what a key replaces only once it's there.
create constraint trigger cap_api_keys
  after insert on public.api_keys
  deferrable initially immediate
  for each row execute function private.cap_api_keys();
