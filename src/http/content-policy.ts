/** The Content-Security-Policy of an answer that needs another one than the rest. */
import type { Context, MiddlewareHandler } from 'hono';

const policies = new WeakMap<Request, string>();

export function answerUnder(c: Context, policy: string): void {
  policies.set(c.req.raw, policy);
}

/** To be set up before what gives all answers the same one. */
export const ownPolicies: MiddlewareHandler = async (c, next) => {
  await next();
  const policy = policies.get(c.req.raw);
  if (policy !== undefined) c.res.headers.set('content-security-policy', policy);
};
