/** AWS's own names of resource types, as CloudFormation and Config write them, in Terraform's. */
import { inTerraformSpelling, snakeCase } from "./attribute_names.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";

/** Where Terraform's name isn't `aws_<service>_<name>`. */
const IRREGULAR: Record<string, string> = {
  "AWS::ApiGateway::RestApi": "aws_api_gateway_rest_api",
  "AWS::ApiGateway::Stage": "aws_api_gateway_stage",
  "AWS::ApiGatewayV2::Api": "aws_apigatewayv2_api",
  "AWS::ApiGatewayV2::Stage": "aws_apigatewayv2_stage",
  "AWS::AutoScaling::AutoScalingGroup": "aws_autoscaling_group",
  "AWS::AutoScaling::LaunchConfiguration": "aws_launch_configuration",
  "AWS::CertificateManager::Certificate": "aws_acm_certificate",
  "AWS::ACM::Certificate": "aws_acm_certificate",
  "AWS::CloudFront::Distribution": "aws_cloudfront_distribution",
  "AWS::CloudTrail::Trail": "aws_cloudtrail",
  "AWS::CloudWatch::Alarm": "aws_cloudwatch_metric_alarm",
  "AWS::CodeBuild::Project": "aws_codebuild_project",
  "AWS::Cognito::UserPool": "aws_cognito_user_pool",
  "AWS::DocDB::DBCluster": "aws_docdb_cluster",
  "AWS::DynamoDB::GlobalTable": "aws_dynamodb_table",
  "AWS::ECR::Repository": "aws_ecr_repository",
  "AWS::EFS::FileSystem": "aws_efs_file_system",
  "AWS::ElastiCache::CacheCluster": "aws_elasticache_cluster",
  "AWS::ElastiCache::ReplicationGroup": "aws_elasticache_replication_group",
  "AWS::ElasticLoadBalancing::LoadBalancer": "aws_elb",
  "AWS::ElasticLoadBalancingV2::Listener": "aws_lb_listener",
  "AWS::ElasticLoadBalancingV2::LoadBalancer": "aws_lb",
  "AWS::ElasticLoadBalancingV2::TargetGroup": "aws_lb_target_group",
  "AWS::Elasticsearch::Domain": "aws_elasticsearch_domain",
  "AWS::Events::Rule": "aws_cloudwatch_event_rule",
  "AWS::IAM::ManagedPolicy": "aws_iam_policy",
  "AWS::IAM::Policy": "aws_iam_role_policy",
  "AWS::KinesisFirehose::DeliveryStream": "aws_kinesis_firehose_delivery_stream",
  "AWS::Kinesis::Stream": "aws_kinesis_stream",
  "AWS::Logs::LogGroup": "aws_cloudwatch_log_group",
  "AWS::AmazonMQ::Broker": "aws_mq_broker",
  "AWS::Neptune::DBCluster": "aws_neptune_cluster",
  "AWS::OpenSearchService::Domain": "aws_opensearch_domain",
  "AWS::RDS::DBCluster": "aws_rds_cluster",
  "AWS::RDS::DBInstance": "aws_db_instance",
  "AWS::RDS::DBParameterGroup": "aws_db_parameter_group",
  "AWS::RDS::DBSecurityGroup": "aws_db_security_group",
  "AWS::RDS::DBSnapshot": "aws_db_snapshot",
  "AWS::RDS::DBSubnetGroup": "aws_db_subnet_group",
  "AWS::Redshift::Cluster": "aws_redshift_cluster",
  "AWS::S3::BucketPolicy": "aws_s3_bucket_policy",
  "AWS::SecretsManager::Secret": "aws_secretsmanager_secret",
  "AWS::SSM::Parameter": "aws_ssm_parameter",
  "AWS::StepFunctions::StateMachine": "aws_sfn_state_machine",
  "AWS::WAFv2::WebACL": "aws_wafv2_web_acl",
};
/** EC2's older resources have no service in their Terraform name. */
const EC2_PREFIXED = new Set(["TransitGateway", "ClientVpnEndpoint", "CapacityReservation", "Fleet", "Host"]);
const EC2_IRREGULAR: Record<string, string> = {
  Volume: "aws_ebs_volume",
  NatGateway: "aws_nat_gateway",
  NetworkAcl: "aws_network_acl",
  EIP: "aws_eip",
  VPC: "aws_vpc",
  VPCEndpoint: "aws_vpc_endpoint",
  VPCPeeringConnection: "aws_vpc_peering_connection",
  VPNConnection: "aws_vpn_connection",
  SecurityGroupIngress: "aws_vpc_security_group_ingress_rule",
  SecurityGroupEgress: "aws_vpc_security_group_egress_rule",
};

/** `AWS::S3::Bucket` → `aws_s3_bucket`; types that Terraform doesn't have come out in the same form. */
export function terraformType(awsType: string): string {
  const known = IRREGULAR[awsType];
  if (known !== undefined) return known;
  const [, service = "", name = service] = awsType.split("::");
  if (service === "EC2" && !EC2_PREFIXED.has(name)) {
    return EC2_IRREGULAR[name] ?? `aws_${snakeCase(name)}`;
  }
  return `aws_${service.toLowerCase()}_${snakeCase(name)}`;
}

/** Properties as CloudFormation or Config have them, in Terraform's spelling; a security group's rules as its own. */
export function terraformValues(type: string, properties: JsonRecord): JsonRecord {
  const values = inTerraformSpelling(properties);
  if (type !== "aws_security_group") return values;
  const { security_group_ingress, security_group_egress, ip_permissions, ip_permissions_egress, ...rest } =
    values;
  return {
    ...rest,
    ...rules("ingress", security_group_ingress ?? ip_permissions),
    ...rules("egress", security_group_egress ?? ip_permissions_egress),
  };
}

function rules(name: string, list: Json | undefined): JsonRecord {
  if (!Array.isArray(list)) return {};
  return { [name]: list.map((rule) => isRecord(rule) ? ruleOf(rule) : rule) };
}

function ruleOf(rule: JsonRecord): JsonRecord {
  const { cidr_ip, cidr_ipv6, ip_protocol, ip_ranges, ipv4_ranges, ipv6_ranges, ...rest } = rule;
  const v4 = [cidr_ip, ...ranges(ipv4_ranges ?? ip_ranges, "cidr_ip")].filter((text) =>
    typeof text === "string"
  );
  const v6 = [cidr_ipv6, ...ranges(ipv6_ranges, "cidr_ipv6")].filter((text) => typeof text === "string");
  return {
    ...rest,
    protocol: ip_protocol ?? rest.protocol ?? "-1",
    from_port: rest.from_port ?? 0,
    to_port: rest.to_port ?? (ip_protocol === "-1" ? 0 : 65_535),
    ...(v4.length > 0 ? { cidr_blocks: v4 as Json[] } : {}),
    ...(v6.length > 0 ? { ipv6_cidr_blocks: v6 as Json[] } : {}),
  };
}

function ranges(list: Json | undefined, name: string): (Json | undefined)[] {
  return Array.isArray(list) ? list.map((range) => isRecord(range) ? range[name] : range) : [];
}
