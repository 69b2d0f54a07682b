-- Demo people and resources for the local stack. Never run against a hosted project: the password is public.
-- All in one transaction: the sign-up trigger gives everybody an organization; those who work in Demo leave theirs.
begin;

create function pg_temp.demo_person(p_email text, p_full_name text, p_organization text) returns bigint
  language plpgsql
as $$
declare
  v_id uuid := gen_random_uuid();
begin
  insert into auth.users (
    instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
    raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
    confirmation_token, recovery_token, email_change, email_change_token_new
  ) values (
    '00000000-0000-0000-0000-000000000000', v_id, 'authenticated', 'authenticated', p_email,
    -- The cheapest hash: it has nothing to protect, and every test that signs in waits for it.
    extensions.crypt('your-password', extensions.gen_salt('bf', 4)), now(),
    '{"provider": "email", "providers": ["email"]}',
    jsonb_build_object('full_name', p_full_name, 'organization_name', p_organization),
    now(), now(), '', '', '', ''
  );
  insert into auth.identities (id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at)
  values (
    gen_random_uuid(), 'email', v_id::text, v_id,
    jsonb_build_object('sub', v_id::text, 'email', p_email, 'email_verified', true, 'phone_verified', false),
    now(), now(), now()
  );
  return (select p.id from public.profiles p where p.auth_user_id = v_id);
end
$$;

-- The first person of the page: id 1, in organization 1.
select pg_temp.demo_person('user@example.com', 'Uma User', 'Demo');
select pg_temp.demo_person('owner@example.com', 'Olga Owner', 'Olga''s spare');
select pg_temp.demo_person('admin@example.com', 'Ada Admin', 'Ada''s spare');
select pg_temp.demo_person('viewer@example.com', 'Vera Viewer', 'Vera''s spare');
select pg_temp.demo_person('stranger@example.com', 'Sam Stranger', 'Elsewhere');

insert into public.memberships (organization_id, profile_id, role)
select demo.id, p.id, split_part(p.email, '@', 1)::public.member_role
from public.profiles p
cross join (select id from public.organizations where name = 'Demo') demo
where p.email in ('owner@example.com', 'admin@example.com', 'viewer@example.com');

update public.profiles set organization_id = (select id from public.organizations where name = 'Demo')
where email in ('owner@example.com', 'admin@example.com', 'viewer@example.com');

delete from public.organizations where name like '%''s spare';

update public.memberships set role = 'user'
where profile_id = (select id from public.profiles where email = 'user@example.com');

insert into public.resources (
  organization_id, external_id, name, resource_type, provider, region, tags, configuration
)
select o.id, r.external_id, r.name, r.resource_type, r.provider, r.region, r.tags::jsonb, r.configuration::jsonb
from public.organizations o
join (values
  ('Demo', 'arn:aws:s3:::demo-logs', 'demo-logs', 'aws_s3_bucket', 'aws', 'eu-central-1',
   '{"env": "production", "team": "platform"}',
   '{"bucket": "demo-logs", "versioning": [{"enabled": true, "mfa_delete": false}], "block_public_acls": false, "block_public_policy": true}'),
  ('Demo', 'i-0a1b2c3d4e5f60718', 'web-1', 'aws_instance', 'aws', 'eu-central-1',
   '{"env": "production"}',
   '{"ami": "ami-0c55b159cbfafe1f0", "instance_type": "t3.medium", "monitoring": true}'),
  ('Demo', 'sg-0123456789abcdef0', 'web', 'aws_security_group', 'aws', 'eu-central-1',
   '{"env": "production"}',
   '{"ingress": [{"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}], "egress": []}'),
  ('Demo', 'projects/demo/instances/orders', 'orders', 'google_sql_database_instance', 'google', 'europe-west3',
   '{}',
   '{"database_version": "POSTGRES_16", "deletion_protection": true, "settings": [{"tier": "db-custom-2-7680", "backup_configuration": [{"enabled": true}]}]}'),
  ('Elsewhere', 'arn:aws:s3:::elsewhere-data', 'elsewhere-data', 'aws_s3_bucket', 'aws', 'us-east-1',
   '{}', '{"bucket": "elsewhere-data", "block_public_acls": true}')
) as r (organization, external_id, name, resource_type, provider, region, tags, configuration)
  on r.organization = o.name
order by o.id, r.external_id;

-- How the resources should be: as they are, but for what has drifted since.
insert into public.baselines (organization_id, resource_id, origin, configuration, tags)
select r.organization_id, r.id, 'first_snapshot', r.configuration || coalesce(b.was::jsonb, '{}'), r.tags
from public.resources r
left join (values
  ('demo-logs', '{"block_public_acls": true}'),
  ('web-1', '{"instance_type": "t3.small"}'),
  ('web', '{"ingress": [{"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]}]}')
) as b (name, was) on b.name = r.name
order by r.id;

insert into public.drifts (
  organization_id, resource_id, resource_name, resource_type, field_path, drift_type, severity,
  summary, reason, rule, control, baseline_value, current_value
)
select
  r.organization_id, r.id, r.name, r.resource_type, d.field_path, d.drift_type, d.severity,
  d.field_path || ': ' || d.reason, d.reason, d.rule, d.control, d.was::jsonb, d.now::jsonb
from (values
  (1, 'demo-logs', 'block_public_acls', 'security', 'high',
   'A block-public-access setting is off: ACLs or policies can now make objects public',
   's3-block-public-access', 'AWS FSBP S3.1, S3.8; CIS AWS 1.4 2.1.5', 'true', 'false'),
  (2, 'web', 'ingress', 'security', 'high', 'Open to the whole Internet: tcp 443', 'open-to-internet',
   'AWS FSBP EC2.18, EC2.19, EC2.21; CIS AWS 1.4 5.1, 5.2',
   '[{"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]}]',
   '[{"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]'),
  (3, 'web-1', 'instance_type', 'configuration', 'medium', 'Size or class of the machine or disk changed',
   'instance-size', 'AWS Well-Architected Cost Optimization Pillar COST06-BP02', '"t3.small"', '"t3.medium"')
) as d (position, name, field_path, drift_type, severity, reason, rule, control, was, now)
join public.resources r on r.name = d.name
order by d.position;

commit;
