/** What every page knows of the request it answers. */
import type { View } from './view.ts';

export type PanelRole = 'read' | 'ingest' | 'review' | 'admin';

export interface PageContext extends View {
  /** ms */
  now: number;
  /** Path and query, to come back to. */
  here: string;
  /** Null: the service has no keys, and whoever sees it may do all. */
  role: PanelRole | null;
}

/** Whether somebody of this page may do what needs `role`. */
export function may({ role }: PageContext, needed: PanelRole): boolean {
  return role === null || role === 'admin' || role === needed || needed === 'read';
}

/** Below the panel's root; each part percent-encoded. */
export function pathTo(room: string, ...parts: string[]): string {
  return `/${[room, ...parts.map(encodeURIComponent)].join('/')}`;
}

/** A path with these parameters; undefined and null ones are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) params.append(name, String(value));
  }
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}
