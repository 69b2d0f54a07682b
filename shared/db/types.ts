export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "api_key_uses": {
                  Row: {
                    "address": string,"api_key_id": number,"day": string,"last_used_at": string,"minutes": number,"organization_id": number
                  }
                  ComputedFields: never
                  Insert: {
                    "address": string,"api_key_id": number,"day": string,"last_used_at": string,"minutes": number,"organization_id": number
                  }
                  Update: {
                    "address"?: string,"api_key_id"?: number,"day"?: string,"last_used_at"?: string,"minutes"?: number,"organization_id"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "api_key_uses_api_key_id_fkey"
      columns: ["api_key_id"]
isOneToOne: false
      referencedRelation: "api_key_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "api_key_uses_api_key_id_fkey"
      columns: ["api_key_id"]
isOneToOne: false
      referencedRelation: "api_keys"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "api_key_uses_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"api_keys": {
                  Row: {
                    "allowed_ips": (unknown)[] | null,"created_at": string,"created_by": number | null,"expires_at": string | null,"id": number,"last_used_at": string | null,"name": string,"organization_id": number,"prefix": string,"rate_limit": number | null,"replaces": number | null,"revoked_at": string | null,"scopes": (string)[],"trust_policy_id": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "allowed_ips"?: (unknown)[] | null,"created_at"?: string,"created_by"?: number | null,"expires_at"?: string | null,"id"?: never,"last_used_at"?: string | null,"name": string,"organization_id": number,"prefix": string,"rate_limit"?: number | null,"replaces"?: number | null,"revoked_at"?: string | null,"scopes": (string)[],"trust_policy_id"?: number | null
                  }
                  Update: {
                    "allowed_ips"?: (unknown)[] | null,"created_at"?: string,"created_by"?: number | null,"expires_at"?: string | null,"id"?: never,"last_used_at"?: string | null,"name"?: string,"organization_id"?: number,"prefix"?: string,"rate_limit"?: number | null,"replaces"?: number | null,"revoked_at"?: string | null,"scopes"?: (string)[],"trust_policy_id"?: number | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "api_keys_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "api_keys_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "team_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "api_keys_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "api_keys_replaces_fkey"
      columns: ["replaces"]
isOneToOne: true
      referencedRelation: "api_key_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "api_keys_replaces_fkey"
      columns: ["replaces"]
isOneToOne: true
      referencedRelation: "api_keys"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "api_keys_trust_policy_id_fkey"
      columns: ["trust_policy_id"]
isOneToOne: false
      referencedRelation: "trust_policies"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "api_keys_trust_policy_id_fkey"
      columns: ["trust_policy_id"]
isOneToOne: false
      referencedRelation: "trust_policy_overview"
      referencedColumns: ["id"]
    }
                  ]
                },"audit_events": {
                  Row: {
                    "action": string,"actor_digest": string,"actor_email": string | null,"actor_id": number | null,"actor_salt": string | null,"address": unknown,"credential_id": string | null,"credential_type": string | null,"details": NonNullable<Json>,"hash": string,"id": number,"occurred_at": string,"organization_id": number,"previous_hash": string,"request_id": string | null,"sequence": number,"subject_digest": string | null,"subject_salt": string | null,"target_id": string | null,"target_type": string | null,"user_agent": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "action": string,"actor_digest": string,"actor_email"?: string | null,"actor_id"?: number | null,"actor_salt"?: string | null,"address"?: unknown,"credential_id"?: string | null,"credential_type"?: string | null,"details": NonNullable<Json>,"hash": string,"id"?: never,"occurred_at": string,"organization_id": number,"previous_hash": string,"request_id"?: string | null,"sequence": number,"subject_digest"?: string | null,"subject_salt"?: string | null,"target_id"?: string | null,"target_type"?: string | null,"user_agent"?: string | null
                  }
                  Update: {
                    "action"?: string,"actor_digest"?: string,"actor_email"?: string | null,"actor_id"?: number | null,"actor_salt"?: string | null,"address"?: unknown,"credential_id"?: string | null,"credential_type"?: string | null,"details"?: NonNullable<Json>,"hash"?: string,"id"?: never,"occurred_at"?: string,"organization_id"?: number,"previous_hash"?: string,"request_id"?: string | null,"sequence"?: number,"subject_digest"?: string | null,"subject_salt"?: string | null,"target_id"?: string | null,"target_type"?: string | null,"user_agent"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "audit_events_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"baselines": {
                  Row: {
                    "configuration": NonNullable<Json>,"created_at": string,"created_by": number | null,"fingerprint": string | null,"id": number,"is_current": boolean,"organization_id": number,"origin": string,"resource_id": number,"tags": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "configuration": NonNullable<Json>,"created_at"?: string,"created_by"?: number | null,"fingerprint"?: string | null,"id"?: never,"is_current"?: boolean,"organization_id": number,"origin": string,"resource_id": number,"tags"?: NonNullable<Json>
                  }
                  Update: {
                    "configuration"?: NonNullable<Json>,"created_at"?: string,"created_by"?: number | null,"fingerprint"?: string | null,"id"?: never,"is_current"?: boolean,"organization_id"?: number,"origin"?: string,"resource_id"?: number,"tags"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "baselines_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "baselines_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "team_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "baselines_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "baselines_resource_id_fkey"
      columns: ["resource_id"]
isOneToOne: false
      referencedRelation: "resources"
      referencedColumns: ["id"]
    }
                  ]
                },"drift_events": {
                  Row: {
                    "created_at": string,"data": NonNullable<Json>,"id": number,"organization_id": number,"type": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"data": NonNullable<Json>,"id": number,"organization_id": number,"type": string
                  }
                  Update: {
                    "created_at"?: string,"data"?: NonNullable<Json>,"id"?: number,"organization_id"?: number,"type"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "drift_events_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"drift_steps": {
                  Row: {
                    "actor_email": string | null,"actor_id": number | null,"credential_type": string | null,"drift_id": number,"id": number,"note": string | null,"occurred_at": string,"organization_id": number,"resolution": string | null,"status": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_email"?: string | null,"actor_id"?: number | null,"credential_type"?: string | null,"drift_id": number,"id"?: never,"note"?: string | null,"occurred_at"?: string,"organization_id": number,"resolution"?: string | null,"status": string
                  }
                  Update: {
                    "actor_email"?: string | null,"actor_id"?: number | null,"credential_type"?: string | null,"drift_id"?: number,"id"?: never,"note"?: string | null,"occurred_at"?: string,"organization_id"?: number,"resolution"?: string | null,"status"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "drift_steps_actor_id_fkey"
      columns: ["actor_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "drift_steps_actor_id_fkey"
      columns: ["actor_id"]
isOneToOne: false
      referencedRelation: "team_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "drift_steps_drift_id_fkey"
      columns: ["drift_id"]
isOneToOne: false
      referencedRelation: "drifts"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "drift_steps_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"drifts": {
                  Row: {
                    "address": string | null,"baseline_value": Json | null,"changed_at": string | null,"changed_by": string | null,"control": string | null,"current_value": Json | null,"detected_at": string,"drift_type": string,"field_path": string,"id": number,"ignore_rule_id": number | null,"ignored_until": string,"last_seen_at": string,"organization_id": number,"reason": string,"resolution": string | null,"resolved_at": string | null,"resolved_by": number | null,"resource_id": number,"resource_name": string,"resource_type": string,"rule": string | null,"search_text": string,"severity": string,"severity_rank": number,"status": string,"summary": string
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"baseline_value"?: Json | null,"changed_at"?: string | null,"changed_by"?: string | null,"control"?: string | null,"current_value"?: Json | null,"detected_at"?: string,"drift_type": string,"field_path": string,"id"?: never,"ignore_rule_id"?: number | null,"ignored_until"?: string,"last_seen_at"?: string,"organization_id": number,"reason": string,"resolution"?: string | null,"resolved_at"?: string | null,"resolved_by"?: number | null,"resource_id": number,"resource_name": string,"resource_type": string,"rule"?: string | null,"search_text"?: never,"severity": string,"severity_rank"?: never,"status"?: string,"summary": string
                  }
                  Update: {
                    "address"?: string | null,"baseline_value"?: Json | null,"changed_at"?: string | null,"changed_by"?: string | null,"control"?: string | null,"current_value"?: Json | null,"detected_at"?: string,"drift_type"?: string,"field_path"?: string,"id"?: never,"ignore_rule_id"?: number | null,"ignored_until"?: string,"last_seen_at"?: string,"organization_id"?: number,"reason"?: string,"resolution"?: string | null,"resolved_at"?: string | null,"resolved_by"?: number | null,"resource_id"?: number,"resource_name"?: string,"resource_type"?: string,"rule"?: string | null,"search_text"?: never,"severity"?: string,"severity_rank"?: never,"status"?: string,"summary"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "drifts_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "drifts_resolved_by_fkey"
      columns: ["resolved_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "drifts_resolved_by_fkey"
      columns: ["resolved_by"]
isOneToOne: false
      referencedRelation: "team_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "drifts_resource_id_fkey"
      columns: ["resource_id"]
isOneToOne: false
      referencedRelation: "resources"
      referencedColumns: ["id"]
    }
                  ]
                },"ignore_rules": {
                  Row: {
                    "created_at": string,"created_by": number | null,"external_id": string | null,"field": string | null,"id": number,"organization_id": number,"reason": string,"resource_type": string | null,"severity_at_most": string | null,"until": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: number | null,"external_id"?: string | null,"field"?: string | null,"id"?: never,"organization_id"?: number,"reason": string,"resource_type"?: string | null,"severity_at_most"?: string | null,"until"?: string | null
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: number | null,"external_id"?: string | null,"field"?: string | null,"id"?: never,"organization_id"?: number,"reason"?: string,"resource_type"?: string | null,"severity_at_most"?: string | null,"until"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "ignore_rules_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "ignore_rules_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "team_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "ignore_rules_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"invites": {
                  Row: {
                    "accepted_at": string | null,"cancelled_at": string | null,"created_at": string,"email": string,"expires_at": string,"id": number,"invited_by": number | null,"organization_id": number,"role": Database["public"]['Enums']["member_role"]
                  }
                  ComputedFields: never
                  Insert: {
                    "accepted_at"?: string | null,"cancelled_at"?: string | null,"created_at"?: string,"email": string,"expires_at"?: string,"id"?: never,"invited_by"?: number | null,"organization_id"?: number,"role": Database["public"]['Enums']["member_role"]
                  }
                  Update: {
                    "accepted_at"?: string | null,"cancelled_at"?: string | null,"created_at"?: string,"email"?: string,"expires_at"?: string,"id"?: never,"invited_by"?: number | null,"organization_id"?: number,"role"?: Database["public"]['Enums']["member_role"]
                  }
                  Relationships: [
                    {
      foreignKeyName: "invites_invited_by_fkey"
      columns: ["invited_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "invites_invited_by_fkey"
      columns: ["invited_by"]
isOneToOne: false
      referencedRelation: "team_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "invites_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"memberships": {
                  Row: {
                    "created_at": string,"organization_id": number,"profile_id": number,"role": Database["public"]['Enums']["member_role"]
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"organization_id": number,"profile_id": number,"role": Database["public"]['Enums']["member_role"]
                  }
                  Update: {
                    "created_at"?: string,"organization_id"?: number,"profile_id"?: number,"role"?: Database["public"]['Enums']["member_role"]
                  }
                  Relationships: [
                    {
      foreignKeyName: "memberships_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "memberships_profile_id_fkey"
      columns: ["profile_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "memberships_profile_id_fkey"
      columns: ["profile_id"]
isOneToOne: false
      referencedRelation: "team_overview"
      referencedColumns: ["id"]
    }
                  ]
                },"organizations": {
                  Row: {
                    "audit_retention_days": number,"created_at": string,"drift_retention_days": number,"id": number,"name": string,"require_mfa": boolean
                  }
                  ComputedFields: never
                  Insert: {
                    "audit_retention_days"?: number,"created_at"?: string,"drift_retention_days"?: number,"id"?: never,"name": string,"require_mfa"?: boolean
                  }
                  Update: {
                    "audit_retention_days"?: number,"created_at"?: string,"drift_retention_days"?: number,"id"?: never,"name"?: string,"require_mfa"?: boolean
                  }
                  Relationships: [
                    
                  ]
                },"profiles": {
                  Row: {
                    "auth_user_id": string,"created_at": string,"email": string,"full_name": string | null,"id": number,"organization_id": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "auth_user_id": string,"created_at"?: string,"email": string,"full_name"?: string | null,"id"?: never,"organization_id"?: number | null
                  }
                  Update: {
                    "auth_user_id"?: string,"created_at"?: string,"email"?: string,"full_name"?: string | null,"id"?: never,"organization_id"?: number | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "profiles_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"resources": {
                  Row: {
                    "address": string | null,"captured_at": string,"changed_at": string | null,"changed_by": string | null,"configuration": NonNullable<Json>,"created_at": string,"external_id": string,"fingerprint": string | null,"id": number,"last_seen_at": string,"name": string,"organization_id": number,"provider": string,"region": string | null,"resource_type": string,"revision": number,"search_text": string,"source": string | null,"status": string,"tags": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"captured_at"?: string,"changed_at"?: string | null,"changed_by"?: string | null,"configuration"?: NonNullable<Json>,"created_at"?: string,"external_id": string,"fingerprint"?: string | null,"id"?: never,"last_seen_at"?: string,"name": string,"organization_id"?: number,"provider": string,"region"?: string | null,"resource_type": string,"revision"?: number,"search_text"?: never,"source"?: string | null,"status"?: string,"tags"?: NonNullable<Json>
                  }
                  Update: {
                    "address"?: string | null,"captured_at"?: string,"changed_at"?: string | null,"changed_by"?: string | null,"configuration"?: NonNullable<Json>,"created_at"?: string,"external_id"?: string,"fingerprint"?: string | null,"id"?: never,"last_seen_at"?: string,"name"?: string,"organization_id"?: number,"provider"?: string,"region"?: string | null,"resource_type"?: string,"revision"?: number,"search_text"?: never,"source"?: string | null,"status"?: string,"tags"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "resources_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"trust_policies": {
                  Row: {
                    "audience": string,"conditions": NonNullable<Json>,"created_at": string,"created_by": number | null,"id": number,"issuer": string,"last_used_at": string | null,"max_seconds": number,"name": string,"organization_id": number,"scopes": (string)[]
                  }
                  ComputedFields: never
                  Insert: {
                    "audience": string,"conditions": NonNullable<Json>,"created_at"?: string,"created_by"?: number | null,"id"?: never,"issuer": string,"last_used_at"?: string | null,"max_seconds": number,"name": string,"organization_id": number,"scopes": (string)[]
                  }
                  Update: {
                    "audience"?: string,"conditions"?: NonNullable<Json>,"created_at"?: string,"created_by"?: number | null,"id"?: never,"issuer"?: string,"last_used_at"?: string | null,"max_seconds"?: number,"name"?: string,"organization_id"?: number,"scopes"?: (string)[]
                  }
                  Relationships: [
                    {
      foreignKeyName: "trust_policies_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "trust_policies_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "team_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "trust_policies_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"webhook_deliveries": {
                  Row: {
                    "attempts": number,"created_at": string,"delivered_at": string | null,"error": string | null,"event": string,"first_attempt_at": string | null,"id": number,"last_attempt_at": string | null,"message_id": number,"next_attempt_at": string | null,"organization_id": number,"response_status": number | null,"status": string,"webhook_id": number
                  }
                  ComputedFields: never
                  Insert: {
                    "attempts"?: number,"created_at"?: string,"delivered_at"?: string | null,"error"?: string | null,"event": string,"first_attempt_at"?: string | null,"id"?: never,"last_attempt_at"?: string | null,"message_id": number,"next_attempt_at"?: string | null,"organization_id"?: number,"response_status"?: number | null,"status"?: string,"webhook_id": number
                  }
                  Update: {
                    "attempts"?: number,"created_at"?: string,"delivered_at"?: string | null,"error"?: string | null,"event"?: string,"first_attempt_at"?: string | null,"id"?: never,"last_attempt_at"?: string | null,"message_id"?: number,"next_attempt_at"?: string | null,"organization_id"?: number,"response_status"?: number | null,"status"?: string,"webhook_id"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "webhook_deliveries_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "webhook_deliveries_organization_id_webhook_id_fkey"
      columns: ["organization_id","webhook_id"]
isOneToOne: false
      referencedRelation: "webhooks"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"webhooks": {
                  Row: {
                    "created_at": string,"created_by": number | null,"disabled_at": string | null,"disabled_reason": string | null,"enabled": boolean,"events": (string)[],"failing_since": string | null,"format": string,"id": number,"last_delivered_at": string | null,"name": string,"old_secret_until": string | null,"organization_id": number,"secret_drawn_at": string,"url": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: number | null,"disabled_at"?: string | null,"disabled_reason"?: string | null,"enabled"?: boolean,"events": (string)[],"failing_since"?: string | null,"format": string,"id"?: never,"last_delivered_at"?: string | null,"name": string,"old_secret_until"?: string | null,"organization_id"?: number,"secret_drawn_at"?: string,"url": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: number | null,"disabled_at"?: string | null,"disabled_reason"?: string | null,"enabled"?: boolean,"events"?: (string)[],"failing_since"?: string | null,"format"?: string,"id"?: never,"last_delivered_at"?: string | null,"name"?: string,"old_secret_until"?: string | null,"organization_id"?: number,"secret_drawn_at"?: string,"url"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "webhooks_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "webhooks_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "team_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "webhooks_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                }
          }
          Views: {
            "api_key_overview": {
                  Row: {
                    "allowed_ips": (unknown)[] | null,"created_at": string,"created_by": Json | null,"expires_at": string | null,"id": number,"last_used_at": string | null,"name": string,"prefix": string,"rate_limit": number | null,"replaced_by": number | null,"replaces": number | null,"revoked_at": string | null,"scopes": (string)[],"status": string | null
                  }
                  ComputedFields: never
                  Insert: {
                           "allowed_ips"?: (unknown)[] | null,"created_at"?: string | null,"created_by"?: never,"expires_at"?: string | null,"id"?: number | null,"last_used_at"?: string | null,"name"?: string | null,"prefix"?: string | null,"rate_limit"?: number | null,"replaced_by"?: never,"replaces"?: number | null,"revoked_at"?: string | null,"scopes"?: (string)[] | null,"status"?: never
                         }
                        Update: {
                           "allowed_ips"?: (unknown)[] | null,"created_at"?: string | null,"created_by"?: never,"expires_at"?: string | null,"id"?: number | null,"last_used_at"?: string | null,"name"?: string | null,"prefix"?: string | null,"rate_limit"?: number | null,"replaced_by"?: never,"replaces"?: number | null,"revoked_at"?: string | null,"scopes"?: (string)[] | null,"status"?: never
                         }
                        Relationships: [
                    {
      foreignKeyName: "api_keys_replaces_fkey"
      columns: ["replaces"]
isOneToOne: true
      referencedRelation: "api_key_overview"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "api_keys_replaces_fkey"
      columns: ["replaces"]
isOneToOne: true
      referencedRelation: "api_keys"
      referencedColumns: ["id"]
    }
                  ]
                },"audit_log": {
                  Row: {
                    "action": string,"actor_email": string | null,"actor_id": number | null,"address": string | null,"credential_id": string | null,"credential_type": string | null,"details": NonNullable<Json>,"hash": string | null,"id": number,"occurred_at": string,"request_id": string | null,"sequence": number,"target_id": string | null,"target_type": string | null,"user_agent": string | null
                  }
                  ComputedFields: never
                  Insert: {
                           "action"?: string | null,"actor_email"?: string | null,"actor_id"?: number | null,"address"?: never,"credential_id"?: string | null,"credential_type"?: string | null,"details"?: Json | null,"hash"?: never,"id"?: number | null,"occurred_at"?: string | null,"request_id"?: string | null,"sequence"?: number | null,"target_id"?: string | null,"target_type"?: string | null,"user_agent"?: string | null
                         }
                        Update: {
                           "action"?: string | null,"actor_email"?: string | null,"actor_id"?: number | null,"address"?: never,"credential_id"?: string | null,"credential_type"?: string | null,"details"?: Json | null,"hash"?: never,"id"?: number | null,"occurred_at"?: string | null,"request_id"?: string | null,"sequence"?: number | null,"target_id"?: string | null,"target_type"?: string | null,"user_agent"?: string | null
                         }
                        Relationships: [
                    
                  ]
                },"invite_overview": {
                  Row: {
                    "accepted_at": string | null,"cancelled_at": string | null,"created_at": string,"email": string,"expires_at": string,"id": number,"invited_by": Json | null,"role": Database["public"]['Enums']["member_role"],"status": string | null
                  }
                  ComputedFields: never
                  Insert: {
                           "accepted_at"?: string | null,"cancelled_at"?: string | null,"created_at"?: string | null,"email"?: string | null,"expires_at"?: string | null,"id"?: number | null,"invited_by"?: never,"role"?: Database["public"]['Enums']["member_role"] | null,"status"?: never
                         }
                        Update: {
                           "accepted_at"?: string | null,"cancelled_at"?: string | null,"created_at"?: string | null,"email"?: string | null,"expires_at"?: string | null,"id"?: number | null,"invited_by"?: never,"role"?: Database["public"]['Enums']["member_role"] | null,"status"?: never
                         }
                        Relationships: [
                    
                  ]
                },"team_overview": {
                  Row: {
                    "email": string,"full_name": string | null,"id": number,"joined_at": string,"role": Database["public"]['Enums']["member_role"]
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"trust_policy_overview": {
                  Row: {
                    "audience": string,"conditions": NonNullable<Json>,"created_at": string,"created_by": Json | null,"id": number,"issuer": string,"last_used_at": string | null,"max_seconds": number,"name": string,"scopes": (string)[]
                  }
                  ComputedFields: never
                  Insert: {
                           "audience"?: string | null,"conditions"?: Json | null,"created_at"?: string | null,"created_by"?: never,"id"?: number | null,"issuer"?: string | null,"last_used_at"?: string | null,"max_seconds"?: number | null,"name"?: string | null,"scopes"?: (string)[] | null
                         }
                        Update: {
                           "audience"?: string | null,"conditions"?: Json | null,"created_at"?: string | null,"created_by"?: never,"id"?: number | null,"issuer"?: string | null,"last_used_at"?: string | null,"max_seconds"?: number | null,"name"?: string | null,"scopes"?: (string)[] | null
                         }
                        Relationships: [
                    
                  ]
                }
          }
          Functions: {
            "accept_invite":
{ Args: { "p_token_digest": string }; Returns: Json
                           },
"admit_api_key":
{ Args: { "p_address"?: unknown,"p_failure_limit"?: number,"p_hashes": Json,"p_lease"?: Json,"p_prefix": string,"p_rate_limit"?: number }; Returns: Json
                           },
"admit_session":
{ Args: { "p_aal"?: string,"p_accept_aal1"?: boolean,"p_issued_at": string,"p_lease"?: Json,"p_rate_limit"?: number,"p_session_id"?: string,"p_user_id": string }; Returns: Json
                           },
"api_key_usage":
{ Args: { "p_api_key_id": number }; Returns: Json
                           },
"apply_detection":
{ Args: { "p_checks": Json,"p_found": Json }; Returns: number
                           },
"apply_detection_step":
{ Args: { "p_checked": number,"p_checks": Json,"p_found": Json,"p_is_last": boolean,"p_job": string,"p_last": number,"p_lease": string }; Returns: undefined
                           },
"apply_import":
{ Args: { "p_found": Json,"p_idempotency_key"?: string,"p_options": Json,"p_request_hash"?: string,"p_snapshots": Json }; Returns: Json
                           },
"begin_device_login":
{ Args: { "p_address"?: unknown,"p_device_hash": string,"p_limit"?: number,"p_machine": string,"p_user_hash": string }; Returns: Json
                           },
"cancel_invite":
{ Args: { "p_id": number }; Returns: boolean
                           },
"change_drifts":
{ Args: { "p_ids": (number)[],"p_note"?: string,"p_status": string }; Returns: number[]
                           },
"change_member_role":
{ Args: { "p_profile_id": number,"p_role": Database["public"]['Enums']["member_role"] }; Returns: {
              "email": string,
"full_name": string | null,
"id": number,
"joined_at": string,
"role": Database["public"]['Enums']["member_role"]
            }[]
                          SetofOptions: {
        from: "*"
        to: "team_overview"
        isOneToOne: false
        isSetofReturn: true
      } },
"claim_webhook_deliveries":
{ Args: { "p_lease_seconds": number,"p_limit": number }; Returns: Json
                           },
"close_stream":
{ Args: { "p_place": string }; Returns: undefined
                           },
"count_resources":
{ Args: Record<PropertyKey, never>; Returns: {
              "count": number,"last_seen_at": string,"status": string
            }[]
                           },
"create_api_key":
{ Args: { "p_allowed_ips"?: (unknown)[],"p_hashes": Json,"p_life_days"?: number,"p_name": string,"p_never_expires"?: boolean,"p_prefix": string,"p_rate_limit"?: number,"p_scopes"?: (string)[] }; Returns: {
              "allowed_ips": (unknown)[] | null,
"created_at": string,
"created_by": Json | null,
"expires_at": string | null,
"id": number,
"last_used_at": string | null,
"name": string,
"prefix": string,
"rate_limit": number | null,
"replaced_by": number | null,
"replaces": number | null,
"revoked_at": string | null,
"scopes": (string)[],
"status": string | null
            }[]
                          SetofOptions: {
        from: "*"
        to: "api_key_overview"
        isOneToOne: false
        isSetofReturn: true
      } },
"create_ignore_rule":
{ Args: { "p_rule": Json }; Returns: {
              "created_at": string,
"created_by": number | null,
"external_id": string | null,
"field": string | null,
"id": number,
"organization_id": number,
"reason": string,
"resource_type": string | null,
"severity_at_most": string | null,
"until": string | null
            }[]
                          SetofOptions: {
        from: "*"
        to: "ignore_rules"
        isOneToOne: false
        isSetofReturn: true
      } },
"create_invite":
{ Args: { "p_email": string,"p_role": Database["public"]['Enums']["member_role"],"p_token_digest": string }; Returns: {
              "accepted_at": string | null,
"cancelled_at": string | null,
"created_at": string,
"email": string,
"expires_at": string,
"id": number,
"invited_by": Json | null,
"role": Database["public"]['Enums']["member_role"],
"status": string | null
            }[]
                          SetofOptions: {
        from: "*"
        to: "invite_overview"
        isOneToOne: false
        isSetofReturn: true
      } },
"create_trust_policy":
{ Args: { "p_audience": string,"p_conditions": Json,"p_issuer": string,"p_max_seconds": number,"p_name": string,"p_scopes": (string)[] }; Returns: {
              "audience": string,
"conditions": NonNullable<Json>,
"created_at": string,
"created_by": Json | null,
"id": number,
"issuer": string,
"last_used_at": string | null,
"max_seconds": number,
"name": string,
"scopes": (string)[]
            }[]
                          SetofOptions: {
        from: "*"
        to: "trust_policy_overview"
        isOneToOne: false
        isSetofReturn: true
      } },
"create_webhook":
{ Args: { "p_events": (string)[],"p_format": string,"p_name": string,"p_url": string }; Returns: Json
                           },
"delete_baseline":
{ Args: { "p_id": number }; Returns: number
                           },
"delete_ignore_rule":
{ Args: { "p_id": number }; Returns: boolean
                           },
"delete_organization":
{ Args: { "p_name": string }; Returns: string
                           },
"delete_resource":
{ Args: { "p_id": number }; Returns: boolean
                           },
"delete_trust_policy":
{ Args: { "p_id": number }; Returns: boolean
                           },
"delete_webhook":
{ Args: { "p_id": number }; Returns: boolean
                           },
"describe_invite":
{ Args: { "p_token_digest": string }; Returns: Json
                           },
"end_my_other_sessions":
{ Args: Record<PropertyKey, never>; Returns: number
                           },
"end_my_session":
{ Args: { "p_id": string }; Returns: boolean
                           },
"end_sessionless_token":
{ Args: { "p_expires_at": string,"p_issued_at": string,"p_user_id": string }; Returns: undefined
                           },
"end_sessionless_tokens":
{ Args: { "p_user_id": string }; Returns: undefined
                           },
"erase_me":
{ Args: Record<PropertyKey, never>; Returns: undefined
                           },
"erase_organization_step":
{ Args: { "p_job": string,"p_lease": string,"p_limit": number }; Returns: boolean
                           },
"erase_person_step":
{ Args: { "p_job": string,"p_lease": string,"p_limit": number }; Returns: boolean
                           },
"exchange_id_token":
{ Args: { "p_audience": (string)[],"p_claims": Json,"p_hashes": Json,"p_issuer": string,"p_organization_id": number,"p_prefix": string,"p_scopes"?: (string)[],"p_token_expires_at": string,"p_token_hash": string }; Returns: Json
                           },
"explain_refusal":
{ Args: { "or_own"?: boolean,"p_id"?: number,"p_permission": string,"p_relation"?: string }; Returns: boolean
                           },
"export_me":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"find_trusted_issuer":
{ Args: { "p_address"?: unknown,"p_issuer": string,"p_limit"?: number,"p_organization_id": number }; Returns: Json
                           },
"finish_job":
{ Args: { "p_id": string,"p_lease": string }; Returns: undefined
                           },
"finish_webhook_delivery":
{ Args: { "p_attempt": number,"p_error"?: string,"p_id": number,"p_response_status"?: number }; Returns: undefined
                           },
"follow_events":
{ Args: { "p_after"?: number,"p_limit"?: number,"p_organization_id": number,"p_subscribers": Json }; Returns: Json
                           },
"get_detection_job":
{ Args: { "p_id": string }; Returns: {
              "done": number,"finished_at": string,"found": number,"id": string,"started_at": string,"status": string,"total": number
            }[]
                           },
"issue_stream_ticket":
{ Args: { "p_api_key_id"?: number,"p_credential_expires_at"?: string,"p_hash": string,"p_issued_at"?: string,"p_session_id"?: string,"p_user_id": string }; Returns: string
                           },
"judge_factor_removal":
{ Args: { "p_factor_id": string }; Returns: undefined
                           },
"list_resource_sources":
{ Args: Record<PropertyKey, never>; Returns: {
              "last_seen_at": string,"source": string,"total": number
            }[]
                           },
"look_at_device_login":
{ Args: { "p_user_hash": string }; Returns: Json
                           },
"my_organizations":
{ Args: Record<PropertyKey, never>; Returns: {
              "id": number,"name": string
            }[]
                           },
"my_sessions":
{ Args: Record<PropertyKey, never>; Returns: {
              "aal": string,"created_at": string,"current": boolean,"id": string,"ip": string,"last_used_at": string,"user_agent": string
            }[]
                           },
"note_drift":
{ Args: { "p_id": number,"p_note": string }; Returns: {
              "address": string | null,
"baseline_value": Json | null,
"changed_at": string | null,
"changed_by": string | null,
"control": string | null,
"current_value": Json | null,
"detected_at": string,
"drift_type": string,
"field_path": string,
"id": number,
"ignore_rule_id": number | null,
"ignored_until": string,
"last_seen_at": string,
"organization_id": number,
"reason": string,
"resolution": string | null,
"resolved_at": string | null,
"resolved_by": number | null,
"resource_id": number,
"resource_name": string,
"resource_type": string,
"rule": string | null,
"search_text": string,
"severity": string,
"severity_rank": number,
"status": string,
"summary": string
            }[]
                          SetofOptions: {
        from: "*"
        to: "drifts"
        isOneToOne: false
        isSetofReturn: true
      } },
"note_worker":
{ Args: { "p_url": string }; Returns: undefined
                           },
"open_stream":
{ Args: { "p_api_key_id": number,"p_limit": number,"p_seconds": number,"p_user_id": string }; Returns: string
                           },
"plan_detection":
{ Args: { "p_after"?: number,"p_limit"?: number,"p_resource_ids"?: (number)[] }; Returns: Json
                           },
"plan_detection_step":
{ Args: { "p_job": string,"p_lease": string,"p_limit": number }; Returns: Json
                           },
"plan_import":
{ Args: { "p_addresses"?: (string)[],"p_idempotency_key"?: string,"p_request_hash"?: string,"p_snapshots": Json,"p_source"?: string }; Returns: Json
                           },
"postpone_job":
{ Args: { "p_failure": string,"p_id": string,"p_lease": string,"p_seconds": number }; Returns: boolean
                           },
"promote_baseline":
{ Args: { "p_resource_id": number }; Returns: {
              "configuration": NonNullable<Json>,
"created_at": string,
"created_by": number | null,
"fingerprint": string | null,
"id": number,
"is_current": boolean,
"organization_id": number,
"origin": string,
"resource_id": number,
"tags": NonNullable<Json>
            }[]
                          SetofOptions: {
        from: "*"
        to: "baselines"
        isOneToOne: false
        isSetofReturn: true
      } },
"recheck_stream_ticket":
{ Args: { "p_hash": string }; Returns: Json
                           },
"record_audit_event":
{ Args: { "p_event": Json }; Returns: undefined
                           },
"record_password_change":
{ Args: Record<PropertyKey, never>; Returns: undefined
                           },
"record_refused_sign_in":
{ Args: { "p_email": string }; Returns: undefined
                           },
"record_session_start":
{ Args: { "p_session_id": string }; Returns: undefined
                           },
"redeem_recovery_code":
{ Args: { "p_hash": string,"p_user_id": string }; Returns: (string)[]
                           },
"redeem_stream_ticket":
{ Args: { "p_address"?: unknown,"p_hash": string,"p_rate_limit"?: number }; Returns: Json
                           },
"redeem_wake_up":
{ Args: { "p_hash": string }; Returns: boolean
                           },
"redeliver_webhook":
{ Args: { "p_id": number }; Returns: {
              "attempts": number,
"created_at": string,
"delivered_at": string | null,
"error": string | null,
"event": string,
"first_attempt_at": string | null,
"id": number,
"last_attempt_at": string | null,
"message_id": number,
"next_attempt_at": string | null,
"organization_id": number,
"response_status": number | null,
"status": string,
"webhook_id": number
            }[]
                          SetofOptions: {
        from: "*"
        to: "webhook_deliveries"
        isOneToOne: false
        isSetofReturn: true
      } },
"release_job":
{ Args: { "p_id": string,"p_lease": string }; Returns: undefined
                           },
"release_sign_in":
{ Args: { "p_address"?: unknown,"p_email_hash": string,"p_reservation": number,"p_succeeded"?: boolean }; Returns: undefined
                           },
"remail_invite":
{ Args: { "p_address"?: unknown,"p_token_digest": string }; Returns: string
                           },
"remove_member":
{ Args: { "p_profile_id": number }; Returns: boolean
                           },
"replace_recovery_codes":
{ Args: { "p_hashes": (string)[] }; Returns: undefined
                           },
"request_detection":
{ Args: { "p_resource_ids"?: (number)[] }; Returns: Json
                           },
"resend_invite":
{ Args: { "p_id": number,"p_token_digest": string }; Returns: {
              "accepted_at": string | null,
"cancelled_at": string | null,
"created_at": string,
"email": string,
"expires_at": string,
"id": number,
"invited_by": Json | null,
"role": Database["public"]['Enums']["member_role"],
"status": string | null
            }[]
                          SetofOptions: {
        from: "*"
        to: "invite_overview"
        isOneToOne: false
        isSetofReturn: true
      } },
"reserve_registration":
{ Args: { "p_address"?: unknown,"p_limit": number }; Returns: number
                           },
"reserve_sign_in":
{ Args: { "p_address"?: unknown,"p_email_hash": string,"p_email_limit": number,"p_network_limit": number,"p_place_limit": number,"p_window_seconds": number }; Returns: Json
                           },
"resolve_drift":
{ Args: { "p_id": number,"p_note"?: string,"p_resolution"?: string }; Returns: {
              "address": string | null,
"baseline_value": Json | null,
"changed_at": string | null,
"changed_by": string | null,
"control": string | null,
"current_value": Json | null,
"detected_at": string,
"drift_type": string,
"field_path": string,
"id": number,
"ignore_rule_id": number | null,
"ignored_until": string,
"last_seen_at": string,
"organization_id": number,
"reason": string,
"resolution": string | null,
"resolved_at": string | null,
"resolved_by": number | null,
"resource_id": number,
"resource_name": string,
"resource_type": string,
"rule": string | null,
"search_text": string,
"severity": string,
"severity_rank": number,
"status": string,
"summary": string
            }[]
                          SetofOptions: {
        from: "*"
        to: "drifts"
        isOneToOne: false
        isSetofReturn: true
      } },
"revoke_api_key":
{ Args: { "p_id": number }; Returns: boolean
                           },
"revoke_leaked_api_keys":
{ Args: { "p_address"?: unknown,"p_keys": Json,"p_rate_limit"?: number,"p_source": string }; Returns: Json
                           },
"rotate_api_key":
{ Args: { "p_grace_seconds": number,"p_hashes": Json,"p_id": number,"p_prefix": string }; Returns: {
              "allowed_ips": (unknown)[] | null,
"created_at": string,
"created_by": Json | null,
"expires_at": string | null,
"id": number,
"last_used_at": string | null,
"name": string,
"prefix": string,
"rate_limit": number | null,
"replaced_by": number | null,
"replaces": number | null,
"revoked_at": string | null,
"scopes": (string)[],
"status": string | null
            }[]
                          SetofOptions: {
        from: "*"
        to: "api_key_overview"
        isOneToOne: false
        isSetofReturn: true
      } },
"rotate_webhook_secret":
{ Args: { "p_grace_seconds": number,"p_id": number }; Returns: Json
                           },
"run_due_task":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"second_factor_state":
{ Args: { "p_user_id": string }; Returns: Json
                           },
"set_key_policy":
{ Args: { "p_max_auth_age_seconds"?: number }; Returns: undefined
                           },
"settle_device_login":
{ Args: { "p_is_approved": boolean,"p_user_hash": string }; Returns: boolean
                           },
"settle_session_starts":
{ Args: Record<PropertyKey, never>; Returns: undefined
                           },
"show_schedule":
{ Args: Record<PropertyKey, never>; Returns: {
              "due_at": string,"has_failed": boolean,"is_late": boolean,"last_rows": number,"last_run_at": string,"name": string
            }[]
                           },
"spend_refresh_token":
{ Args: { "p_hash": string }; Returns: boolean
                           },
"spend_totp_code":
{ Args: { "p_hash": string,"p_user_id": string }; Returns: boolean
                           },
"summarize_drifts":
{ Args: { "p_days"?: number,"p_resource_id"?: number,"p_search"?: string,"p_severity"?: (string)[],"p_status"?: (string)[],"p_type"?: (string)[],"p_utc_offset"?: number }; Returns: Json
                           },
"take_device_key":
{ Args: { "p_device_hash": string,"p_hashes": Json,"p_prefix": string }; Returns: Json
                           },
"take_job":
{ Args: { "p_id"?: string,"p_kinds": (string)[],"p_lease_seconds": number }; Returns: Json
                           },
"test_webhook":
{ Args: { "p_id": number }; Returns: {
              "attempts": number,
"created_at": string,
"delivered_at": string | null,
"error": string | null,
"event": string,
"first_attempt_at": string | null,
"id": number,
"last_attempt_at": string | null,
"message_id": number,
"next_attempt_at": string | null,
"organization_id": number,
"response_status": number | null,
"status": string,
"webhook_id": number
            }[]
                          SetofOptions: {
        from: "*"
        to: "webhook_deliveries"
        isOneToOne: false
        isSetofReturn: true
      } },
"update_api_key":
{ Args: { "p_changes": Json,"p_id": number }; Returns: {
              "allowed_ips": (unknown)[] | null,
"created_at": string,
"created_by": Json | null,
"expires_at": string | null,
"id": number,
"last_used_at": string | null,
"name": string,
"prefix": string,
"rate_limit": number | null,
"replaced_by": number | null,
"replaces": number | null,
"revoked_at": string | null,
"scopes": (string)[],
"status": string | null
            }[]
                          SetofOptions: {
        from: "*"
        to: "api_key_overview"
        isOneToOne: false
        isSetofReturn: true
      } },
"update_drift":
{ Args: { "p_id": number,"p_note"?: string,"p_status": string }; Returns: {
              "address": string | null,
"baseline_value": Json | null,
"changed_at": string | null,
"changed_by": string | null,
"control": string | null,
"current_value": Json | null,
"detected_at": string,
"drift_type": string,
"field_path": string,
"id": number,
"ignore_rule_id": number | null,
"ignored_until": string,
"last_seen_at": string,
"organization_id": number,
"reason": string,
"resolution": string | null,
"resolved_at": string | null,
"resolved_by": number | null,
"resource_id": number,
"resource_name": string,
"resource_type": string,
"rule": string | null,
"search_text": string,
"severity": string,
"severity_rank": number,
"status": string,
"summary": string
            }[]
                          SetofOptions: {
        from: "*"
        to: "drifts"
        isOneToOne: false
        isSetofReturn: true
      } },
"update_ignore_rule":
{ Args: { "p_changes": Json,"p_id": number }; Returns: {
              "created_at": string,
"created_by": number | null,
"external_id": string | null,
"field": string | null,
"id": number,
"organization_id": number,
"reason": string,
"resource_type": string | null,
"severity_at_most": string | null,
"until": string | null
            }[]
                          SetofOptions: {
        from: "*"
        to: "ignore_rules"
        isOneToOne: false
        isSetofReturn: true
      } },
"update_me":
{ Args: { "p_changes": Json }; Returns: boolean
                           },
"update_organization":
{ Args: { "p_changes": Json }; Returns: {
              "audit_retention_days": number,
"created_at": string,
"drift_retention_days": number,
"id": number,
"name": string,
"require_mfa": boolean
            }[]
                          SetofOptions: {
        from: "*"
        to: "organizations"
        isOneToOne: false
        isSetofReturn: true
      } },
"update_resource":
{ Args: { "p_changes": Json,"p_id": number }; Returns: {
              "address": string | null,
"captured_at": string,
"changed_at": string | null,
"changed_by": string | null,
"configuration": NonNullable<Json>,
"created_at": string,
"external_id": string,
"fingerprint": string | null,
"id": number,
"last_seen_at": string,
"name": string,
"organization_id": number,
"provider": string,
"region": string | null,
"resource_type": string,
"revision": number,
"search_text": string,
"source": string | null,
"status": string,
"tags": NonNullable<Json>
            }[]
                          SetofOptions: {
        from: "*"
        to: "resources"
        isOneToOne: false
        isSetofReturn: true
      } },
"update_trust_policy":
{ Args: { "p_changes": Json,"p_id": number }; Returns: {
              "audience": string,
"conditions": NonNullable<Json>,
"created_at": string,
"created_by": Json | null,
"id": number,
"issuer": string,
"last_used_at": string | null,
"max_seconds": number,
"name": string,
"scopes": (string)[]
            }[]
                          SetofOptions: {
        from: "*"
        to: "trust_policy_overview"
        isOneToOne: false
        isSetofReturn: true
      } },
"update_webhook":
{ Args: { "p_changes": Json,"p_id": number }; Returns: {
              "created_at": string,
"created_by": number | null,
"disabled_at": string | null,
"disabled_reason": string | null,
"enabled": boolean,
"events": (string)[],
"failing_since": string | null,
"format": string,
"id": number,
"last_delivered_at": string | null,
"name": string,
"old_secret_until": string | null,
"organization_id": number,
"secret_drawn_at": string,
"url": string
            }[]
                          SetofOptions: {
        from: "*"
        to: "webhooks"
        isOneToOne: false
        isSetofReturn: true
      } },
"verify_audit_events":
{ Args: { "p_after": number,"p_hash": string,"p_limit": number }; Returns: Json
                           }
          }
          Enums: {
            "member_role": "viewer"|"user"|"admin"|"owner"
          }
          CompositeTypes: {
            [_ in never]: never
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "public": {
          Enums: {
            "member_role": ["viewer", "user", "admin", "owner"]
          }
        }
} as const
