-- Where a person is signed in. Sessions are Supabase Auth's; what the functions know of their origin is kept beside.
create table private.session_origins (
  session_id uuid primary key references auth.sessions (id) on delete cascade,
  address inet,
  user_agent text
);

create function private.note_session_origin() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  insert into private.session_origins (session_id, address, user_agent)
  select s.id, new.address, new.user_agent from auth.sessions s where s.id::text = new.credential_id
  on conflict (session_id) do nothing;
  return null;
end
$$;

-- The log's event is the one that has the request's own facts: Auth saw a function's address.
create trigger note_session_origin
  after insert on public.audit_events
  for each row when (new.action = 'session.started')
  execute function private.note_session_origin();

create function public.my_sessions() returns table (
  id uuid, created_at timestamptz, last_used_at timestamptz, ip text, user_agent text, aal text, current boolean
)
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  who private.principal := private.session_principal('look after sessions');
begin
  return query
    select
      s.id, s.created_at,
      greatest(s.created_at, s.updated_at, s.refreshed_at at time zone 'utc'),
      host(coalesce(o.address, private.as_address(s.ip::text))),
      coalesce(o.user_agent, s.user_agent),
      case when s.aal::text in ('aal2', 'aal3') then 'aal2' else 'aal1' end,
      s.id is not distinct from who.session_id
    from auth.sessions s
    left join private.session_origins o on o.session_id = s.id
    where s.user_id = who.user_id and (s.not_after is null or s.not_after > now())
    order by s.id is not distinct from who.session_id desc, s.created_at desc
    limit 200;
end
$$;

-- Ends a session of the caller's. False where there is none with this id.
create function public.end_my_session(p_id uuid) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  who private.principal := private.session_principal('look after sessions');
begin
  delete from auth.sessions s where s.id = p_id and s.user_id = who.user_id;
  if not found then
    return false;
  end if;
  if who.organization_id is not null then
    perform private.audit(
      who.organization_id, 'session.ended', 'user', who.profile_id::text,
      jsonb_build_object('scope', 'one', 'session', p_id)
    );
  end if;
  return true;
end
$$;

-- Ends every session of the caller's but this one, and every token that has none.
-- @returns how many sessions
create function public.end_my_other_sessions() returns integer
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  who private.principal := private.session_principal('look after sessions');
  ended integer;
begin
  delete from auth.sessions s where s.user_id = who.user_id and s.id is distinct from who.session_id;
  get diagnostics ended = row_count;
  if who.session_id is not null then
    perform public.end_sessionless_tokens(who.user_id);
  end if;
  if who.organization_id is not null then
    perform private.audit(
      who.organization_id, 'session.ended', 'user', who.profile_id::text,
      jsonb_build_object('scope', 'others', 'sessions', ended)
    );
  end if;
  return ended;
end
$$;

-- Records that the caller's password changed.
create function public.record_password_change() returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  who private.principal := private.session_principal('look after sessions');
begin
  if who.organization_id is not null then
    perform private.audit(who.organization_id, 'password.changed', 'user', who.profile_id::text);
  end if;
end
$$;

grant execute on function
  public.my_sessions(),
  public.end_my_session(uuid),
  public.end_my_other_sessions(),
  public.record_password_change()
to authenticated;
