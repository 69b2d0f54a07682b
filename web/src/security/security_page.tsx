/** Security: second factor, sessions, password, email address. */
import { Page } from "../ui/page.tsx";
import { EmailCard, PasswordCard } from "./password_card.tsx";
import { SecondFactorCard } from "./second_factor_card.tsx";
import { SessionsCard } from "./sessions_card.tsx";

/** The view. */
export function SecurityPage() {
  return (
    <Page title="Security" description="How you sign in, and where you are signed in.">
      <SecondFactorCard />
      <SessionsCard />
      <PasswordCard />
      <EmailCard />
    </Page>
  );
}
