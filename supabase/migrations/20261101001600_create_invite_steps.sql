-- The steps of an invitation: sent, sent again, cancelled, accepted. The function draws the token and hands over its
-- SHA-256; what is stored is the hash of that, so that a reader of the table couldn't accept with what stands there.

create function private.invite_token_hash(p_digest text) returns bytea
  language sql immutable
  set search_path = ''
as $$ select sha256(decode(p_digest, 'hex')) $$;

-- Gives an invitation that the caller may send its only token, and counts the mail: a stolen session must not be a
-- way to mail the world.
create function private.store_invite_token(p_invite_id bigint, p_digest text) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  mails_a_day constant integer := 50;
  window_state record;
begin
  perform private.require_permissions(array['team:write']);
  select * into window_state
  from private.take_from_bucket('invitemail:' || private.organization_id(), mails_a_day, 86400);
  if not window_state.allowed then
    raise sqlstate 'PT429' using
      message = format('You can send at most %s invitations a day.', mails_a_day),
      hint = window_state.reset_seconds;
  end if;
  insert into private.invite_tokens as t (invite_id, hash)
  select i.id, private.invite_token_hash(p_digest)
  from public.invites i
  where i.id = p_invite_id and i.organization_id = private.organization_id()
  on conflict (invite_id) do update set hash = excluded.hash;
  perform private.drop_unconfirmed_password((select i.email from public.invites i where i.id = p_invite_id));
end
$$;

create function private.is_in_team(p_email text) returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select exists (
    select from public.memberships m join public.profiles p on p.id = m.profile_id
    where m.organization_id = private.organization_id() and lower(p.email) = p_email
  )
$$;

create function public.create_invite(p_email text, p_role public.member_role, p_token_digest text)
  returns setof public.invite_overview
  language plpgsql security invoker
  set search_path = ''
as $$
declare
  v_email text := lower(btrim(p_email));
  v_id bigint;
begin
  perform private.begin_write();
  perform private.require_permissions(array['team:write']);
  if private.is_in_team(v_email) then
    raise sqlstate 'PT409' using message = 'This person is already in the team.';
  end if;
  -- An invitation that ran out makes room for a new one.
  update public.invites set cancelled_at = now()
  where email = v_email and organization_id = private.organization_id()
    and accepted_at is null and cancelled_at is null and expires_at <= now();

  insert into public.invites (email, role) values (v_email, p_role) returning id into v_id;
  perform private.store_invite_token(v_id, p_token_digest);
  return query select * from public.invite_overview where id = v_id;
exception when unique_violation then
  raise sqlstate 'PT409' using message = 'This person is already invited. Send the invitation again instead.';
end
$$;

-- A new token for another seven days; the one before is dead. No row where there is no such invitation.
create function public.resend_invite(p_id bigint, p_token_digest text) returns setof public.invite_overview
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  update public.invites set expires_at = now() + private.lasting('invite_days') where id = p_id;
  if found then
    perform private.store_invite_token(p_id, p_token_digest);
    return query select * from public.invite_overview where id = p_id;
  end if;
end
$$;

-- Cancels an invitation; doing so twice is no error and no second event. False where there is none.
create function public.cancel_invite(p_id bigint) returns boolean
  language plpgsql security invoker
  set search_path = ''
as $$
begin
  perform private.begin_write();
  perform private.require_permissions(array['team:write']);
  update public.invites set cancelled_at = now() where id = p_id and cancelled_at is null;
  return found or exists (select from public.invites where id = p_id);
end
$$;

-- The inviter must still be able to, and be there: an invitation is no way to keep a right beyond one's role or ban.
create function private.is_invite_backed(p_invite public.invites) returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select exists (
    select from public.memberships m join private.living_people p on p.id = m.profile_id
    where m.organization_id = p_invite.organization_id and m.profile_id = p_invite.invited_by
      and 'team:write' = any (private.role_permissions(m.role)) and p_invite.role <= m.role
  )
$$;

-- A mail client may have shown the link to others: only the person whose confirmed address was invited gets in.
create function private.is_invited_person(p_email text, p_user_id uuid) returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select exists (
    select from auth.users u
    where u.id = p_user_id and lower(u.email) = p_email and u.email_confirmed_at is not null
  )
$$;

-- Lets the signed-in person join. Security definer: the joiner has no rights in the organization yet.
create function public.accept_invite(p_token_digest text) returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  who private.principal := private.current_principal();
  v_hash bytea := private.invite_token_hash(p_token_digest);
  invite public.invites;
  has_password boolean;
begin
  if who.fault is not null or who.api_key_id is not null then
    raise insufficient_privilege using message = 'only a signed-in person may accept an invitation';
  end if;
  -- The invitation's row is the lock: of two who come at once, the second sees what the first has done.
  select i.* into invite from public.invites i
  where i.id = (select t.invite_id from private.invite_tokens t where t.hash = v_hash)
  for update;
  -- Asked again under the lock, for a token that was replaced meanwhile.
  if not exists (select from private.invite_tokens t where t.invite_id = invite.id and t.hash = v_hash) then
    raise sqlstate 'PT404' using message = 'This invitation doesn''t exist. Ask for a new one.';
  end if;
  if not private.is_invited_person(invite.email, who.user_id) then
    raise sqlstate 'PT403' using message = 'This invitation is for another email address.';
  end if;
  if private.invite_status(invite) <> 'pending' or not private.is_invite_backed(invite) then
    raise sqlstate 'PT422' using message = case private.invite_status(invite)
      when 'accepted' then 'This invitation was accepted before.'
      when 'expired' then 'This invitation has expired; ask for a new one.'
      else 'This invitation is not valid any more; ask for a new one.'
    end;
  end if;

  insert into public.memberships (organization_id, profile_id, role)
  values (invite.organization_id, who.profile_id, invite.role)
  on conflict do nothing;
  if not found then
    raise sqlstate 'PT409' using message = 'You''re already in this team.';
  end if;
  update public.invites set accepted_at = now() where id = invite.id;
  update public.profiles set organization_id = invite.organization_id where id = who.profile_id;
  has_password := private.take_over_account(
    who.user_id, who.session_id, to_timestamp((auth.jwt() ->> 'iat')::double precision)
  );
  return (
    select jsonb_build_object(
      'organization', jsonb_build_object('id', o.id, 'name', o.name),
      'role', invite.role,
      'has_password', has_password
    )
    from public.organizations o where o.id = invite.organization_id
  );
end
$$;

grant execute on function
  private.store_invite_token(bigint, text),
  private.is_in_team(text),
  public.create_invite(text, public.member_role, text),
  public.resend_invite(bigint, text),
  public.cancel_invite(bigint),
  public.accept_invite(text)
to authenticated;
