/** Text and tables in HTML: everything is escaped here, and nowhere twice. */
import { visible } from './visible.ts';

/** More than any text of a report has. */
const LONGEST = 20_000;

/** HTML that is safe as it stands. */
export interface Html {
  html: string;
}

export function raw(html: string): Html {
  return { html };
}

/** Text that anyone may have written: escaped, one line, and apart from the direction of what is around it. */
export function text(value: string, most = LONGEST): Html {
  return raw(`<bdi>${escaped(visible(value, most))}</bdi>`);
}

export function code(value: string, most?: number): Html {
  return raw(`<code>${text(value, most).html}</code>`);
}

/** Our own words: escaped all the same. */
export function words(value: string | number): Html {
  return raw(escaped(visible(String(value), LONGEST)));
}

export function join(parts: readonly Html[], between = ''): Html {
  return raw(parts.map(({ html }) => html).join(between));
}

/** @param inside strings are our own words */
export function element(
  tag: string,
  inside: string | Html | readonly Html[],
  attributes: Readonly<Record<string, string>> = {},
): Html {
  const told = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const html =
    typeof inside === 'string' ? words(inside) : 'html' in inside ? inside : join(inside);
  return raw(`<${tag}${told.join('')}>${html.html}</${tag}>`);
}

export interface Heading {
  name: string;
  isNumber?: boolean;
}

export function table(
  caption: string,
  headings: readonly (string | Heading)[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  const heads = headings.map((each) => (typeof each === 'string' ? { name: each } : each));
  const kind = (i: number) => (heads[i]?.isNumber ? { class: 'n' } : {});
  const head = heads.map(({ name }, i) => element('th', name, { scope: 'col', ...kind(i) }));
  const body = rows.map((row) =>
    element(
      'tr',
      row.map((cell, i) => element('td', cell, kind(i))),
    ),
  );
  const inside = [
    element('caption', caption),
    element('thead', element('tr', head)),
    element('tbody', body),
  ];
  return element('div', element('table', inside), { class: 'scroll' });
}

function escaped(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
