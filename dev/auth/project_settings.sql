-- The stack's own room in the database: keys, secrets and mail. No API role can reach it.
create schema dev;

create table dev.settings (
  name text primary key,
  value jsonb not null
);

-- Mail that is never sent: the mailbox page shows it.
create table dev.mails (
  id bigint generated always as identity primary key,
  sent_at timestamptz not null default now(),
  recipient text not null,
  subject text not null,
  content text not null
);

-- Codes of second factors: a step that was used is used up, and wrong ones are counted.
create table dev.totp_attempts (
  factor_id uuid not null references auth.mfa_factors (id) on delete cascade,
  attempted_at timestamptz not null default now(),
  -- Of a right code, its step of thirty seconds; null for a wrong one.
  step bigint,
  unique (factor_id, step)
);

-- As the Supabase CLI keeps its history.
create schema supabase_migrations;

create table supabase_migrations.schema_migrations (
  version text primary key,
  statements text[],
  name text
);
