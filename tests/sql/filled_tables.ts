/** Rows in every table for both organizations of the seed, so that a policy which shows too much has more to show. */
import type { Query } from "./bare_database.ts";

/** Adds them. Ada is a member of both organizations then, and active in Demo. */
export async function fillTables(query: Query): Promise<void> {
  await query(`
  insert into public.memberships (organization_id, profile_id, role)
  select o.id, p.id, 'viewer' from public.organizations o cross join public.profiles p
  where o.name = 'Elsewhere' and p.email = 'admin@example.com'`);
  await query(`
  insert into public.invites (organization_id, email, role)
  select id, 'guest@example.com', 'viewer' from public.organizations`);
  await query(`
  insert into public.api_keys (organization_id, created_by, name, prefix, scopes)
  select organization_id, id, 'here before', 'ia_live_000000000' || id, '{resources:read}' from public.profiles`);
  await query(`
  insert into public.api_key_uses (api_key_id, organization_id, day, address, minutes, last_used_at)
  select id, organization_id, '2026-11-24', '203.0.113.7', 3, now() from public.api_keys`);
  await query(`
  insert into public.trust_policies (
    organization_id, created_by, name, issuer, audience, conditions, scopes, max_seconds
  )
  select organization_id, id, 'of ' || id, 'https://issuer.test', 'infraaudit', '{"sub": "x"}', '{resources:read}', 60
  from public.profiles`);
  await query(`
    insert into public.ignore_rules (organization_id, field, reason)
    select id, 'no field of these', 'r' from public.organizations`);
  await query(`
    insert into public.webhooks (organization_id, name, format, url, events)
    select id, 'before', 'standard', 'https://hooks.test/', '{key.leaked}' from public.organizations`);
  await query("select private.tell_webhooks(id, 'key.leaked', '{}') from public.organizations");
  await query(`
  insert into public.drifts (
    organization_id, resource_id, resource_name, resource_type, field_path, drift_type, severity, summary, reason
  )
  select r.organization_id, r.id, r.name, r.resource_type, 'x', 'security', 'high', 's', 'r'
  from public.resources r where r.name = 'elsewhere-data'`);
  await query(`
  insert into public.drift_steps (organization_id, drift_id, status, note)
  select organization_id, id, status, 'seen' from public.drifts`);
}
