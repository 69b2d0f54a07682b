-- Stream tickets: single use, 30 seconds, and no longer good than the credential that asked for them. A used one
-- stays a while, so that the stream it opened can ask whether that credential still lives.
create table private.stream_tickets (
  hash bytea primary key check (length(hash) = 32),
  user_id uuid not null references auth.users (id) on delete cascade,
  session_id uuid,
  -- Of the access token, for those that have no session.
  issued_at timestamptz,
  api_key_id bigint references public.api_keys (id) on delete cascade,
  -- When the access token ends by itself; null for a key, whose row says so.
  credential_expires_at timestamptz,
  expires_at timestamptz not null default now() + private.lasting('ticket_seconds'),
  used_at timestamptz
);

create index stream_tickets_user_id_idx on private.stream_tickets (user_id);
create index stream_tickets_api_key_id_idx on private.stream_tickets (api_key_id);
create index stream_tickets_expires_at_idx on private.stream_tickets (expires_at);

-- Notes a ticket that the function has drawn for a credential it has just admitted.
-- @returns when the ticket ends
create function public.issue_stream_ticket(
  p_hash text,
  p_user_id uuid,
  p_session_id uuid default null,
  p_issued_at timestamptz default null,
  p_api_key_id bigint default null,
  p_credential_expires_at timestamptz default null
) returns timestamptz
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  ends_at timestamptz;
begin
  insert into private.stream_tickets (hash, user_id, session_id, issued_at, api_key_id, credential_expires_at)
  values (decode(p_hash, 'hex'), p_user_id, p_session_id, p_issued_at, p_api_key_id, p_credential_expires_at)
  returning expires_at into ends_at;
  -- Old tickets leave a few at a time.
  delete from private.stream_tickets where hash in (
    select hash from private.stream_tickets
    where expires_at < now() - interval '1 day' limit 10 for update skip locked
  );
  return ends_at;
end
$$;

-- Who stands behind a ticket now, with a fault where its credential has died.
create function private.ticket_principal(p_ticket private.stream_tickets) returns private.principal
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal;
begin
  if p_ticket.credential_expires_at <= now() then
    who.fault := 'token_expired';
    return who;
  end if;
  if p_ticket.api_key_id is not null then
    return private.resolve_api_key(p_ticket.api_key_id);
  end if;
  return private.resolve_session(p_ticket.user_id, p_ticket.session_id, p_ticket.issued_at);
end
$$;

-- Admits the bearer of a ticket, once: the update of its row lets one of many racing callers through. It counts as a
-- request of its credential. A key's ticket opens nothing from where the key doesn't, and is used up by the attempt:
-- whoever shows it there should not have it.
create function public.redeem_stream_ticket(
  p_hash text, p_rate_limit integer default null, p_address inet default null
) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  ticket private.stream_tickets;
  key public.api_keys;
begin
  update private.stream_tickets t set used_at = now()
  where t.hash = decode(p_hash, 'hex') and t.used_at is null and t.expires_at > now()
  returning t.* into ticket;
  if not found then
    return jsonb_build_object('fault', 'ticket_invalid');
  end if;
  select k.* into key from public.api_keys k where k.id = ticket.api_key_id;
  if key.allowed_ips is not null and not coalesce(private.is_within(p_address, key.allowed_ips), false) then
    return jsonb_build_object('fault', 'address_not_allowed');
  end if;
  return private.admission(
    private.ticket_principal(ticket),
    coalesce('key:' || ticket.api_key_id, 'user:' || ticket.user_id),
    p_rate_limit,
    key.rate_limit
  ) || jsonb_build_object('ticket', jsonb_build_object(
    'issued_at', extract(epoch from ticket.issued_at), 'expires_at', extract(epoch from ticket.credential_expires_at)
  ));
end
$$;

-- Looks again whether the credential behind a used ticket lives; counts for nothing.
create function public.recheck_stream_ticket(p_hash text) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  ticket private.stream_tickets;
begin
  select t.* into ticket from private.stream_tickets t
  where t.hash = decode(p_hash, 'hex') and t.used_at is not null;
  if not found then
    return jsonb_build_object('fault', 'ticket_invalid');
  end if;
  return private.admission(private.ticket_principal(ticket), null, null);
end
$$;

grant execute on function
  public.issue_stream_ticket(text, uuid, uuid, timestamptz, bigint, timestamptz),
  public.redeem_stream_ticket(text, integer, inet),
  public.recheck_stream_ticket(text)
to service_role;
