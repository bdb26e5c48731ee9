/**
 * Who may do what. With keys: a bearer key with a role. Without: this machine only, and nothing
 * that a page of another site could make a browser here send.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Context } from 'hono';
import { ProblemError } from './problem.ts';

export type Role = 'read' | 'ingest' | 'review' | 'admin';

export interface Key {
  role: Role;
  secret: string;
}

const INCLUDES: Record<Role, readonly Role[]> = {
  read: ['read'],
  ingest: ['ingest', 'read'],
  review: ['review', 'read'],
  admin: ['admin', 'ingest', 'review', 'read'],
};

/** What let a request in: a key that it sent, a session that its browser sent by itself, or that there are no keys. */
export type Entry = 'key' | 'session' | 'no-keys';

/** Throws where the request may not do what needs `role`. */
export type Gate = (c: Context, role: Role) => Entry;

/** @param sessionOf the role somebody is signed in with at the panel; it counts for reading alone */
export function createGate(
  keys: readonly Key[],
  sessionOf: (c: Context) => Role | null = () => null,
): Gate {
  if (keys.length === 0) {
    return (c) => {
      refuseForeign(c);
      return 'no-keys';
    };
  }
  const rolesOf = keyRoles(keys);
  return (c, role) => {
    const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (given === undefined && isRead(c.req.method)) {
      // A browser sends its cookie by itself, also for a foreign page: that can't read the answer.
      const signedIn = sessionOf(c);
      if (signedIn !== null && INCLUDES[signedIn].includes(role)) return 'session';
    }
    const found = rolesOf(given ?? '');
    if (given === undefined || found.length === 0) {
      const detail = `send a key with the role '${role}' as "Authorization: Bearer …"`;
      throw new ProblemError('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer' } });
    }
    if (found.some((one) => INCLUDES[one].includes(role))) return 'key';
    const detail = `this needs a key with the role '${role}'; the one sent has '${found[0]!}'`;
    throw new ProblemError('forbidden', detail);
  };
}

/** Whether it would be let in as admin, who sees what others don't. */
export function mayDoAll(gate: Gate, c: Context): boolean {
  try {
    gate(c, 'admin');
    return true;
  } catch {
    return false;
  }
}

/** The roles of the keys with this secret. */
export function keyRoles(keys: readonly Key[]): (secret: string) => Role[] {
  const digests = keys.map(({ role, secret }) => ({ role, digest: digestOf(secret) }));
  return (secret) => {
    const digest = digestOf(secret);
    // All are compared, whichever fits, so that time tells nothing.
    return digests.filter((key) => timingSafeEqual(key.digest, digest)).map(({ role }) => role);
  };
}

export function includes(role: Role, needed: Role): boolean {
  return INCLUDES[role].includes(needed);
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/**
 * A name that a foreign site pointed at this machine is seen by its Host, a foreign page by its Origin; and
 * by what browsers say of each request, since one for a picture or a script comes without an Origin.
 */
export function refuseForeign(c: Context): void {
  const host = c.req.header('host') ?? '';
  if (!isLoopbackHost(hostnameOf(host))) {
    const detail = `without keys the service answers to this machine only, and '${host}' is no name of it; set UNDERLABEL_KEYS to open it`;
    throw new ProblemError('foreign-host', detail);
  }
  const origin = c.req.header('origin');
  if (isMadeByForeignPage(c)) {
    const detail =
      'a page of another site made the browser ask this, so nothing was done; set UNDERLABEL_KEYS and send one, or open the address itself';
    throw new ProblemError('foreign-host', detail);
  }
  if (origin === undefined) return;
  if (!URL.canParse(origin) || new URL(origin).host !== host.toLowerCase()) {
    const detail = `a page of '${origin}' may not send requests here; set UNDERLABEL_KEYS and send one`;
    throw new ProblemError('foreign-host', detail);
  }
}

/** Other tools say nothing of it. */
function isMadeByForeignPage(c: Context): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== 'cross-site' && site !== 'same-site') return false;
  // A link that somebody follows: they see where they are then, and the other page can't.
  const isFollowed =
    isRead(c.req.method) &&
    c.req.header('sec-fetch-mode') === 'navigate' &&
    c.req.header('sec-fetch-dest') === 'document';
  return !isFollowed;
}

function hostnameOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
}

/** A name or address that can only be this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
