/** An invitation that is being followed, kept through sign-in and sign-up. */

const KEY = "infraaudit.invite";

/** The invitation's token; in this tab only, gone when the tab is closed. */
export const pendingInvite = {
  read: (): string | null => sessionStorage.getItem(KEY),
  keep: (token: string): void => sessionStorage.setItem(KEY, token),
  forget: (): void => sessionStorage.removeItem(KEY),
};
