/** Guarantee: what a provider takes for the same is no drift, however it is spelled; its near misses are. */
import assert from "node:assert/strict";
import { detectDrifts } from "../../shared/drift/detect.ts";
import type { JsonRecord } from "../../shared/drift/json.ts";

type Row = [name: string, type: string, a: JsonRecord, b: JsonRecord];

const subscription =
  "/subscriptions/0000/resourceGroups/Prod/providers/Microsoft.Network/virtualNetworks/Main";
const key = "1234abcd-12ab-34cd-56ef-1234567890ab";
const container = (resources: JsonRecord): JsonRecord => ({
  spec: [{ container: [{ name: "web", image: "web:1", resources: [resources] }] }],
});
const rule = (from: number, to: number, cidr = "10.0.0.0/8"): JsonRecord => ({
  protocol: "tcp",
  from_port: from,
  to_port: to,
  cidr_blocks: [cidr],
});
const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" };
const policy = (said: JsonRecord): JsonRecord => ({
  policy: JSON.stringify({ Statement: [{ ...statement, ...said }] }),
});
const base64 = (text: string) => btoa(text);

const SAME: Row[] = [
  ["a number and its text", "aws_lb_target_group", { port: 443 }, { port: "443" }],
  ["a switch and its text", "aws_lb", { internal: true }, { internal: "true" }],
  ["a switch as Python writes it", "helm_release", { atomic: true }, { atomic: "True" }],
  ["numbers in a set", "google_compute_firewall", { allow: [{ protocol: "tcp", ports: [80, 443] }] }, {
    allow: [{ protocol: "tcp", ports: ["443", "80"] }],
  }],
  ["a switch in a map", "aws_ssm_document", { options: { a: true, b: 1 } }, {
    options: { a: "true", b: "1" },
  }],
  ["IPv6 spelling", "aws_security_group", {
    ingress: [{ from_port: 22, to_port: 22, protocol: "tcp", ipv6_cidr_blocks: ["2001:DB8:0:0::/32"] }],
  }, { ingress: [{ from_port: 22, to_port: 22, protocol: "tcp", ipv6_cidr_blocks: ["2001:0db8::/32"] }] }],
  ["the world in IPv6", "aws_route", { destination_ipv6_cidr_block: "::/0" }, {
    destination_ipv6_cidr_block: "0:0:0:0:0:0:0:0/0",
  }],
  ["host bits of a range", "aws_subnet", { cidr_block: "10.0.0.7/24" }, { cidr_block: "10.0.0.0/24" }],
  ["one address as a range", "azurerm_storage_account", { network_rules: [{ ip_rules: ["1.2.3.4"] }] }, {
    network_rules: [{ ip_rules: ["1.2.3.4/32"] }],
  }],
  ["adjacent ports", "aws_security_group", { ingress: [rule(80, 80), rule(81, 90)] }, {
    ingress: [rule(80, 90)],
  }],
  ["overlapping ports", "aws_security_group", { ingress: [rule(80, 85), rule(82, 90)] }, {
    ingress: [rule(80, 90)],
  }],
  ["adjacent ports in texts", "azurerm_network_security_rule", {
    destination_port_ranges: ["80", "81-82", "443"],
  }, { destination_port_ranges: ["443", "80-82"] }],
  ["ports in one block or two", "google_compute_firewall", {
    allow: [{ protocol: "tcp", ports: ["80"] }, { protocol: "tcp", ports: ["443"] }, { protocol: "icmp" }],
  }, { allow: [{ protocol: "icmp" }, { protocol: "tcp", ports: ["443", "80"] }] }],
  ["a protocol by its number", "aws_network_acl_rule", { protocol: "6" }, { protocol: "tcp" }],
  ["case of an Azure id", "azurerm_subnet", { virtual_network_id: subscription }, {
    virtual_network_id: subscription.toLowerCase(),
  }],
  ["an Azure location", "azurerm_resource_group", { location: "West Europe" }, { location: "westeurope" }],
  ["a Google link and id", "google_compute_subnetwork", {
    network: "https://www.googleapis.com/compute/v1/projects/p/global/networks/n",
  }, { network: "projects/p/global/networks/n" }],
  ["a Google link and name", "google_compute_instance", {
    project: "p",
    machine_type: "https://www.googleapis.com/compute/v1/projects/p/zones/z/machineTypes/e2-small",
  }, { project: "p", machine_type: "e2-small" }],
  ["a KMS key's id and ARN", "aws_ebs_volume", { kms_key_id: key }, {
    kms_key_id: `arn:aws:kms:us-east-1:111111111111:key/${key}`,
  }],
  ["a log group's ARN", "aws_flow_log", {
    log_destination: "arn:aws:logs:us-east-1:111111111111:log-group:a",
  }, {
    log_destination: "arn:aws:logs:us-east-1:111111111111:log-group:a:*",
  }],
  ["a name with the root's dot", "aws_route53_record", { name: "Api.example.com" }, {
    name: "api.example.com.",
  }],
  [
    "thousandths of a processor",
    "kubernetes_pod",
    container({ limits: { cpu: "1000m", memory: "1Gi" } }),
    container({ limits: { cpu: 1, memory: "1024Mi" } }),
  ],
  ["amounts in a manifest", "kubernetes_manifest", {
    manifest: {
      spec: { containers: [{ name: "a", resources: { requests: { cpu: "0.5", memory: "1G" } } }] },
    },
  }, {
    manifest: {
      spec: { containers: [{ name: "a", resources: { requests: { cpu: "500m", memory: "1000M" } } }] },
    },
  }],
  ["a duration", "google_container_node_pool", { timeout: "3600s" }, { timeout: "1h0m0s" }],
  ["a duration in Azure's words", "azurerm_servicebus_queue", { lock_duration: "PT1H" }, {
    lock_duration: "PT60M",
  }],
  ["JSON in a text", "aws_sfn_state_machine", { definition: '{"A":{"B":1,"C":["x"]}}' }, {
    definition: '{ "A": {\n "C": ["x"],\r\n "B": 1 } }\n',
  }],
  [
    "case of condition keys",
    "aws_iam_policy",
    policy({ Condition: { StringEquals: { "aws:SourceVpc": "v" } } }),
    policy({ Condition: { StringEquals: { "AWS:sourcevpc": ["v"] } } }),
  ],
  ["case of actions", "aws_iam_policy", policy({ Action: "S3:getobject" }), policy({})],
  [
    "an address in a condition",
    "aws_iam_policy",
    policy({ Condition: { IpAddress: { "aws:SourceIp": "10.1.2.3/8" } } }),
    policy({ Condition: { IpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } } }),
  ],
  ["line ends", "aws_instance", { user_data: "#!/bin/sh\r\necho a\r\n" }, {
    user_data: "#!/bin/sh\necho a\n",
  }],
  ["line ends in base64", "aws_launch_template", { user_data: base64("a\r\nb\r\n") }, {
    user_data: base64("a\nb\n"),
  }],
  ["origins of a distribution", "aws_cloudfront_distribution", {
    origin: [{ origin_id: "a", domain_name: "a.example" }, { origin_id: "b", domain_name: "b.example" }],
  }, {
    origin: [{ origin_id: "b", domain_name: "b.example" }, { origin_id: "a", domain_name: "a.example" }],
  }],
  ["disks of an instance", "aws_instance", {
    ebs_block_device: [{ device_name: "a", encrypted: true }, { device_name: "b", encrypted: true }],
  }, { ebs_block_device: [{ device_name: "b", encrypted: true }, { device_name: "a", encrypted: true }] }],
  ["records of a name", "aws_route53_record", { records: ["1.1.1.1", "2.2.2.2"] }, {
    records: ["2.2.2.2", "1.1.1.1"],
  }],
  ["rules of a web ACL", "aws_wafv2_web_acl", {
    rule: [{ name: "a", priority: 1 }, { name: "b", priority: 2 }],
  }, {
    rule: [{ name: "b", priority: 2 }, { name: "a", priority: 1 }],
  }],
  ["names of a certificate", "aws_acm_certificate", { subject_alternative_names: ["a.x", "b.x"] }, {
    subject_alternative_names: ["b.x", "a.x"],
  }],
  ["callbacks of a client", "aws_cognito_user_pool_client", { callback_urls: ["https://a", "https://b"] }, {
    callback_urls: ["https://b", "https://a"],
  }],
  ["balancers of a service", "aws_ecs_service", {
    load_balancer: [{ container_name: "a", container_port: 1 }, { container_name: "b", container_port: 2 }],
  }, {
    load_balancer: [{ container_name: "b", container_port: 2 }, { container_name: "a", container_port: 1 }],
  }],
  ["ranges of a network", "azurerm_virtual_network", { address_space: ["10.0.0.0/16", "10.1.0.0/16"] }, {
    address_space: ["10.1.0.0/16", "10.0.0.0/16"],
  }],
  ["the region that a new provider names", "aws_s3_bucket", { bucket: "b" }, {
    bucket: "b",
    region: "eu-central-1",
  }],
  ["new switches that are not set", "aws_s3_bucket", { bucket: "b" }, {
    bucket: "b",
    brand_new: false,
    other_new: 0,
    third_new: null,
    fourth_new: [],
    fifth_new: [{ inner: false, deep: [{ x: 0 }] }],
    sixth_new: "none",
  }],
  ["a lock token", "aws_wafv2_web_acl", { name: "a", lock_token: "1" }, { name: "a", lock_token: "2" }],
  ["a predicted capacity", "aws_autoscaling_group", { predicted_capacity: 1 }, { predicted_capacity: 3 }],
  ["telemetry of a tunnel", "aws_vpn_connection", { vgw_telemetry: [{ status: "UP" }] }, {
    vgw_telemetry: [{ status: "DOWN" }],
  }],
  ["a release's revision", "helm_release", { metadata: [{ revision: 1 }] }, { metadata: [{ revision: 2 }] }],
  ["the latest revision", "azurerm_container_app", { latest_revision_name: "a--1" }, {
    latest_revision_name: "a--2",
  }],
  ["when an image was pushed", "aws_ecr_image", { image_pushed_at: 1, pushed_at: 1 }, {
    image_pushed_at: 2,
    pushed_at: 2,
  }],
  ["a generation in a manifest", "kubernetes_manifest", {
    manifest: { metadata: { generation: 1, uid: "a" } },
  }, {
    manifest: { metadata: { generation: 2, uid: "b", resourceVersion: "9", managedFields: [{ a: 1 }] } },
  }],
];

