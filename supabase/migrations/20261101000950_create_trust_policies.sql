-- Trust policies: which jobs of which identity provider may become a short-lived key of the organization.
create table public.trust_policies (
  id bigint generated always as identity primary key,
  organization_id bigint not null references public.organizations (id) on delete cascade,
  created_by bigint references public.profiles (id) on delete set null,
  name text not null check (name = btrim(name) and length(name) between 1 and private.limit_of('label_characters')),
  -- Compared to the character with the token's `iss`. Plain http is the local stack's own business.
  issuer text not null check (
    issuer ~ '^(https://[^/?#@\s]+|http://127\.0\.0\.1:\d+)(/[^?#\s]*)?$'
    and length(issuer) <= private.limit_of('issuer_characters')
  ),
  audience text not null check (length(audience) between 1 and private.limit_of('audience_characters')),
  -- Claim → exact value, or a pattern in which `*` stands for anything.
  conditions jsonb not null,
  scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ private.all_permissions()),
  max_seconds integer not null check (
    max_seconds between private.limit_of('trusted_key_min_seconds') and private.limit_of('trusted_key_seconds')
  ),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  unique (organization_id, name)
);

create index trust_policies_created_by_idx on public.trust_policies (created_by);
create index trust_policies_issuer_idx on public.trust_policies (issuer);

insert into private.addressable_tables (name) values ('trust_policies');

alter table public.trust_policies enable row level security;
grant select, delete on public.trust_policies to authenticated;
grant insert (organization_id, created_by, name, issuer, audience, conditions, scopes, max_seconds)
  on public.trust_policies to authenticated;
grant update (name, issuer, audience, conditions, scopes, max_seconds) on public.trust_policies to authenticated;

create policy "members can read the trust policies they answer for" on public.trust_policies
  for select to authenticated
  using (
    organization_id = (select private.organization_where('api_keys:read', or_writing => 'api_keys:write'))
    and ((select private.has_role('owner', 'admin')) or created_by = (select private.profile_id()))
  );

-- A policy outlives any key, so no key makes, widens or changes one.
create policy "people can trust others with no more than they may do" on public.trust_policies
  for insert to authenticated
  with check (
    organization_id = (select private.organization_where('api_keys:write'))
    and created_by = (select private.profile_id())
    and (select private.is_session())
    and scopes <@ (select private.permissions())
  );

create policy "people can change the trust policies they answer for" on public.trust_policies
  for update to authenticated
  using (
    organization_id = (select private.organization_where('api_keys:write'))
    and (select private.is_session())
    and ((select private.has_role('owner', 'admin')) or created_by = (select private.profile_id()))
  )
  with check (
    organization_id = (select private.organization_where('api_keys:write'))
    and scopes <@ (select private.permissions())
  );

create policy "key writers can end the trust policies they answer for" on public.trust_policies
  for delete to authenticated
  using (
    organization_id = (select private.organization_where('api_keys:write'))
    and ((select private.has_role('owner', 'admin')) or created_by = (select private.profile_id()))
  );

-- The claims by which a provider that serves everybody tells whose job it is; null for other issuers.
create function private.identifying_claims(p_issuer text) returns text[]
  language sql immutable
  set search_path = ''
as $$
  select case p_issuer
    when 'https://token.actions.githubusercontent.com' then array[
      'sub', 'repository', 'repository_id', 'repository_owner', 'repository_owner_id', 'job_workflow_ref', 'workflow_ref'
    ]
    when 'https://gitlab.com' then array['sub', 'project_path', 'project_id', 'namespace_path', 'namespace_id']
    when 'https://app.terraform.io' then array[
      'sub', 'terraform_organization_id', 'terraform_organization_name', 'terraform_project_id', 'terraform_workspace_id'
    ]
    when 'https://agent.buildkite.com' then array['sub', 'organization_slug', 'organization_id', 'pipeline_id']
  end
$$;

-- True when a condition on such a claim leaves no owner but one: it is exact, or literal to the end of their name.
create function private.pins_owner(p_claim text, p_pattern text) returns boolean
  language sql immutable
  set search_path = ''
as $$
  select position('*' in p_pattern) = 0
    or (p_claim = 'sub' and split_part(p_pattern, '*', 1) ~ '^[a-z_]+:[^/:]+[/:]')
    or (p_claim ~ '(repository|_path|_ref)$' and split_part(p_pattern, '*', 1) ~ '^[^/:]+/')
$$;

-- Why these conditions trust too many, in words; null where they don't.
create function private.trust_fault(p_issuer text, p_conditions jsonb) returns text
  language plpgsql immutable
  set search_path = ''
