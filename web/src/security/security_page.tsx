/** Security: second factor, password, email address, passkeys, sessions. */
import { Page } from "../ui/page.tsx";
import { PasskeysCard } from "./passkeys_card.tsx";
import { EmailCard, PasswordCard } from "./password_card.tsx";
import { SecondFactorCard } from "./second_factor_card.tsx";
import { SessionsCard } from "./sessions_card.tsx";

/** The view. */
export function SecurityPage() {
  return (
    <Page title="Security" description="How you sign in, and where you are signed in.">
      <SecondFactorCard />
      <PasswordCard />
      <EmailCard />
      {/* Last, for what they hold is as long as it is: nothing below them can jump. */}
      <PasskeysCard />
      <SessionsCard />
    </Page>
  );
}
