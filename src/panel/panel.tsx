/**
 * The panel: pages for people, beside the API for programs. Signing in takes a key and gives a cookie;
 * what changes anything is a form that only the panel's own pages can send.
 */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { type Assets, loadAssets } from './assets.ts';
import { type PageContext, type PanelRole, withQuery } from './page.ts';
import { ProblemPage } from './pages/problem.tsx';
import { SignInPage, type Why } from './pages/sign-in.tsx';
import { cookieOf, DEFAULT_VIEW, VIEW_COOKIE, viewInput, viewOf } from './view.ts';

/** Who may see what: made where keys and sessions are known. */
export interface Door {
  /** Null: the service has no keys. `too-often`: this sender had too many wrong ones, and none of its is looked at. */
  signIn:
    | ((c: Context, secret: string) => { role: PanelRole; session: string } | 'wrong' | 'too-often')
    | null;
  signOut: (session: string) => void;
  /** Of a session; null: there is none. */
  roleOf: (session: string) => PanelRole | null;
  /** @throws where the request comes from elsewhere, and there are no keys */
  refuseForeign: (c: Context) => void;
  isLoopback: (c: Context) => boolean;
}

export interface Problem {
  status: number;
  title: string;
  detail: string;
  link?: WayOn | null;
}

/** Where to go on from a problem. */
export interface WayOn {
  path: string;
  words: string;
}

export interface PanelMeans {
  door: Door;
  now: () => number;
  /** What an error is to the outside; one that nobody foresaw is told to the log. */
  asProblem: (error: unknown, request: string) => Problem;
}

export const SESSION_COOKIE = 'underlabel_session';

const POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};
const MOST_FORM_BYTES = 256 * 1024;
/** What a link to the page of signing in may say of why one is there. */
const WHY = ['form-undone', 'not-kept'] as const satisfies Why[];

/** A page's handler: what it needs is looked up, and the page made of it. */
export type PageHandler = (c: Context, page: PageContext) => Response | Promise<Response>;

export interface Panel {
  app: Hono;
  assets: Assets;
  /** A page that whoever may read sees. */
  page(path: string, handler: PageHandler): void;
  /** A form; where `role` is not met, the page says so. */
  form(path: string, role: PanelRole, handler: PageHandler): void;
}

export function createPanel({ door, now, asProblem }: PanelMeans): Panel {
  const app = new Hono();
  const assets = loadAssets();
  app.use(
    secureHeaders({
      contentSecurityPolicy: POLICY,
      strictTransportSecurity: false,
      referrerPolicy: 'same-origin',
    }),
  );
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
  });
  app.use(csrf());
  app.use(bodyLimit({ maxSize: MOST_FORM_BYTES }));

  const contextOf = (c: Context, role: PanelRole | null): PageContext => {
    const view = viewOf(getCookie(c, VIEW_COOKIE));
    return { ...view, now: now(), here: hereOf(c), role };
  };
  /** Null where somebody has to sign in first. */
  const visitor = (c: Context): PageContext | null => {
    if (door.signIn === null) {
      door.refuseForeign(c);
      return contextOf(c, null);
    }
    const session = getCookie(c, SESSION_COOKIE);
    const role = session === undefined ? null : door.roleOf(session);
    return role === null ? null : contextOf(c, role);
  };
  const problem = (c: Context, error: unknown) => {
    const found = refusalOf(error) ?? asProblem(error, `${c.req.method} ${c.req.path}`);
    const page = <ProblemPage page={contextOf(c, null)} assets={assets} problem={found} />;
    return c.html(page, found.status as 500);
  };
  const guarded = (role: PanelRole, handler: PageHandler) => async (c: Context) => {
    try {
      const page = visitor(c);
      if (page === null) return c.redirect(askedIn(c), 303);
      if (page.role !== null && !allowed(page.role, role)) {
        return problem(c, forbidden(role, page.role));
      }
      return await handler(c, page);
    } catch (error) {
      return problem(c, error);
    }
  };

  for (const [path, { type, body }] of assets.all) {
    app.get(path, (c) =>
      c.body(body, 200, {
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
      }),
    );
  }
  app.get('/sign-in', (c) => {
    if (door.signIn === null) return c.redirect('/', 303);
    const back = backTo(c.req.query('back'));
    const why = WHY.find((one) => one === c.req.query('why'));
    // Where the browser keeps the session after all, nothing stands in the way.
    if (why === 'not-kept' && visitor(c) !== null) return c.redirect(back, 303);
    return c.html(<SignInPage page={contextOf(c, null)} assets={assets} back={back} why={why} />);
  });
  app.post('/sign-in', async (c) => {
    if (door.signIn === null) return c.redirect('/', 303);
    const form = await c.req.parseBody();
    const back = backTo(text(form.back));
    const found = door.signIn(c, text(form.key) ?? '');
    if (typeof found === 'string') {
      const props = { page: contextOf(c, null), assets, back, why: found };
      return c.html(<SignInPage {...props} />, found === 'wrong' ? 401 : 429);
    }
    // Browsers keep no such cookie from plain http, but this machine's own.
    const secure = !door.isLoopback(c);
    setCookie(c, SESSION_COOKIE, found.session, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      secure,
    });
    // Whether this one does is seen at its next request, which tells somebody why it didn't.
    const isInDoubt = secure && isFromPlainHttp(c);
    return c.redirect(isInDoubt ? signInPath(back, 'not-kept') : back, 303);
  });
  app.post('/sign-out', (c) => {
    const session = getCookie(c, SESSION_COOKIE);
    if (session !== undefined) door.signOut(session);
    deleteCookie(c, SESSION_COOKIE, { path: '/' });
    return c.redirect('/sign-in', 303);
  });
  app.post('/view', async (c) => {
    const form = await c.req.parseBody();
    const parsed = viewInput.safeParse({ zone: text(form.zone), theme: text(form.theme) });
    const back = backTo(text(form.back));
    if (!parsed.success) {
      const said = parsed.error.issues[0]!;
      return problem(c, badRequest(`${said.path.join('.')}: ${said.message}`));
    }
    const value = cookieOf({ ...DEFAULT_VIEW, ...parsed.data });
    const maxAge = 365 * 86_400;
    setCookie(c, VIEW_COOKIE, value, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge });
    return c.redirect(back, 303);
  });

  app.notFound((c) => problem(c, new PageError(404, 'There is no such page', c.req.path)));
  app.onError((error, c) => problem(c, error));

  return {
    app,
    assets,
    page(path, handler) {
      app.get(path, guarded('read', handler));
    },
    form(path, role, handler) {
      app.post(path, guarded(role, handler));
    },
  };
}

