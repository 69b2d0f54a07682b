/** An invitation that is being followed, kept through sign-in and sign-up. */

const KEY = "infraaudit.invite";
const NEW_PERSON_KEY = "infraaudit.invite.new";

/** The invitation's token; in this tab only, gone when the tab is closed. */
export const pendingInvite = {
  read: (): string | null => sessionStorage.getItem(KEY),
  /** @param isNew the link itself made the account: it has no password yet */
  keep(token: string, isNew: boolean): void {
    sessionStorage.setItem(KEY, token);
    if (isNew) sessionStorage.setItem(NEW_PERSON_KEY, "yes");
  },
  isForNewPerson: (): boolean => sessionStorage.getItem(NEW_PERSON_KEY) !== null,
  forget(): void {
    sessionStorage.removeItem(KEY);
    sessionStorage.removeItem(NEW_PERSON_KEY);
  },
};
