-- Whose an account is. To register an email address proves nothing: somebody else may have been there first, with a
-- password of their own. Who has the token of an invitation that was mailed to the address has the mailbox, and on the
-- first acceptance the account becomes theirs alone.
create table private.proven_addresses (
  user_id uuid not null references auth.users (id) on delete cascade,
  email text not null,
  proven_at timestamptz not null default now(),
  primary key (user_id, email)
);

-- Before the mail goes out: a password that stands on an address no one has confirmed may be anybody's. A person
-- who registered and then was invited follows the mail and sets a new one.
create function private.drop_unconfirmed_password(p_email text) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  update auth.users set encrypted_password = ''
  where lower(email) = p_email and email_confirmed_at is null and encrypted_password <> ''
$$;

-- Whether the mailbox confirmed the address before; where a project confirms nothing, Auth sets the moment itself.
create function private.is_confirmed_by_mail(p_person auth.users) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select p_person.email_confirmed_at is not null and (
    p_person.confirmation_sent_at is not null
    or p_person.invited_at is not null
    or p_person.email_confirmed_at > p_person.created_at + interval '5 seconds'
  )
$$;

-- Keys that somebody made before the address was theirs.
create function private.revoke_foreign_keys(p_person auth.users) returns void
  language sql volatile security definer
  set search_path = ''
as $$
  update public.api_keys k set revoked_at = now()
  from public.profiles p
  where p.auth_user_id = p_person.id and k.created_by = p.id and k.revoked_at is null
    and (k.created_at < p_person.email_confirmed_at or not private.is_confirmed_by_mail(p_person))
$$;

-- Ways in beside the password and the mailbox: what the accepting session has not shown may be anybody's, also where
-- the mailbox confirmed the address, as people do who are sent a stranger's sign-up. A linked identity with the same
-- confirmed address links itself again when it is next used.
create function private.drop_foreign_ways_in(p_user_id uuid, p_shown text[]) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  update auth.users set phone = null, phone_confirmed_at = null where id = p_user_id;
  if not 'oauth' = any (p_shown) then
    delete from auth.identities where user_id = p_user_id and provider <> 'email';
  end if;
  -- Only some versions of Supabase Auth have passkeys.
  if not 'passkey' = any (p_shown) and to_regclass('auth.webauthn_credentials') is not null then
    execute format('delete from auth.%I where user_id = $1', 'webauthn_credentials') using p_user_id;
  end if;
end
$$;

-- Mails that are under way, such as one that would move the account to another address.
create function private.drop_pending_mails(p_user_id uuid) returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  update auth.users set
    email_change = '', email_change_token_new = '', email_change_token_current = '', email_change_confirm_status = 0,
    phone_change = '', phone_change_token = '', recovery_token = '', reauthentication_token = ''
  where id = p_user_id;
  if to_regclass('auth.one_time_tokens') is not null then
    execute format('delete from auth.%I where user_id = $1', 'one_time_tokens') using p_user_id;
  end if;
end
$$;

-- On the first acceptance: what works from here on is the session that accepts, what it has proved, and the mailbox.
-- The password stays for who signed in with it.
-- @returns whether the account has a password
create function private.take_over_account(p_user_id uuid, p_session_id uuid, p_issued_at timestamptz) returns boolean
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  person auth.users;
  shown text[] := array(select c.authentication_method from auth.mfa_amr_claims c where c.session_id = p_session_id);
begin
  select u.* into person from auth.users u where u.id = p_user_id for update;
  insert into private.proven_addresses (user_id, email) values (p_user_id, lower(person.email))
  on conflict do nothing;
  if not found then
    return coalesce(person.encrypted_password, '') <> '';
  end if;

  delete from auth.sessions s where s.user_id = p_user_id and s.id is distinct from p_session_id;
  delete from auth.refresh_tokens t where t.user_id::text = p_user_id::text and t.session_id is null;
  insert into private.token_cutoffs (user_id, not_before)
  values (p_user_id, case when p_session_id is null then p_issued_at - interval '1 second' else now() end)
  on conflict (user_id) do update set not_before = greatest(private.token_cutoffs.not_before, excluded.not_before);
  delete from auth.mfa_factors f where f.user_id = p_user_id and f.status::text <> 'verified';
  perform private.drop_pending_mails(p_user_id);
  perform private.revoke_foreign_keys(person);
  perform private.drop_foreign_ways_in(p_user_id, shown);
  if 'password' = any (shown) then
    return true;
  end if;
  update auth.users set encrypted_password = '' where id = p_user_id;
  return false;
end
$$;

-- To whom the mail of a pending invitation goes once more, asked by the holder of its token: where Supabase Auth has
-- spent the mailed link, as registering does, the invitation is as good as before. Null where there is none.
create function public.remail_invite(p_token_digest text, p_address inet default null) returns text
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  mails_a_day constant integer := 5;
  asks_an_hour constant integer := 60;
  invite public.invites;
  window_state record;
begin
  select * into window_state from private.take_from_bucket(
    'invite-remail:' || coalesce(private.address_bucket(p_address), 'unknown'), asks_an_hour, 3600
  );
  select i.* into invite
  from public.invites i join private.invite_tokens t on t.invite_id = i.id
  where t.hash = private.invite_token_hash(p_token_digest);
  if window_state.allowed and invite.id is not null then
    if private.invite_status(invite) <> 'pending' or not private.is_invite_backed(invite) then
      return null;
    end if;
    select * into window_state
    from private.take_from_bucket('invite-remail:' || invite.id, mails_a_day, 86400);
  end if;
  if not window_state.allowed then
    raise sqlstate 'PT429' using message = 'Too many emails were requested.', hint = window_state.reset_seconds;
  end if;
  perform private.drop_unconfirmed_password(invite.email);
  return invite.email;
end
$$;

grant execute on function public.remail_invite(text, inet) to service_role;
