/** Guarantee: networks are judged by all their ranges together, workloads in Kubernetes' own spelling as well. */
import type { JsonRecord } from "../../shared/drift/json.ts";
import { type Row, testRows } from "./severity_rows.ts";

const container = (more: JsonRecord) => ({
  manifest: { kind: "Pod", spec: { containers: [{ name: "web", image: "web:1.2", ...more }] } },
});
const pod = (more: JsonRecord) => ({ manifest: { kind: "Pod", spec: more } });
const role = (resources: string[], verbs: string[]) => ({ rule: [{ api_groups: [""], resources, verbs }] });
const ssh = (ranges: string[]) => ({
  ingress: ranges.map((range) => ({ protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: [range] })),
});
const annotated = (annotations: JsonRecord) => ({ metadata: [{ name: "a", annotations }] });

const ROWS: Row[] = [
  // Networks
  [
    "port 22 by four quarters",
    "aws_security_group",
    ssh(["10.0.0.0/8"]),
    ssh([
      "0.0.0.0/2",
      "64.0.0.0/2",
      "128.0.0.0/2",
      "192.0.0.0/2",
    ]),
    ["ingress", "critical", "security"],
  ],
  ["port 22 by one quarter", "aws_security_group", ssh(["10.0.0.0/8"]), ssh(["10.0.0.0/8", "64.0.0.0/2"]), [
    "ingress",
    "medium",
    "security",
  ]],
  [
    "a database for every address",
    "azurerm_mssql_firewall_rule",
    {
      start_ip_address: "255.255.255.0",
      end_ip_address: "255.255.255.255",
    },
    { start_ip_address: "0.0.0.0", end_ip_address: "255.255.255.255" },
    [
      "start_ip_address",
      "critical",
      "security",
    ],
  ],
  [
    "a network policy for every address",
    "kubernetes_network_policy",
    {
      spec: [{ ingress: [{ from: [{ ip_block: [{ cidr: "10.0.0.0/8" }] }] }] }],
    },
    { spec: [{ ingress: [{ from: [{ ip_block: [{ cidr: "0.0.0.0/0" }] }] }] }] },
    [
      "spec.ingress",
      "high",
      "security",
    ],
  ],
  [
    "authorized networks gone",
    "google_container_cluster",
    {
      master_authorized_networks_config: [{ cidr_blocks: [{ cidr_block: "10.0.0.0/8" }] }],
    },
    {},
    ["master_authorized_networks_config", "high", "security"],
  ],
  [
    "network rules gone",
    "azurerm_key_vault",
    {
      network_acls: [{ default_action: "Deny", bypass: "AzureServices" }],
    },
    {},
    ["network_acls", "high", "security"],
  ],
  [
    "a deny rule gone",
    "aws_network_acl_rule",
    {
      rule_action: "deny",
      protocol: "-1",
      cidr_block: "0.0.0.0/0",
    },
    { rule_action: "deny", protocol: "-1", cidr_block: "10.0.0.0/8" },
    ["cidr_block", "high", "security"],
  ],
  // Workloads in Kubernetes' own spelling
  ["host network", "kubernetes_manifest", pod({ hostNetwork: false }), pod({ hostNetwork: true }), [
    "manifest.spec.hostNetwork",
    "high",
    "security",
  ]],
  ["host processes", "kubernetes_manifest", pod({ hostPID: false }), pod({ hostPID: true }), [
    "manifest.spec.hostPID",
    "high",
    "security",
  ]],
  [
    "a strong capability",
    "kubernetes_manifest",
    container({ securityContext: { capabilities: { add: ["CHOWN"] } } }),
    container({ securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }),
    [
      'manifest.spec.containers[name="web"].securityContext.capabilities.add[0]',
      "high",
      "security",
    ],
  ],
  ["an image by a tag that moves", "kubernetes_manifest", container({}), container({ image: "web:latest" }), [
    'manifest.spec.containers[name="web"].image',
    "medium",
    "security",
  ]],
  [
    "a component for callers it doesn't know",
    "kubernetes_manifest",
    container({ command: ["kubelet", "--anonymous-auth=false"] }),
    container({ command: ["kubelet", "--anonymous-auth=true"] }),
    ['manifest.spec.containers[name="web"].command[1]', "high", "security"],
  ],
  [
    "a role that reads secrets",
    "kubernetes_cluster_role",
    role(["pods"], ["get"]),
    role(["secrets"], ["get"]),
    [
      "rule",
      "high",
      "security",
    ],
  ],
  ["a role that may do everything", "kubernetes_cluster_role", role(["pods"], ["get"]), role(["*"], ["*"]), [
    "rule",
    "critical",
    "security",
  ]],
  ["a role narrowed", "kubernetes_cluster_role", role(["*"], ["*"]), role(["pods"], ["get"]), [
    "rule",
    "low",
    "security",
  ]],
  [
    "a load balancer that was internal",
    "kubernetes_service",
    annotated({ "service.beta.kubernetes.io/aws-load-balancer-internal": "true" }),
    annotated({ "service.beta.kubernetes.io/aws-load-balancer-internal": "false" }),
    [
      'metadata.annotations["service.beta.kubernetes.io/aws-load-balancer-internal"]',
      "high",
      "security",
    ],
  ],
  [
    "pods act as another role",
    "kubernetes_service_account",
    annotated({ "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/a" }),
    annotated({ "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/b" }),
    ['metadata.annotations["eks.amazonaws.com/role-arn"]', "high", "security"],
  ],
  [
    "an annotation that nobody obeys",
    "kubernetes_service",
    annotated({ owner: "a" }),
    annotated({ owner: "b" }),
    [
      "metadata.annotations.owner",
      "low",
      "configuration",
    ],
  ],
];

testRows(ROWS);
