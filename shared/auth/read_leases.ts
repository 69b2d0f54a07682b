/** Requests taken from a credential's limit ahead, so that a read which Postgres has judged itself needs no admission. */
import type { Admission, RateState } from "./admission.ts";
import type { Principal } from "./principal.ts";
import { Recent } from "./recent.ts";

/** What admission is asked for beside itself, and told of what it gave before (create_admission.sql). */
export interface LeaseRequest {
  readonly wanted: number;
  readonly window: string | null;
  readonly spent: number;
  readonly unspent: number;
}

/** What admission gives. Without a window there is no limit: then time alone ends it. */
export interface LeaseTerms {
  readonly window?: string | undefined;
  readonly granted?: number | undefined;
  /** How long it is good, from the moment that admission was asked. */
  readonly seconds: number;
}

interface Lease {
  readonly window: string | null;
  left: number;
  /** Taken ahead, and the database not told yet what became of it. */
  untold: number;
  readonly ends: Moment;
  readonly principal: Principal;
  readonly limit: number | null;
  /** What others may still take in this window, as far as is known. */
  readonly remaining: number;
  readonly resets: Moment;
  isBeingRenewed: boolean;
}

/** By two clocks: one may be set back, the other stands still while a machine sleeps. */
type Moment = readonly [monotonic: number, wall: number];

/** The database gives less where the limit is small: never more than a tenth of it to all isolates together. */
const WANTED = 64;
/** With so few left the next read asks for more, while others go on with them. */
const RENEWED_AT = 8;
const REMEMBERED_CREDENTIALS = 2000;
/** A credential that comes again within this time is given requests ahead; one that comes once needs none. */
const COMES_AGAIN_SECONDS = 10;

export class ReadLeases {
  readonly #leases = new Recent<Lease>(REMEMBERED_CREDENTIALS);
  readonly #seen = new Recent<Moment>(REMEMBERED_CREDENTIALS);

  /**
   * Takes a request for a credential from those taken ahead.
   * @returns who it is and the state of the limit, as at the last admission; `undefined` when admission must be asked
   */
  take(id: string): Admission | undefined {
    const lease = this.#leases.get(id);
    if (!lease || isOver(lease.ends) || lease.left < 1) return undefined;
    if (lease.left <= RENEWED_AT && !lease.isBeingRenewed) return undefined;
    lease.left--;
    return { principal: lease.principal, rate: rateOf(lease) };
  }

  /** What to ask of the admission that now becomes necessary; `undefined` for a credential not seen of late. */
  request(id: string): LeaseRequest | undefined {
    const seen = this.#seen.get(id);
    this.#seen.set(id, momentIn(COMES_AGAIN_SECONDS));
    const lease = this.#leases.get(id);
    if (!lease) {
      return seen && !isOver(seen) ? { wanted: WANTED, window: null, spent: 0, unspent: 0 } : undefined;
    }
    lease.isBeingRenewed = true;
    const unspent = isOver(lease.ends) ? lease.left : 0;
    lease.left -= unspent;
    const spent = lease.untold - lease.left - unspent;
    lease.untold = lease.left;
    return {
      wanted: WANTED,
      window: lease.window,
      spent: lease.window ? spent : 0,
      unspent: lease.window ? unspent : 0,
    };
  }

  /**
   * Keeps what admission gave.
   * @param askedAt when it was asked, as `Moment` counts: the database's time runs from later on
   * @returns the admission, with what is held counted as there
   */
  keep(id: string, askedAt: Moment, admission: Admission, terms: LeaseTerms): Admission {
    const { principal, rate } = admission;
    const held = this.#leases.get(id);
    const window = terms.window ?? null;
    // Another window's are worth nothing now.
    const kept = held && held.window === window && window !== null ? held : { left: 0, untold: 0 };
    const granted = window === null ? Infinity : terms.granted ?? 0;
    const lease: Lease = {
      window,
      left: kept.left + granted,
      untold: kept.untold + granted,
      ends: momentIn(terms.seconds, askedAt),
      principal,
      limit: rate?.limit ?? null,
      remaining: (rate?.remaining ?? 0) - granted,
      resets: momentIn(rate?.reset_seconds ?? 0, askedAt),
      isBeingRenewed: false,
    };
    this.#leases.set(id, lease);
    return { principal, rate: rateOf(lease) };
  }
}

/** The present, for {@link ReadLeases.keep}. */
export function momentIn(seconds: number, from: Moment = [performance.now(), Date.now()]): Moment {
  return [from[0] + seconds * 1000, from[1] + seconds * 1000];
}

function isOver([monotonic, wall]: Moment): boolean {
  return performance.now() >= monotonic || Date.now() >= wall;
}

function rateOf({ limit, remaining, left, resets }: Lease): RateState | null {
  if (limit === null) return null;
  const seconds = Math.max(1, Math.ceil((resets[0] - performance.now()) / 1000));
  return { limit, remaining: Math.max(0, remaining + left), reset_seconds: seconds };
}
