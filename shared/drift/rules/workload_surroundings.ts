/** Severity rules: what surrounds a workload: its service account, namespace, secrets and volumes for many. */
import { anyChange, byRank, exposes, mustName, mustNotAppear, mustNotName, protects } from "./compare.ts";
import { CONTROLS } from "./controls.ts";
import type { Rule } from "./rule.ts";

const SHARED_NAMESPACE = /^(default|kube-system|kube-public)$/;

export const WORKLOAD_SURROUNDING_RULES: readonly Rule[] = [
  {
    id: "service-account-token",
    fields: ["automount_service_account_token"],
    compare: exposes(true),
    severity: "medium",
    drift_type: "security",
    weaker: "The token of the service account is put into the pod",
    stronger: "The token of the service account is no longer put into the pod",
    control: { ...CONTROLS.least_privilege, kubernetes: "CIS Kubernetes 1.8 5.1.6" },
  },
  {
    id: "default-service-account",
    types: /^kubernetes_/,
    fields: ["service_account_name", "service_account"],
    compare: mustName(/^(?!default$)./),
    severity: "medium",
    drift_type: "security",
    weaker: "The workload runs as the namespace's default service account",
    stronger: "The workload runs as a service account of its own",
    control: { ...CONTROLS.least_privilege, kubernetes: "CIS Kubernetes 1.8 5.1.5" },
  },
  {
    id: "volume-writable",
    fields: ["volume_mount.read_only", "volume_mounts.read_only", "mount_points.read_only"],
    compare: protects(),
    severity: "medium",
    drift_type: "security",
    weaker: "The container may write to the volume",
    stronger: "The container may only read the volume",
    control: CONTROLS.isolation,
  },
  {
    id: "variable-from-elsewhere",
    types: /^kubernetes_/,
    fields: ["config_map_key_ref", "field_ref", "resource_field_ref"],
    compare: anyChange(),
    severity: "low",
    drift_type: "configuration",
    weaker: "A variable comes from elsewhere than before",
    control: CONTROLS.isolation,
  },
  {
    id: "volume-for-many",
    types: /^kubernetes_/,
    fields: ["access_modes"],
    compare: mustNotName(/^ReadWriteMany$/),
    severity: "medium",
    drift_type: "security",
    weaker: "Many nodes may write to the volume at once",
    stronger: "One node at a time may write to the volume",
    control: CONTROLS.isolation,
  },
  {
    id: "secret-in-environment",
    types: /^kubernetes_/,
    fields: ["secret_key_ref", "env_from.secret_ref"],
    compare: mustNotAppear(),
    severity: "low",
    drift_type: "security",
    weaker: "A secret is handed over in an environment variable",
    stronger: "A secret is no longer handed over in an environment variable",
    control: CONTROLS.secrets,
  },
  {
    id: "shared-namespace",
    types: /^kubernetes_/,
    fields: ["metadata.namespace"],
    // What names none is in the default one.
    compare: byRank((value) =>
      value === undefined
        ? 0.5
        : typeof value === "string"
        ? Number(!SHARED_NAMESPACE.test(value))
        : undefined
    ),
    severity: "low",
    drift_type: "security",
    weaker: "It is in a namespace that should be left alone",
    stronger: "It is in a namespace of its own",
    control: { any: "CIS Kubernetes 1.8 5.7.1, 5.7.4" },
  },
  {
    id: "hosts-file",
    fields: ["host_aliases"],
    compare: mustNotAppear(),
    severity: "low",
    drift_type: "security",
    weaker: "The pod's hosts file is managed, which can lead names elsewhere",
    stronger: "The pod's hosts file is left alone",
    control: CONTROLS.isolation,
  },
];
