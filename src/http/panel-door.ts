/** Who comes in at the panel: keys and sessions, as the panel asks for them. */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { type Door, SESSION_COOKIE } from '../panel/panel.tsx';
import { isLoopbackHost, type Key, keyRoles, type Role, refuseForeign } from './access.ts';
import { Sessions } from './sessions.ts';
import { senderAt, WrongKeys } from './wrong-keys.ts';

/** Of several roles of one secret the one that may do most. */
const BY_MIGHT: readonly Role[] = ['admin', 'review', 'ingest', 'read'];

export interface PanelDoor extends Door {
  /** The role that the cookie of a request is signed in with. */
  sessionOf(c: Context): Role | null;
}

/** @param elapsed ms on a clock that never goes back */
export function createDoor(keys: readonly Key[], elapsed: () => number): PanelDoor {
  const sessions = new Sessions(elapsed);
  const rolesOf = keyRoles(keys);
  const wrong = new WrongKeys();
  const signIn = (c: Context, secret: string) => {
    const at = elapsed();
    // Of the connection: what headers say of it, anyone can write. All behind one proxy are one sender.
    const sender = senderAt(getConnInfo(c).remote.address);
    if (wrong.areTooMany(sender, at)) return 'too-often' as const;
    const roles = secret === '' ? [] : rolesOf(secret);
    const role = BY_MIGHT.find((one) => roles.includes(one));
    if (role) return { role, session: sessions.begin(role) };
    wrong.add(sender, at);
    return 'wrong' as const;
  };
  return {
    signIn: keys.length === 0 ? null : signIn,
    signOut: (session) => sessions.end(session),
    roleOf: (session) => sessions.roleOf(session),
    refuseForeign,
    isLoopback: (c) => isLoopbackHost(new URL(c.req.url).hostname),
    sessionOf(c) {
      const session = getCookie(c, SESSION_COOKIE);
      return session === undefined ? null : sessions.roleOf(session);
    },
  };
}
