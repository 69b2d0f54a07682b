/** How a key is put to use, ready to be copied. */

/** One way: a name for its tab, and the text. */
export interface Snippet {
  id: string;
  name: string;
  text: string;
}

/** What the command reads its key from. */
export const KEY_VARIABLE = "INFRAUDIT_API_KEY";

/**
 * The usual ways to use a key.
 * @param server the API's public base, such as `https://api.example.com`
 * @param key the key itself, or `$INFRAUDIT_API_KEY`
 */
export function snippetsOf(server: string, key: string): Snippet[] {
  return [
    {
      id: "curl",
      name: "curl",
      text: `terraform show -json | curl "${server}/v1/resources/import?full=true&source=production" \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  --data-binary @-`,
    },
    {
      id: "command",
      name: "Command",
      text: `export INFRAUDIT_SERVER_URL=${server}
export ${KEY_VARIABLE}=${key}
terraform show -json | npx infraudit resources import - --full --source production
npx infraudit check --fail-on critical,high`,
    },
    {
      id: "actions",
      name: "GitHub Actions",
      text: `# Repository → Settings → Secrets → Actions: add the key as ${KEY_VARIABLE}
- name: Report the state and fail on drift
  env:
    INFRAUDIT_SERVER_URL: ${server}
    ${KEY_VARIABLE}: \${{ secrets.${KEY_VARIABLE} }}
  run: |
    terraform show -json | npx infraudit resources import - --full --source production
    npx infraudit check --fail-on critical,high`,
    },
    {
      id: "env",
      name: ".env file",
      text: `INFRAUDIT_SERVER_URL=${server}
${KEY_VARIABLE}=${key}`,
    },
  ];
}
