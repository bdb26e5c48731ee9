/** How somebody wants the panel: time zone and theme, in a cookie that says nothing else. */
import { z } from 'zod';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface View {
  /** IANA. */
  zone: string;
  theme: Theme;
}

export const VIEW_COOKIE = 'underlabel_view';
export const DEFAULT_VIEW: View = { zone: 'UTC', theme: 'system' };

export const viewInput = z.strictObject({
  zone: z.string().max(100).refine(isZone, 'is no time zone, such as UTC or Europe/Berlin'),
  theme: z.enum(THEMES),
});

/** What the cookie says, as far as it says anything. */
export function viewOf(cookie: string | undefined): View {
  const given = Object.fromEntries(new URLSearchParams(cookie ?? ''));
  const parsed = viewInput.partial().safeParse({ zone: given.zone, theme: given.theme });
  if (!parsed.success) return DEFAULT_VIEW;
  const { zone = DEFAULT_VIEW.zone, theme = DEFAULT_VIEW.theme } = parsed.data;
  return { zone, theme };
}

export function cookieOf({ zone, theme }: View): string {
  return new URLSearchParams({ zone, theme }).toString();
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
