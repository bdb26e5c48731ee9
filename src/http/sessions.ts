/** Who is signed in at the panel: sessions in memory, gone with the process. A key is looked at once and not kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { Role } from './access.ts';

/** A session that nobody used for so long is over; none is longer than a day. */
const IDLE_MS = 4 * 3_600_000;
const LONGEST_MS = 24 * 3_600_000;
/** Past it the one that was used least lately goes. */
const MOST_SESSIONS = 1000;

interface Session {
  role: Role;
  beganAt: number;
  usedAt: number;
}

export class Sessions {
  readonly #now: () => number;
  /** By the digest of its id, so that nothing in memory signs anybody in. */
  readonly #sessions = new Map<string, Session>();

  /** @param now ms, may be any clock that goes on */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns its id, for the cookie */
  begin(role: Role): string {
    const id = randomBytes(32).toString('base64url');
    const at = this.#now();
    if (this.#sessions.size >= MOST_SESSIONS) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    this.#sessions.set(digestOf(id), { role, beganAt: at, usedAt: at });
    return id;
  }

  /** Null where it is over, or never was. */
  roleOf(id: string): Role | null {
    const key = digestOf(id);
    const session = this.#sessions.get(key);
    if (!session) return null;
    this.#sessions.delete(key);
    const at = this.#now();
    if (at - session.usedAt > IDLE_MS || at - session.beganAt > LONGEST_MS) return null;
    // The last one used is the last to go.
    this.#sessions.set(key, { ...session, usedAt: at });
    return session.role;
  }

  end(id: string): void {
    this.#sessions.delete(digestOf(id));
  }
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
