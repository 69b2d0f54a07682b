/** Signing in and up through the API, so that its limits and its audit log hold here too. */
import { useMutation } from "@tanstack/react-query";
import { login, register } from "../../../shared/contracts/session.ts";
import { useServices } from "../app/services.ts";

/** Signs in and takes the session over. */
export function useSignIn() {
  const { api, session } = useServices();
  return useMutation({
    mutationFn: async (
      body: { email: string; password: string; totp?: string; recovery_code?: string },
    ) => {
      await session.adopt(await api.call(login, { body }));
    },
  });
}

/** What a new person gives. */
export interface NewPerson {
  email: string;
  password: string;
  full_name?: string;
  organization_name?: string;
}

/**
 * Registers a person.
 * @returns `confirm` when the e-mail address must be confirmed before one can sign in
 */
export function useSignUp() {
  const { api, session } = useServices();
  return useMutation({
    mutationFn: async (body: NewPerson): Promise<"signed_in" | "confirm"> => {
      const answer = await api.exchange(register, { body });
      if (answer.status === 202) return "confirm";
      await session.adopt(answer.body as { token: string; refresh_token: string });
      return "signed_in";
    },
  });
}
