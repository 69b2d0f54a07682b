/** Where one is signed in, and signing out there. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type AccountSession,
  endOtherSessions,
  endSession,
  listSessions,
} from "../../../shared/contracts/account.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { ErrorState, faultOf, Skeleton } from "../ui/feedback.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card } from "../ui/page.tsx";

/** The card. */
export function SessionsCard() {
  const { api } = useServices();
  const queries = useQueryClient();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => api.call(listSessions, {}, { signal }),
  });
  const onSettled = () => queries.invalidateQueries({ queryKey: ["sessions"] });
  const end = useMutation({
    mutationFn: (id: string) => api.call(endSession, { params: { id } }),
    onSettled,
  });
  const endOthers = useMutation({ mutationFn: () => api.call(endOtherSessions), onSettled });
  const fault = faultOf(sessions);
  const others = sessions.data?.filter(({ current }) => !current).length ?? 0;
  return (
    <Card
      title="Where you are signed in"
      aside={others > 0 && (
        <Button size="sm" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
          Sign out elsewhere
        </Button>
      )}
    >
      {fault
        ? <ErrorState error={fault} onRetry={() => sessions.refetch()} />
        : (
          <div className="grid min-h-24 content-start gap-3 p-4 text-[13px]">
            <Fault error={end.error ?? endOthers.error} />
            {!sessions.data ? <Skeleton className="h-8 max-w-md" /> : (
              <ul className="grid gap-3">
                {sessions.data.map((session) => (
                  <Row
                    key={session.id}
                    session={session}
                    busy={end.isPending}
                    onEnd={() => end.mutate(session.id)}
                  />
                ))}
              </ul>
            )}
          </div>
        )}
    </Card>
  );
}

function Row({ session, busy, onEnd }: { session: AccountSession; busy: boolean; onEnd: () => void }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <div className="grid min-w-0 gap-0.5">
        <span className="truncate font-medium">{nameOf(session.user_agent)}</span>
        <span className="text-muted">
          {session.ip ?? "unknown address"}, signed in <Moment time={session.created_at} />, last used{" "}
          <Moment time={session.last_used_at} />
        </span>
      </div>
      {session.current
        ? <Badge tone="good">This one</Badge>
        : <Button size="sm" disabled={busy} onClick={onEnd}>Sign out</Button>}
    </li>
  );
}

/** The browser and system of an agent's text, where it says them; else its beginning. */
function nameOf(agent: string | null): string {
  if (!agent) return "Unknown device";
  const browser = /(Firefox|Edg|OPR|Chrome|Safari|infraudit)\/[\d.]+/.exec(agent)?.[1]?.replace(
    "Edg",
    "Edge",
  );
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent)?.[1]?.replace(
    "Mac OS X",
    "macOS",
  );
  return browser ? [browser, system].filter(Boolean).join(" on ") : agent.slice(0, 60);
}
