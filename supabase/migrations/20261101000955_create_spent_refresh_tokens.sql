-- Supabase Auth takes a refresh token a second time while its successor is unused. Through this API a token is
-- good once: what was exchanged here is remembered by its hash.
create table private.spent_refresh_tokens (
  hash bytea primary key check (length(hash) = 32),
  spent_at timestamptz not null default now()
);

create index spent_refresh_tokens_spent_at_idx on private.spent_refresh_tokens (spent_at);

-- True for the first who spends a token (`p_hash`: its SHA-256 in hex), false for everybody after.
create function public.spend_refresh_token(p_hash text) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_is_first boolean;
begin
  insert into private.spent_refresh_tokens (hash) values (decode(p_hash, 'hex')) on conflict do nothing;
  v_is_first := found;
  -- After a month the token's family has long moved on, and Auth refuses it by itself.
  if random() < 0.01 then
    delete from private.spent_refresh_tokens where hash in (
      select hash from private.spent_refresh_tokens
      where spent_at < now() - interval '30 days' limit 100 for update skip locked
    );
  end if;
  return v_is_first;
end
$$;

revoke execute on function public.spend_refresh_token(text) from public, anon, authenticated, service_role;
grant execute on function public.spend_refresh_token(text) to service_role;
