-- What an invitation is, for the holder of its link: they decide whether to follow it before they have signed in. Null
-- where the token is none, or was replaced.
create function public.describe_invite(p_token_digest text) returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'organization', jsonb_build_object('id', o.id, 'name', o.name),
    'email', i.email,
    'role', i.role,
    'status', private.invite_status(i),
    'invited_by', (
      select jsonb_build_object('email', p.email, 'full_name', p.full_name)
      from public.profiles p where p.id = i.invited_by
    ),
    'expires_at', i.expires_at
  )
  from private.invite_tokens t
  join public.invites i on i.id = t.invite_id
  join public.organizations o on o.id = i.organization_id
  where t.hash = private.invite_token_hash(p_token_digest)
$$;

grant execute on function public.describe_invite(text) to service_role;
