/** Why something that was tried did not happen, for as long as that is so. */
import { useState } from "react";
import { useServices } from "../app/services.ts";
import { useSession } from "../session/use_session.ts";
import { useOnline } from "../stream/presence.ts";
import { Callout } from "../ui/feedback.tsx";
import { explainDeed, isUnreachable } from "./explain.ts";

/** An alert; nothing without an error, or once its cause is gone: the network is back, a new session has begun. */
export function Fault({ error }: { error: unknown }) {
  const isOver = useIsOver(error);
  if (error === null || error === undefined || isOver) return null;
  return <Callout tone="danger">{explainDeed(error)}</Callout>;
}

function useIsOver(error: unknown): boolean {
  const { session } = useServices();
  const online = useOnline();
  useSession();
  const circumstances = { error, online, signIns: session.signIns() };
  const [then, setThen] = useState(circumstances);
  if (then.error !== error) setThen(circumstances);
  if (then.error !== error) return false;
  const cameBack = !then.online && online && isUnreachable(error);
  return cameBack || then.signIns !== circumstances.signIns;
}
