-- Answers of requests that carried an Idempotency-Key, for a day.
create table private.idempotency_keys (
  organization_id bigint not null references public.organizations (id) on delete cascade,
  profile_id bigint not null references public.profiles (id) on delete cascade,
  key text not null check (length(key) between 1 and private.limit_of('idempotency_key_characters')),
  request_hash text not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, profile_id, key)
);

create index idempotency_keys_created_at_idx on private.idempotency_keys (created_at);
create index idempotency_keys_profile_id_idx on private.idempotency_keys (profile_id);

-- The answer that a key was given before; null for a new key. Another request under the same key is refused.
create function private.known_answer(p_organization_id bigint, p_key text, p_request_hash text) returns jsonb
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  known private.idempotency_keys;
begin
  select k.* into known from private.idempotency_keys k
  where k.organization_id = p_organization_id and k.profile_id = private.profile_id() and k.key = p_key
    and k.created_at > now() - private.lasting('idempotency_key_hours');
  if known.request_hash <> p_request_hash then
    raise sqlstate 'PT422' using message = 'This Idempotency-Key was used for another request.';
  end if;
  return known.answer;
end
$$;
