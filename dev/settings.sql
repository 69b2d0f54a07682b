-- The stack's own room in the database: keys, secrets and the format. No API role can reach it.
create schema dev;

create table dev.settings (
  name text primary key,
  value jsonb not null
);

-- As the Supabase CLI keeps its history.
create schema supabase_migrations;

create table supabase_migrations.schema_migrations (
  version text primary key,
  statements text[],
  name text
);
