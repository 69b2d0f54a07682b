/** Guarantee: firewalls of smaller providers are judged by what they let through, however they are written. */
import { type BothWays, testBothWays } from "./severity_rows.ts";

const [WORLD, NEAR] = ["0.0.0.0/0", "10.1.0.0/16"];

const ROWS: BothWays[] = [
  [
    "oci_core_security_list",
    { ingress_security_rules: [{ protocol: "6", source: NEAR, tcp_options: [{ min: 22, max: 22 }] }] },
    { ingress_security_rules: [{ protocol: "6", source: WORLD, tcp_options: [{ min: 22, max: 22 }] }] },
    "critical",
    "open-to-internet",
  ],
  [
    "oci_core_network_security_group_security_rule",
    {
      direction: "INGRESS",
      protocol: "6",
      source: NEAR,
      tcp_options: [{ destination_port_range: [{ min: 20, max: 30 }] }],
    },
    {
      direction: "INGRESS",
      protocol: "6",
      source: WORLD,
      tcp_options: [{ destination_port_range: [{ min: 20, max: 30 }] }],
    },
    "critical",
    "open-to-internet",
  ],
  [
    "digitalocean_firewall",
    { inbound_rule: [{ protocol: "tcp", port_range: "22", source_addresses: [NEAR] }] },
    { inbound_rule: [{ protocol: "tcp", port_range: "22", source_addresses: [WORLD, "::/0"] }] },
    "critical",
    "open-to-internet",
  ],
  [
    "digitalocean_firewall",
    { outbound_rule: [{ protocol: "tcp", port_range: "443", destination_addresses: [NEAR] }] },
    { outbound_rule: [{ protocol: "tcp", port_range: "443", destination_addresses: [WORLD] }] },
    "high",
    "open-to-internet",
  ],
  [
    "alicloud_security_group_rule",
    { type: "ingress", ip_protocol: "tcp", policy: "accept", port_range: "22/22", cidr_ip: NEAR },
    { type: "ingress", ip_protocol: "tcp", policy: "accept", port_range: "22/22", cidr_ip: WORLD },
    "critical",
    "open-to-internet",
  ],
  [
    "openstack_networking_secgroup_rule_v2",
    {
      direction: "ingress",
      protocol: "tcp",
      port_range_min: 3306,
      port_range_max: 3306,
      remote_ip_prefix: NEAR,
    },
    {
      direction: "ingress",
      protocol: "tcp",
      port_range_min: 3306,
      port_range_max: 3306,
      remote_ip_prefix: WORLD,
    },
    "critical",
    "open-to-internet",
  ],
  [
    "yandex_vpc_security_group",
    { ingress: [{ protocol: "TCP", port: 8080, v4_cidr_blocks: [NEAR] }] },
    { ingress: [{ protocol: "TCP", port: 8080, v4_cidr_blocks: [WORLD] }] },
    "high",
    "open-to-internet",
  ],
  [
    "tencentcloud_security_group_lite_rule",
    { ingress: [`ACCEPT#${NEAR}#22#TCP`] },
    { ingress: [`ACCEPT#${WORLD}#22#TCP`] },
    "critical",
    "open-to-internet",
  ],
  [
    "hcloud_firewall",
    { rule: [{ direction: "in", protocol: "tcp", port: "80", source_ips: [NEAR] }] },
    { rule: [{ direction: "in", protocol: "tcp", port: "80", source_ips: [WORLD] }] },
    "high",
    "open-to-internet",
  ],
  [
    "linode_firewall",
    { inbound_policy: "DROP" },
    { inbound_policy: "ACCEPT" },
    "critical",
    "open-to-internet",
  ],
  ["alicloud_db_instance", { security_ips: [NEAR] }, { security_ips: [WORLD] }, "high", "address-list-open"],
];

testBothWays(ROWS);