as $$
declare
  condition record;
  identifying text[] := private.identifying_claims(p_issuer);
begin
  if jsonb_typeof(p_conditions) is distinct from 'object' or p_conditions = '{}' then
    return 'Name at least one claim: the issuer alone would trust every job that it serves.';
  end if;
  if (select count(*) from jsonb_object_keys(p_conditions)) > private.limit_of('claim_conditions') then
    return format('A policy has at most %s conditions.', private.limit_of('claim_conditions'));
  end if;
  for condition in select c.key, c.value from jsonb_each(p_conditions) c loop
    if condition.key !~ '^[A-Za-z0-9_.:/-]+$' or length(condition.key) > private.limit_of('claim_characters')
      or condition.key in ('iss', 'aud', 'exp', 'iat', 'nbf', 'jti') then
      return format(
        'A condition can''t be on the claim %s.', left(condition.key, private.limit_of('claim_characters'))
      );
    end if;
    if jsonb_typeof(condition.value) <> 'string'
      or length(condition.value #>> '{}') not between 1 and private.limit_of('condition_characters') then
      return format(
        'The condition on %s must be a text of 1 to %s characters.', condition.key,
        private.limit_of('condition_characters')
      );
    end if;
    if replace(condition.value #>> '{}', '*', '') = '' then
      return format('The condition on %s matches anything: name a value.', condition.key);
    end if;
  end loop;
  if identifying is not null and not exists (
    select from jsonb_each_text(p_conditions) c where c.key = any (identifying) and private.pins_owner(c.key, c.value)
  ) then
    return format(
      'Say whose job it is: one of %s, written out at least to the end of the owner''s name.',
      array_to_string(identifying, ', ')
    );
  end if;
  return null;
end
$$;

-- Judges a policy before it is kept; the changer of a policy could get in by it.
create function private.guard_trust_policy() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
declare
  fault text := private.trust_fault(new.issuer, new.conditions);
begin
  if fault is not null then
    raise sqlstate 'PT400' using message = fault, detail = 'conditions';
  end if;
  if tg_op = 'UPDATE' then
    perform private.require_permissions(old.scopes);
  end if;
  perform private.require_recent_sign_in();
  return new;
end
$$;

create trigger guard_trust_policy
  before insert or update of issuer, audience, conditions, scopes, max_seconds on public.trust_policies
  for each row execute function private.guard_trust_policy();

-- What a policy let in before it changed or ended is out at once.
create function private.end_keys_of_trust_policy() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and private.trust_policy_facts(old) - 'name' = private.trust_policy_facts(new) - 'name' then
    return new;
  end if;
  update public.api_keys set revoked_at = now()
  where trust_policy_id = old.id and revoked_at is null and expires_at > now();
  return case when tg_op = 'DELETE' then old else new end;
end
$$;

create trigger end_keys_of_trust_policy
  before delete or update of issuer, audience, conditions, scopes, max_seconds on public.trust_policies
  for each row execute function private.end_keys_of_trust_policy();

create function private.trust_policy_facts(p_policy public.trust_policies) returns jsonb
  language sql immutable
  set search_path = ''
as $$
  select jsonb_build_object(
    'name', p_policy.name, 'issuer', p_policy.issuer, 'audience', p_policy.audience,
    'conditions', p_policy.conditions, 'scopes', p_policy.scopes, 'max_seconds', p_policy.max_seconds
  )
$$;

create function private.audit_trust_policy() returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform private.audit(
      new.organization_id, 'trust_policy.created', 'trust_policy', new.id::text, private.trust_policy_facts(new)
    );
  elsif tg_op = 'UPDATE' and private.trust_policy_facts(old) <> private.trust_policy_facts(new) then
    perform private.audit(
      new.organization_id, 'trust_policy.changed', 'trust_policy', new.id::text,
      jsonb_build_object('before', private.trust_policy_facts(old), 'after', private.trust_policy_facts(new))
    );
  elsif tg_op = 'DELETE' and pg_trigger_depth() = 1 then
    perform private.audit(
      old.organization_id, 'trust_policy.deleted', 'trust_policy', old.id::text, private.trust_policy_facts(old)
    );
  end if;
  return null;
end
$$;

create trigger audit_trust_policy
  after insert or delete or update of name, issuer, audience, conditions, scopes, max_seconds on public.trust_policies
  for each row execute function private.audit_trust_policy();

create view public.trust_policy_overview with (security_invoker = true) as
select
  p.id, p.name, p.issuer, p.audience, p.conditions, p.scopes, p.max_seconds,
  private.person(p.created_by) as created_by, p.created_at, p.last_used_at
from public.trust_policies p;

grant select on public.trust_policy_overview to authenticated;
