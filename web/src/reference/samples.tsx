/** How an operation is called, ready to be copied. */
import { useServices } from "../app/services.ts";
import { CodeTabs } from "../ui/tabs.tsx";
import { type Place, publicPath } from "./openapi_document.ts";

/** The call with curl and in TypeScript. */
export function Samples({ method, path, operation }: Place) {
  const { config } = useServices();
  const url = `${config.api_base}${publicPath(path)}`;
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.example;
  const isOpen = !operation.security?.some((way) => Object.keys(way).length > 0);
  const tabs = [
    { id: "curl", name: "curl", text: toCurl(method, url, isOpen, body) },
    { id: "typescript", name: "TypeScript", text: toTypeScript(method, url, isOpen, body) },
  ];
  return <CodeTabs label={`Call ${operation.operationId}`} tabs={tabs} />;
}

function toCurl(method: string, url: string, isOpen: boolean, body: unknown): string {
  return [
    method === "GET" ? `curl ${url}` : `curl -X ${method} ${url}`,
    ...(isOpen ? [] : [`-H "Authorization: Bearer $INFRAUDIT_API_KEY"`]),
    ...(body === undefined
      ? []
      : [`-H "Content-Type: application/json"`, `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]),
  ].join(" \\\n  ");
}

function toTypeScript(method: string, url: string, isOpen: boolean, body: unknown): string {
  const headers = [
    ...(isOpen ? [] : ["    authorization: `Bearer ${process.env.INFRAUDIT_API_KEY}`,"]),
    ...(body === undefined ? [] : [`    "content-type": "application/json",`]),
  ];
  return [
    `const response = await fetch("${url}", {`,
    ...(method === "GET" ? [] : [`  method: "${method}",`]),
    ...(headers.length > 0 ? ["  headers: {", ...headers, "  },"] : []),
    ...(body === undefined
      ? []
      : [`  body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll("\n", "\n  ")}),`]),
    "});",
    `if (!response.ok) throw new Error((await response.json()).error);`,
  ].join("\n");
}
