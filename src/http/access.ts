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

/** Throws where the request may not do what needs `role`. */
export type Gate = (c: Context, role: Role) => void;

/** @param sessionOf the role somebody is signed in with at the panel; it counts for reading alone */
export function createGate(
  keys: readonly Key[],
  sessionOf: (c: Context) => Role | null = () => null,
): Gate {
  if (keys.length === 0) return (c) => refuseForeign(c);
  const rolesOf = keyRoles(keys);
  return (c, role) => {
    const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (given === undefined && isRead(c.req.method)) {
      // A browser sends its cookie by itself, also for a foreign page: that can't read the answer.
      const signedIn = sessionOf(c);
      if (signedIn !== null && INCLUDES[signedIn].includes(role)) return;
    }
    const found = rolesOf(given ?? '');
    if (given === undefined || found.length === 0) {
      const detail = `send a key with the role '${role}' as "Authorization: Bearer …"`;
      throw new ProblemError('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer' } });
    }
    if (found.some((one) => INCLUDES[one].includes(role))) return;
    const detail = `this needs a key with the role '${role}'; the one sent has '${found[0]!}'`;
    throw new ProblemError('forbidden', detail);
  };
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

/** A name that a foreign site pointed at this machine is seen by its Host, a foreign page by its Origin. */
export function refuseForeign(c: Context): void {
  const host = c.req.header('host') ?? '';
  if (!isLoopbackHost(hostnameOf(host))) {
    const detail = `without keys the service answers to this machine only, and '${host}' is no name of it; set UNDERLABEL_KEYS to open it`;
    throw new ProblemError('foreign-host', detail);
  }
  const origin = c.req.header('origin');
  if (origin === undefined) return;
  if (!URL.canParse(origin) || new URL(origin).host !== host.toLowerCase()) {
    const detail = `a page of '${origin}' may not send requests here; set UNDERLABEL_KEYS and send one`;
    throw new ProblemError('foreign-host', detail);
  }
}

function hostnameOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
}

/** A name or address that can only be this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
