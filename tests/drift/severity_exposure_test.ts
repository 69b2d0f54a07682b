/** Guarantee: what opens a resource to the Internet counts, what closes it is low. */
import { allow, ingress, policy, type Row, testRows } from "./severity_rows.ts";

const SG = "aws_security_group";
const member = (who: string) => ({
  role: "roles/storage.objectViewer",
  members: ["user:a@example.com", who],
});
const nsg = (prefix: string, range: string) => ({
  security_rule: [{
    name: "in",
    access: "Allow",
    direction: "Inbound",
    protocol: "Tcp",
    source_address_prefix: prefix,
    destination_port_range: range,
  }],
});
const firewall = (range: string, ports: string[]) => ({
  source_ranges: [range],
  allow: [{ protocol: "tcp", ports }],
});

const ROWS: Row[] = [
  // Public access
  ["S3 block off", "aws_s3_bucket_public_access_block", { block_public_acls: true }, {
    block_public_acls: false,
  }, ["block_public_acls", "high", "security"]],
  ["S3 block on", "aws_s3_bucket_public_access_block", { block_public_acls: false }, {
    block_public_acls: true,
  }, ["block_public_acls", "low", "security"]],
  ["S3 block gone", "aws_s3_bucket", { block_public_policy: true }, {}, [
    "block_public_policy",
    "high",
    "security",
  ]],
  ["S3 ACL public", "aws_s3_bucket_acl", { acl: "private" }, { acl: "public-read" }, [
    "acl",
    "critical",
    "security",
  ]],
  ["S3 ACL for account holders", "aws_s3_bucket", {}, { acl: "authenticated-read" }, [
    "acl",
    "critical",
    "security",
  ]],
  ["S3 ACL private again", "aws_s3_bucket_acl", { acl: "public-read" }, { acl: "private" }, [
    "acl",
    "low",
    "security",
  ]],
  ["S3 grant to all users", "aws_s3_bucket", { grant: [] }, {
    grant: [{ type: "Group", uri: "http://acs.amazonaws.com/groups/global/AllUsers", permissions: ["READ"] }],
  }, ["grant", "critical", "security"]],
  [
    "bucket policy for everyone",
    "aws_s3_bucket_policy",
    policy([allow("s3:GetObject", "arn:aws:s3:::a/*", { Principal: { AWS: "123456789012" } })]),
    policy([allow("s3:GetObject", "arn:aws:s3:::a/*", { Principal: "*" })]),
    ["policy", "critical", "security"],
  ],
  ["GCS allUsers", "google_storage_bucket_iam_binding", member("user:b@example.com"), member("allUsers"), [
    "members",
    "critical",
    "security",
  ]],
  ["GCS all account holders", "google_storage_bucket_iam_member", { member: "user:a@example.com" }, {
    member: "allAuthenticatedUsers",
  }, ["member", "critical", "security"]],
  ["GCS prevention off", "google_storage_bucket", { public_access_prevention: "enforced" }, {
    public_access_prevention: "inherited",
  }, ["public_access_prevention", "high", "security"]],
  [
    "Azure public blobs, by default",
    "azurerm_storage_account",
    { allow_nested_items_to_be_public: false },
    {},
    ["allow_nested_items_to_be_public", "high", "security"],
  ],
  ["Azure container", "azurerm_storage_container", {}, { container_access_type: "blob" }, [
    "container_access_type",
    "high",
    "security",
  ]],
  ["RDS public", "aws_db_instance", { publicly_accessible: false }, { publicly_accessible: true }, [
    "publicly_accessible",
    "high",
    "security",
  ]],
  ["RDS private", "aws_db_instance", { publicly_accessible: true }, { publicly_accessible: false }, [
    "publicly_accessible",
    "low",
    "security",
  ]],
  ["RDS snapshot for all", "aws_db_snapshot", { shared_accounts: ["123456789012"] }, {
    shared_accounts: ["123456789012", "all"],
  }, ["shared_accounts", "critical", "security"]],
  ["AMI for all", "aws_ami_launch_permission", { account_id: "1" }, { account_id: "1", group: "all" }, [
    "group",
    "critical",
    "security",
  ]],
  ["AMI public flag", "aws_ami", { public: false }, { public: true }, ["public", "high", "security"]],
  [
    "EKS endpoint",
    "aws_eks_cluster",
    { vpc_config: [{ subnet_ids: ["a"], endpoint_public_access: false }] },
    {
      vpc_config: [{ subnet_ids: ["a"], endpoint_public_access: true }],
    },
    ["vpc_config.endpoint_public_access", "high", "security"],
  ],
  // Network
  ["SSH to the world", SG, ingress(22, "10.0.0.0/8"), ingress(22, "0.0.0.0/0"), [
    "ingress",
    "critical",
    "security",
  ]],
  ["SSH to the world, IPv6", SG, ingress(22, "10.0.0.0/8"), {
    ingress: [{ protocol: "tcp", from_port: 22, to_port: 22, ipv6_cidr_blocks: ["::/0"] }],
  }, ["ingress", "critical", "security"]],
  ["SSH within a range", SG, ingress(443, "10.0.0.0/8"), ingress(20, "0.0.0.0/0", 100), [
    "ingress",
    "critical",
    "security",
  ]],
  ["PostgreSQL to the world", SG, ingress(5432, "10.0.0.0/8"), ingress(5432, "0.0.0.0/0"), [
    "ingress",
    "critical",
    "security",
  ]],
  ["every protocol to the world", SG, ingress(443, "10.0.0.0/8"), {
    ingress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }],
  }, ["ingress", "critical", "security"]],
  ["HTTPS to the world", SG, ingress(443, "10.0.0.0/8"), ingress(443, "0.0.0.0/0"), [
    "ingress",
    "high",
    "security",
  ]],
  ["SSH closed", SG, ingress(22, "0.0.0.0/0"), ingress(22, "10.0.0.0/8"), ["ingress", "low", "security"]],
  ["internal range narrowed", SG, ingress(22, "10.0.0.0/8"), ingress(22, "10.1.0.0/16"), [
    "ingress",
    "low",
    "security",
  ]],
  [
    "rule as a resource",
    "aws_security_group_rule",
    { type: "ingress", from_port: 22, to_port: 22, protocol: "tcp", cidr_blocks: ["10.0.0.0/8"] },
    { type: "ingress", from_port: 22, to_port: 22, protocol: "tcp", cidr_blocks: ["0.0.0.0/0"] },
    ["cidr_blocks", "critical", "security"],
  ],
  [
    "egress to the world",
    "aws_security_group_rule",
    { type: "egress", from_port: 22, to_port: 22, protocol: "tcp", cidr_blocks: ["10.0.0.0/8"] },
    { type: "egress", from_port: 22, to_port: 22, protocol: "tcp", cidr_blocks: ["0.0.0.0/0"] },
    ["cidr_blocks", "high", "security"],
  ],
  [
    "VPC ingress rule",
    "aws_vpc_security_group_ingress_rule",
    { cidr_ipv4: "10.0.0.0/8", ip_protocol: "tcp", from_port: 3389, to_port: 3389 },
    { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 3389, to_port: 3389 },
    ["cidr_ipv4", "critical", "security"],
  ],
  ["Azure RDP", "azurerm_network_security_group", nsg("10.0.0.0/8", "3389"), nsg("*", "3389"), [
    "security_rule",
    "critical",
    "security",
  ]],
  ["Azure web", "azurerm_network_security_group", nsg("10.0.0.0/8", "80"), nsg("Internet", "80"), [
    "security_rule",
    "high",
    "security",
  ]],
  [
    "Google MySQL",
    "google_compute_firewall",
    firewall("10.0.0.0/8", ["3306"]),
    firewall("0.0.0.0/0", ["3306"]),
    ["source_ranges", "critical", "security"],
  ],
  [
    "Google web",
    "google_compute_firewall",
    firewall("10.0.0.0/8", ["8000-8079"]),
    firewall("0.0.0.0/0", ["8000-8079"]),
    ["source_ranges", "high", "security"],
  ],
  [
    "rule description only",
    SG,
    { ingress: [{ ...ingress(22, "10.0.0.0/8").ingress[0]!, description: "a" }] },
    {
      ingress: [{ ...ingress(22, "10.0.0.0/8").ingress[0]!, description: "b" }],
    },
    ["ingress", "low", "security"],
  ],
  [
    "GKE authorized networks",
    "google_container_cluster",
    { master_authorized_networks_config: [{ cidr_blocks: [{ cidr_block: "10.0.0.0/8" }] }] },
    { master_authorized_networks_config: [{ cidr_blocks: [{ cidr_block: "0.0.0.0/0" }] }] },
    ["master_authorized_networks_config.cidr_blocks", "critical", "security"],
  ],
  [
    "a role for everybody who reaches the cluster",
    "kubernetes_cluster_role_binding",
    { subject: [{ kind: "Group", name: "developers" }] },
    { subject: [{ kind: "Group", name: "system:unauthenticated" }] },
    ["subject", "critical", "security"],
  ],
  [
    "a role for everybody no more",
    "kubernetes_cluster_role_binding",
    { subject: [{ kind: "Group", name: "system:authenticated" }] },
    { subject: [{ kind: "Group", name: "developers" }] },
    ["subject", "low", "security"],
  ],
  [
    "image scanning off",
    "aws_ecr_repository",
    { image_scanning_configuration: [{ scan_on_push: true }] },
    { image_scanning_configuration: [{ scan_on_push: false }] },
    ["image_scanning_configuration.scan_on_push", "high", "compliance"],
  ],
  [
    "image tags mutable",
    "aws_ecr_repository",
    { image_tag_mutability: "IMMUTABLE" },
    {},
    ["image_tag_mutability", "medium", "compliance"],
  ],
];

testRows(ROWS);
