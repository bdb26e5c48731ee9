/** A saved report in the form that was asked for. */
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { Report } from '../contract/diff.ts';
import type { ReportFormat } from '../contract/saved-diff.ts';
import { HTML_STYLE, html, junit, markdown } from '../diff/rendering/index.ts';
import { answerUnder } from './content-policy.ts';

/** What strangers' models said stands in it: no script, nothing from elsewhere, and the one style that is ours. */
const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(HTML_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const RENDERED: Record<
  Exclude<ReportFormat, 'json'>,
  { type: string; of(report: Report): string }
> = {
  markdown: { type: 'text/markdown; charset=utf-8', of: markdown },
  html: { type: 'text/html; charset=utf-8', of: html },
  junit: { type: 'application/xml; charset=utf-8', of: junit },
};

/** @param bytes JSON as it was answered when the diff was made */
export function renderedReport(c: Context, bytes: Uint8Array, format: ReportFormat): Response {
  if (format === 'json') {
    return c.body(new Uint8Array(bytes), 200, { 'content-type': 'application/json' });
  }
  if (format === 'html') answerUnder(c, PAGE_POLICY);
  const { type, of } = RENDERED[format];
  const report = JSON.parse(new TextDecoder().decode(bytes)) as Report;
  return c.body(of(report), 200, { 'content-type': type });
}
