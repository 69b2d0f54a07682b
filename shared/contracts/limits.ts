/**
 * What there may be at most and how long things last, where Postgres keeps it: `private.limit_of` has the same numbers,
 * and a test holds both together. The unit ends each name. A file of its own, so that clients need no validation for it.
 */
export const LIMITS = {
  name_characters: 100,
  /** Names that stand inside another name: a machine, a trust policy. */
  label_characters: 60,
  email_characters: 254,

  api_key_days: 366,
  api_key_default_days: 90,
  /** A key that nobody uses for this long is disabled. */
  api_key_unused_days: 180,
  api_key_expiring_days: 14,
  api_key_grace_seconds: 7 * 24 * 60 * 60,
  api_key_addresses: 50,
  api_key_requests_per_minute: 100_000,
  api_keys_per_person: 50,
  api_keys_per_organization: 500,
  /** What all keys of one person may do together, in limits of one key. */
  api_key_limits_per_person: 5,

  trusted_key_seconds: 60 * 60,
  trusted_key_min_seconds: 60,
  issuer_characters: 300,
  audience_characters: 300,
  claim_characters: 100,
  claim_conditions: 20,
  condition_characters: 500,

  invite_days: 7,
  ticket_seconds: 30,
  device_code_seconds: 10 * 60,
  device_wrong_codes: 5,
  recovery_codes: 10,

  external_id_characters: 512,
  resource_name_characters: 256,
  resource_type_characters: 128,
  provider_characters: 64,
  region_characters: 64,
  source_characters: 256,
  address_characters: 1024,
  changed_by_characters: 256,

  event_days: 7,
  idempotency_key_hours: 24,
  idempotency_key_characters: 255,
  /** So many resources of a source may be missing before `full` alone no longer deletes half of it. */
  unasked_deletions: 5,
  drift_note_characters: 2000,
  webhooks: 20,
  ignore_rules: 200,
  ignored_field_characters: 512,
  ignore_reason_characters: 1000,
} as const;
