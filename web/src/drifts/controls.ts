/** Which of the controls that a rule cites are about a resource's own cloud. */

const CLOUDS: [provider: RegExp, control: RegExp][] = [
  [/^aws|^awscc/, /\bAWS\b|\bAmazon\b|\bEKS\b/i],
  [/^google/, /\bGCP\b|\bGoogle\b|\bGKE\b/i],
  [/^azure/, /\bAzure\b|\bAKS\b|\bMicrosoft\b/i],
  [/^kubernetes/, /\bKubernetes\b|\bPod Security\b/i],
];

/**
 * Leaves out controls that name another cloud than the resource's.
 * @param control several with semicolons between, as rules cite them
 * @param resourceType such as `aws_security_group`
 */
export function controlsFor(control: string, resourceType: string): string[] {
  const own = CLOUDS.find(([provider]) => provider.test(resourceType));
  const all = control.split(/;\s*/).map((one) => one.trim()).filter(Boolean);
  if (!own) return all;
  const foreign = CLOUDS.filter((cloud) => cloud !== own);
  return all.filter((one) => own[1].test(one) || !foreign.some(([, words]) => words.test(one)));
}
