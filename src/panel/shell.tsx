/** Around every page: where one is, where one can go, and how it is shown. */
import { raw } from 'hono/html';
import type { PropsWithChildren } from 'hono/jsx';
import type { Assets } from './assets.ts';
import type { PageContext } from './page.ts';
import { THEMES } from './view.ts';

export const ROOMS = [
  ['labels', 'Labels', '/'],
  ['traces', 'Traces', '/traces'],
  ['diffs', 'Diffs', '/diffs'],
  ['changes', 'Changes', '/changes'],
  ['alerts', 'Alerts', '/alerts'],
  ['unmapped', 'Unmapped', '/unmapped'],
] as const;

export type Room = (typeof ROOMS)[number][0];

interface Props {
  page: PageContext;
  assets: Assets;
  title: string;
  room?: Room | undefined;
}

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'Asia/Tokyo',
  'Asia/Singapore',
];

/** Without it browsers lay pages out as those of the last century. */
const DOCTYPE = raw('<!doctype html>');

export function Shell({ page, assets, title, room, children }: PropsWithChildren<Props>) {
  return (
    <>
      {DOCTYPE}
      <html lang="en" data-theme={page.theme} data-zone={page.zone} data-now={page.now}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${title} · Underlabel`}</title>
          <link rel="stylesheet" href={assets.style} />
          <link rel="icon" href={assets.icon} type="image/svg+xml" />
          <script type="module" src={assets.script}></script>
        </head>
        <body>
          <a class="skip" href="#main">
            To the content
          </a>
          <header class="bar">
            <a class="name" href="/">
              Underlabel
            </a>
            <nav aria-label="Rooms">
              {ROOMS.map(([name, words, path]) => (
                <a href={path} aria-current={name === room ? 'page' : undefined}>
                  {words}
                </a>
              ))}
            </nav>
            {page.role !== null && (
              <form method="post" action="/sign-out" class="row">
                <span class="soft small">signed in, role {page.role}</span>
                <button type="submit">Sign out</button>
              </form>
            )}
          </header>
          <main id="main" tabindex={-1}>
            {children}
          </main>
          <Foot page={page} />
        </body>
      </html>
    </>
  );
}

function Foot({ page }: { page: PageContext }) {
  return (
    <footer>
      <form method="post" action="/view">
        <input type="hidden" name="back" value={page.here} />
        <label>
          <span>Time zone</span>
          <input name="zone" list="zones" value={page.zone} size={18} autocomplete="off" />
        </label>
        <datalist id="zones">
          {ZONES.map((zone) => (
            <option value={zone}></option>
          ))}
        </datalist>
        <label>
          <span>Colours</span>
          <select name="theme">
            {THEMES.map((theme) => (
              <option value={theme} selected={theme === page.theme}>
                {theme}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Apply</button>
        <a href="/docs">API</a>
      </form>
    </footer>
  );
}
