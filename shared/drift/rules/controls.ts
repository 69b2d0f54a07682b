/** The public controls that reasons cite: a resource's own provider's, else one that belongs to none. */

export type Provider = "aws" | "azure" | "google" | "kubernetes" | "github";

/** Controls by provider; `any` is for the others and names a standard that no provider owns. */
export type Controls = Partial<Record<Provider, string>> & { any: string };

const PREFIXES: readonly (readonly [RegExp, Provider])[] = [
  [/^aws_|^awscc_/, "aws"],
  [/^azure/, "azure"],
  [/^google_/, "google"],
  [/^(kubernetes|kubectl|helm)_/, "kubernetes"],
  [/^github_/, "github"],
];

/** @returns the provider of a Terraform resource type, `undefined` for others than the five */
export function providerOf(type: string): Provider | undefined {
  return PREFIXES.find(([prefix]) => prefix.test(type))?.[1];
}

/** The control to cite for a resource of this type. */
export function controlFor(type: string, control: Controls): string {
  const provider = providerOf(type);
  return (provider === undefined ? undefined : control[provider]) ?? control.any;
}

/** Subjects that several rules share. */
export const CONTROLS = {
  public_access: {
    aws: "AWS FSBP S3.1, S3.8, RDS.2",
    azure: "CIS Azure 2.0 3.7",
    google: "CIS GCP 2.0 5.1",
    kubernetes: "CIS Kubernetes 1.8 5.1.1",
    github: "GitHub docs: Setting repository visibility",
    any: "NIST SP 800-53 AC-3",
  },
  boundary: {
    aws: "AWS FSBP EC2.18, EC2.19",
    azure: "Microsoft cloud security benchmark NS-1, NS-2",
    google: "CIS GCP 2.0 3.6, 3.7",
    kubernetes: "CIS Kubernetes 1.8 5.3.2",
    any: "NIST SP 800-53 SC-7",
  },
  at_rest: {
    aws: "AWS FSBP EC2.3, RDS.3, EFS.1; CIS AWS 1.4 2.2.1, 2.3.1",
    azure: "Microsoft cloud security benchmark DP-4",
    google: "CIS GCP 2.0 4.7",
    kubernetes: "CIS Kubernetes 1.8 1.2.28",
    any: "NIST SP 800-53 SC-28",
  },
  customer_keys: {
    aws: "AWS Security Hub S3.17; CIS AWS 1.4 3.7",
    azure: "Microsoft cloud security benchmark DP-5",
    google: "CIS GCP 2.0 4.7, 7.2",
    kubernetes: "Kubernetes docs: Using a KMS provider for data encryption",
    any: "NIST SP 800-53 SC-12",
  },
  in_transit: {
    aws: "AWS FSBP ElastiCache.5, Opensearch.3, Redshift.2, ELB.1",
    azure: "CIS Azure 2.0 3.1; Microsoft cloud security benchmark DP-3",
    google: "CIS GCP 2.0 6.4",
    kubernetes: "Kubernetes docs: Ingress, TLS",
    github: "GitHub docs: Best practices for using webhooks",
    any: "NIST SP 800-53 SC-8",
  },
  tls: {
    aws: "AWS FSBP ELB.8, ELB.17, CloudFront.15, Opensearch.8",
    azure: "CIS Azure 2.0 3.15, 9.3",
    google: "CIS GCP 2.0 3.9",
    any: "NIST SP 800-52",
  },
  logging: {
    aws: "AWS FSBP CloudTrail.1, EC2.6, S3.9, APIGateway.9; CIS AWS 1.4 3.1, 3.6",
    azure: "CIS Azure 2.0 5.1, 5.3; Microsoft cloud security benchmark LT-3",
    google: "CIS GCP 2.0 2.1, 3.8",
    kubernetes: "CIS Kubernetes 1.8 3.2.1",
    any: "NIST SP 800-53 AU-2",
  },
  log_retention: {
    aws: "AWS Security Hub CloudWatch.16",
    azure: "CIS Azure 2.0 5.1.2, 6.5",
    google: "CIS GCP 2.0 2.3",
    any: "NIST SP 800-53 AU-11",
  },
  monitoring: {
    aws: "AWS FSBP ECS.12; AWS Security Hub RDS.6",
    azure: "Microsoft cloud security benchmark LT-1",
    google: "CIS GKE 1.6 5.7.1",
    kubernetes: "Kubernetes docs: Configure liveness, readiness and startup probes",
    any: "NIST SP 800-53 SI-4",
  },
  detection: {
    aws: "AWS FSBP GuardDuty.1, Config.1",
    azure: "CIS Azure 2.0 2.1",
    google: "CIS GCP 2.0 2.13",
    github: "GitHub docs: Dependabot alerts",
    any: "NIST SP 800-53 SI-4",
  },
  backup: {
    aws: "AWS FSBP RDS.11, DynamoDB.2, ElastiCache.1, Redshift.3",
    azure: "Microsoft cloud security benchmark BR-1",
    google: "CIS GCP 2.0 6.7",
    any: "NIST SP 800-53 CP-9",
  },
  versioning: {
    aws: "AWS Security Hub S3.14",
    azure: "CIS Azure 2.0 3.11",
    google: "Google Cloud Storage guide: Object Versioning",
    any: "NIST SP 800-53 CP-9",
  },
  deletion: {
    aws: "AWS FSBP RDS.7, RDS.8, ELB.6",
    azure: "CIS Azure 2.0 8.5",
    google: "Google Cloud guide: Prevent deletion",
    github: "GitHub docs: About protected branches",
    any: "NIST SP 800-53 CP-10",
  },
  least_privilege: {
    aws: "AWS FSBP IAM.1, IAM.21; CIS AWS 1.4 1.16",
    azure: "CIS Azure 2.0 1.23; Microsoft cloud security benchmark PA-7",
    google: "CIS GCP 2.0 1.5, 1.6",
    kubernetes: "CIS Kubernetes 1.8 5.1.1, 5.1.3",
    github: "GitHub docs: Repository roles for an organization",
    any: "NIST SP 800-53 AC-6",
  },
  authentication: {
    aws: "AWS FSBP RDS.10, RDS.12, APIGateway.8",
    azure: "CIS Azure 2.0 9.1; Microsoft cloud security benchmark IM-1",
    google: "CIS GKE 1.6 5.8.1, 5.8.2",
    kubernetes: "CIS Kubernetes 1.8 4.2.1",
    any: "NIST SP 800-53 IA-2",
  },
  second_factor: {
    aws: "AWS FSBP IAM.5, IAM.19; AWS Security Hub Cognito.5",
    azure: "CIS Azure 2.0 1.1.2",
    google: "CIS GCP 2.0 1.2",
    github: "GitHub docs: Requiring two-factor authentication in your organization",
    any: "NIST SP 800-53 IA-2(1)",
  },
  passwords: {
    aws: "AWS FSBP IAM.7; CIS AWS 1.4 1.8, 1.9",
    any: "NIST SP 800-53 IA-5",
  },
  secrets: {
    aws: "AWS FSBP ECS.8, CodeBuild.2; AWS Security Hub EC2.171",
    azure: "Microsoft cloud security benchmark IM-8",
    google: "CIS GCP 2.0 1.18",
    kubernetes: "CIS Kubernetes 1.8 5.4.1",
    github: "GitHub docs: Using secrets in GitHub Actions",
    any: "CWE-798: Use of Hard-coded Credentials",
  },
  isolation: {
    aws: "AWS FSBP ECS.3, ECS.4, SageMaker.3",
    azure: "Microsoft cloud security benchmark PV-3",
    google: "CIS GCP 2.0 4.6, 4.8",
    kubernetes: "CIS Kubernetes 1.8 5.2",
    any: "NIST SP 800-53 SC-39",
  },
  images: {
    aws: "AWS FSBP ECR.1, ECR.2",
    azure: "Microsoft cloud security benchmark PV-5",
    google: "CIS GKE 1.6 5.1.1",
    kubernetes: "CIS Kubernetes 1.8 5.5.1",
    any: "NIST SP 800-53 SI-7",
  },
  patching: {
    aws: "AWS FSBP RDS.13, ElastiCache.2, Redshift.6",
    azure: "Microsoft cloud security benchmark PV-6",
    google: "CIS GKE 1.6 5.5.2, 5.5.3",
    any: "NIST SP 800-53 SI-2",
  },
  availability: {
    aws: "AWS FSBP RDS.5, ElastiCache.3",
    azure: "Azure Well-Architected Framework RE:05",
    google: "Google Cloud SQL guide: High availability",
    kubernetes: "Kubernetes docs: Resource management for Pods and Containers",
    any: "NIST SP 800-53 CP-10",
  },
  sizing: {
    aws: "AWS Well-Architected Cost Optimization Pillar COST06-BP02",
    azure: "Azure Well-Architected Framework CO:07",
    google: "Google Cloud Architecture Framework: Cost optimization",
    kubernetes: "Kubernetes docs: Resource management for Pods and Containers",
    any: "NIST SP 800-53 CM-3",
  },
} satisfies Record<string, Controls>;
