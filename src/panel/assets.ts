/**
 * The stylesheet, the icon and the little code there is, under names that say what is in them, so that
 * browsers may keep them for good. Nothing comes from anywhere else.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import { BASE } from './style/base.ts';
import { CHARTS } from './style/charts.ts';
import { DIFF } from './style/diff.ts';
import { PARTS } from './style/parts.ts';
import { TIMELINE } from './style/timeline.ts';
import { TRACES } from './style/traces.ts';

export interface Asset {
  type: string;
  body: string;
}

export interface Assets {
  style: string;
  script: string;
  icon: string;
  /** By path. */
  all: ReadonlyMap<string, Asset>;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M4 6h24v7H4z" fill="#8ab8f5"/><path d="M4 16h15v10H4z" fill="#3566b8"/><path d="M19 16h9v10h-9z" fill="#b1542c"/></svg>`;

export function loadAssets(): Assets {
  const modules = browserModules();
  const styleText = `${BASE}${PARTS}${CHARTS}${TIMELINE}${TRACES}${DIFF}`;
  const bodies = [styleText, ICON, ...modules.map(({ body }) => body)].join('\0');
  const version = createHash('sha256').update(bodies).digest('hex').slice(0, 12);
  const root = `/panel/${version}`;
  const all = new Map<string, Asset>([
    [`${root}/style.css`, { type: 'text/css; charset=utf-8', body: styleText }],
    [`${root}/icon.svg`, { type: 'image/svg+xml', body: ICON }],
  ]);
  for (const { name, body } of modules) {
    all.set(`${root}/${name}`, { type: 'text/javascript; charset=utf-8', body });
  }
  const main = modules.find(({ name }) => name.startsWith('main.'));
  if (!main) throw new Error('the panel has no main module; build it anew: npm run build');
  return {
    style: `${root}/style.css`,
    icon: `${root}/icon.svg`,
    script: `${root}/${main.name}`,
    all,
  };
}

/** As built, or straight from the source, whose types are taken off. */
function browserModules(): { name: string; body: string }[] {
  const folder = join(import.meta.dirname, 'browser');
  const ending = extname(import.meta.filename);
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending) && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return { name, body: ending === '.ts' ? stripTypeScriptTypes(text) : withoutMap(text) };
    });
}

function withoutMap(text: string): string {
  return text.replace(/^\/\/# sourceMappingURL=.*$/m, '');
}
