/** Calls a reading operation with one's own session, and shows the answer. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useServices } from "../app/services.ts";
import { Fault } from "../api/fault.tsx";
import { useSession } from "../session/use_session.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { JsonView } from "../ui/json_view.tsx";
import { NetworkFailure } from "../../../shared/client/client_failures.ts";
import { type Place, publicPath } from "./openapi_document.ts";

/** A field for each parameter, and a button; only for who is signed in. */
export function TryIt({ path, operation }: Place) {
  const { config, session } = useServices();
  const state = useSession();
  const [given, setGiven] = useState<Record<string, string>>({});
  const parameters = operation.parameters?.filter(({ in: place }) => place === "path" || place === "query") ??
    [];
  const isStream = JSON.stringify(operation.responses).includes("text/event-stream");
  const ask = useMutation({
    mutationFn: async () => {
      const url = toUrl(`${config.api_base}${publicPath(path)}`, parameters, given);
      const headers = { authorization: `Bearer ${await session.credential()}` };
      const response = await fetch(url, { headers }).catch((cause) => {
        throw new NetworkFailure(new URL(config.api_base).origin, String(cause), cause);
      });
      return { status: response.status, body: await response.json().catch(() => undefined) as unknown };
    },
  });
  if (state.status === "signed_out" || isStream) return null;
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] gap-3 rounded-md border bg-surface p-3 print:hidden"
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}
    >
      {parameters.length > 0 && (
        <div className="grid gap-3 sm:grid-cols-3">
          {parameters.map(({ name, required }) => (
            <TextField
              key={name}
              label={name}
              required={required}
              value={given[name] ?? ""}
              onChange={(value) => setGiven({ ...given, [name]: value })}
            />
          ))}
        </div>
      )}
      <Fault error={ask.error} />
      <div className="flex items-center gap-3">
        <Button type="submit" busy={ask.isPending}>Try it</Button>
        <span role="status" className="text-muted">
          {ask.data && <Badge tone={ask.data.status < 400 ? "good" : "critical"}>{ask.data.status}</Badge>}
        </span>
      </div>
      {ask.data?.body !== undefined && (
        <div className="overflow-hidden rounded-md border">
          <JsonView value={ask.data.body} label="Answer" />
        </div>
      )}
    </form>
  );
}

function toUrl(
  base: string,
  parameters: readonly { name: string; in: string }[],
  given: Record<string, string>,
): string {
  const query = new URLSearchParams();
  let path = base;
  for (const { name, in: place } of parameters) {
    const value = given[name];
    if (!value) continue;
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else query.set(name, value);
  }
  return query.size > 0 ? `${path}?${query}` : path;
}