/** A text field of a form. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Thrown at pages: told as it is. */
export class PageError extends Error {
  override name = 'PageError';
  readonly status: number;
  readonly title: string;
  readonly link: WayOn | null;

  constructor(status: number, title: string, detail: string, link: WayOn | null = null) {
    super(detail);
    this.status = status;
    this.title = title;
    this.link = link;
  }
}

export function badRequest(detail: string): PageError {
  return new PageError(400, 'That could not be read', detail);
}

/** What was refused before any page saw it; null where it is something else. */
function refusalOf(error: unknown): Problem | null {
  if (!(error instanceof HTTPException)) return null;
  const { status } = error;
  if (status === 413) {
    const detail = `A form may have ${MOST_FORM_BYTES / 1024} KiB. Nothing was changed.`;
    return { status, title: 'That is too much for a form', detail };
  }
  const detail =
    'This form was not sent from a page of this panel, so nothing was done. Open the page here and send it again.';
  return { status, title: 'The form comes from elsewhere', detail };
}

function forbidden(needed: PanelRole, role: PanelRole): PageError {
  const detail = `This needs a key with the role ${needed}; you are signed in with ${role}.`;
  return new PageError(403, 'Your key may not do this', detail);
}

function allowed(role: PanelRole, needed: PanelRole): boolean {
  return role === 'admin' || role === needed || needed === 'read';
}

/** Where somebody goes who has no session; a form that came without one was not looked at. */
function askedIn(c: Context): string {
  const isForm = c.req.method === 'POST';
  return signInPath(hereOf(c), isForm ? 'form-undone' : null);
}

function signInPath(back: string, why: (typeof WHY)[number] | null): string {
  return withQuery('/sign-in', { back: back === '/' ? null : back, why });
}

/** Behind a proxy that speaks TLS it is plain http here as well: only the browser knows how it asked. */
function isFromPlainHttp(c: Context): boolean {
  return c.req.header('origin')?.startsWith('http:') ?? false;
}

/** A page to come back to: for what a form is answered with, the page that the form is on. */
function hereOf(c: Context): string {
  const { pathname, search, host } = new URL(c.req.url);
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return `${pathname}${search}`;
  const referer = c.req.header('referer') ?? '';
  const from = URL.canParse(referer) ? new URL(referer) : null;
  // Not its scheme: behind a proxy that speaks TLS it is another one here.
  return from?.host === host ? backTo(`${from.pathname}${from.search}`) : '/';
}

/** A path of this panel, and nothing that leads elsewhere or can't stand in a header. */
function backTo(given: string | undefined): string {
  if (given === undefined || !/^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(given)) return '/';
  return given;
}
