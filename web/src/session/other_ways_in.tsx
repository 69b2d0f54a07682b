/** Buttons for signing in without a password here: by a provider, or by a passkey. */
import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Callout } from "../ui/feedback.tsx";
import { sayPasskeyFault } from "./passkey_fault.ts";
import { type Provider, useWaysIn } from "./ways_in.ts";

/**
 * The buttons that Supabase Auth has something behind; nothing where it has none. Under the form: they come a moment
 * later, and nothing that one is about to type into may move.
 * @param next where to go then, as the view's own address says it
 * @param passkeys false where nobody can have one yet
 */
export function OtherWaysIn({ next, passkeys = true }: { next?: string | undefined; passkeys?: boolean }) {
  const { auth } = useServices();
  const { providers, hasPasskeys } = useWaysIn();
  const leave = useMutation({
    mutationFn: async ({ id }: Provider) => {
      const back = new URL("/sign-in", location.origin);
      if (next) back.searchParams.set("next", next);
      // With PKCE: what comes back is a code that is worthless in another browser.
      const { error } = await (await auth()).signInWithOAuth({
        provider: id,
        options: { redirectTo: back.href, ...(id === "azure" && { scopes: "email" }) },
      });
      if (error) throw error;
    },
  });
  const prove = useMutation({
    mutationFn: async () => {
      const { error } = await (await auth()).signInWithPasskey();
      if (error) throw sayPasskeyFault(error);
    },
  });
  const offersPasskey = passkeys && hasPasskeys;
  if (providers.length === 0 && !offersPasskey) return null;
  const busy = leave.isPending || prove.isPending;
  return (
    <div className="grid gap-2">
      <p className="flex items-center gap-3 pb-2 text-xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
      <Fault error={leave.error ?? prove.error} />
      {providers.map((provider) => (
        <Button
          key={provider.id}
          className="h-9"
          disabled={busy}
          onClick={() => leave.mutate(provider)}
        >
          Continue with {provider.name}
        </Button>
      ))}
      {offersPasskey && (
        <Button
          className="h-9"
          icon={<KeyRound aria-hidden />}
          disabled={busy}
          onClick={() => prove.mutate()}
        >
          Continue with a passkey
        </Button>
      )}
    </div>
  );
}

/** Said after a provider sent one back without having signed one in. */
export function ProviderRefusal() {
  return (
    <Callout tone="danger">
      The provider didn't sign you in. Try again, or use your password.
    </Callout>
  );
}
