/** Asked before a link from a mail takes the place of the session that is open here. */
import { Button } from "../ui/button.tsx";
import { SessionFrame } from "./session_frame.tsx";

/** Names both people; nothing changes until one is chosen. */
export function SwitchPerson({ from, to, onChoice }: {
  from: string;
  to: string;
  onChoice: (isSwitched: boolean) => void;
}) {
  return (
    <SessionFrame
      title="This link is for another account"
      description={`You are signed in as ${from}. The link signs you in as ${to}.`}
    >
      <div className="grid gap-2">
        <Button look="primary" onClick={() => onChoice(false)}>Stay as {from}</Button>
        <Button onClick={() => onChoice(true)}>Go on as {to}</Button>
      </div>
    </SessionFrame>
  );
}