for (const [name, type, a, b] of SAME) {
  Deno.test(`sameness: equal: ${name}`, () => {
    assert.deepEqual(detectDrifts(type, { configuration: a }, { configuration: b }), []);
    assert.deepEqual(detectDrifts(type, { configuration: b }, { configuration: a }), []);
  });
}

const OTHER: Row[] = [
  ["numbers that only look alike", "aws_eks_cluster", { version: "1.2" }, { version: "1.20" }],
  ["a number with a leading zero", "x", { account: "012345678901" }, { account: 12345678901 }],
  ["a neighbouring IPv6 network", "aws_route", { destination_ipv6_cidr_block: "2001:db8::/32" }, {
    destination_ipv6_cidr_block: "2001:db9::/32",
  }],
  ["a wider range", "aws_subnet", { cidr_block: "10.0.0.0/24" }, { cidr_block: "10.0.0.0/23" }],
  ["an interface's address", "google_compute_router_interface", { ip_range: "169.254.1.1/30" }, {
    ip_range: "169.254.1.2/30",
  }],
  ["ports with a gap", "aws_security_group", { ingress: [rule(80, 80), rule(82, 90)] }, {
    ingress: [rule(80, 90)],
  }],
  ["adjacent ports of other sources", "aws_security_group", {
    ingress: [rule(80, 80), rule(81, 81, "10.1.0.0/16")],
  }, { ingress: [rule(80, 81)] }],
  ["types of ICMP", "aws_security_group", {
    ingress: [{ ...rule(3, 4), protocol: "icmp" }, { ...rule(5, 5), protocol: "icmp" }],
  }, { ingress: [{ ...rule(3, 5), protocol: "icmp" }] }],
  ["another key of the same end", "aws_ebs_volume", {
    kms_key_id: `arn:aws:kms:us-east-1:111111111111:key/${key}`,
  }, {
    kms_key_id: `arn:aws:kms:us-east-1:222222222222:key/${key}`,
  }],
  ["a key of another account", "aws_ebs_volume", {
    arn: "arn:aws:ec2:us-east-1:111111111111:volume/v",
    kms_key_id: key,
  }, {
    arn: "arn:aws:ec2:us-east-1:111111111111:volume/v",
    kms_key_id: `arn:aws:kms:us-east-1:222222222222:key/${key}`,
  }],
  ["another project's network", "google_compute_instance", { project: "p", network: "n" }, {
    project: "p",
    network: "projects/q/global/networks/n",
  }],
  [
    "another amount",
    "kubernetes_pod",
    container({ limits: { cpu: "100m" } }),
    container({
      limits: { cpu: "1000m" },
    }),
  ],
  [
    "thousand and 1024",
    "kubernetes_pod",
    container({ limits: { memory: "1G" } }),
    container({
      limits: { memory: "1Gi" },
    }),
  ],
  [
    "streams of a log group in a policy",
    "aws_iam_policy",
    policy({ Resource: "arn:aws:logs:us-east-1:111111111111:log-group:a" }),
    policy({ Resource: "arn:aws:logs:us-east-1:111111111111:log-group:a:*" }),
  ],
  ["another line", "aws_instance", { user_data: "a\nb" }, { user_data: "a b" }],
  ["cache behaviours, which are in order", "aws_cloudfront_distribution", {
    ordered_cache_behavior: [{ path_pattern: "a" }, { path_pattern: "b" }],
  }, { ordered_cache_behavior: [{ path_pattern: "b" }, { path_pattern: "a" }] }],
  ["a new switch that is on", "aws_s3_bucket", { bucket: "b" }, { bucket: "b", brand_new: true }],
  ["a switch turned off", "aws_s3_bucket", { brand_new: true }, { brand_new: false }],
  ["another region", "aws_s3_bucket", { region: "eu-central-1" }, { region: "us-east-1" }],
  ["encryption of a snapshot, though computed", "aws_db_snapshot", { encrypted: true }, { encrypted: false }],
  [
    "a member with a dot that ends like a computed one",
    "kubernetes_config_map",
    { data: { "a.etag": "1" } },
    {
      data: { "a.etag": "2" },
    },
  ],
];

for (const [name, type, a, b] of OTHER) {
  Deno.test(`sameness: different: ${name}`, () => {
    assert.notDeepEqual(detectDrifts(type, { configuration: a }, { configuration: b }), []);
    assert.notDeepEqual(detectDrifts(type, { configuration: b }, { configuration: a }), []);
  });
}
