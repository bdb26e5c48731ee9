/** What the client needs of the world: no Node, no OpenTelemetry, no process kept alive. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/client/version.ts';
import { readEvery, standIn } from './stand-in.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLIENT = join(ROOT, 'src/client');

describe('the client', () => {
  it('imports nothing but itself and the pure heart', () => {
    const imported = readdirSync(CLIENT).flatMap((file) =>
      [...readFileSync(join(CLIENT, file), 'utf8').matchAll(/from '([^']+)'/g)].map(
        ([, path]) => path!,
      ),
    );
    expect(imported.length).toBeGreaterThan(20);
    const foreign = imported.filter((path) => !/^\.\/[\w-]+\.ts$/.test(path));
    expect([...new Set(foreign)].sort()).toEqual([
      '../lineage/attribution.ts',
      '../lineage/manifest.ts',
      '../lineage/reading.ts',
      '../lineage/timeline.ts',
    ]);
    for (const path of foreign) {
      const heart = readFileSync(join(CLIENT, path), 'utf8');
      const values = [...heart.matchAll(/^import (?!type )(.*?) from '(.+?)'/gms)];
      // Of manifest.ts only types are taken; what it computes with is not loaded.
      if (path.endsWith('manifest.ts')) continue;
      expect(values.map(([, , from]) => from).filter((from) => !from!.startsWith('./'))).toEqual(
        [],
      );
    }
    const sources = readdirSync(CLIENT).map((file) => readFileSync(join(CLIENT, file), 'utf8'));
    const takingManifest = sources.filter((source) => source.includes("lineage/manifest.ts'"));
    for (const source of takingManifest) {
      expect(source).toMatch(/import type \{[^}]*\} from '\.\.\/lineage\/manifest\.ts'/);
    }
  });

  it('names the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(VERSION).toBe(version);
  });

  it('lets the process end by itself, open as it is', async () => {
    const readings = readEvery(30_000, Date.now() - 1000, () => 'A');
    const service = await standIn({ a: { readings } });
    const app = spawn(process.execPath, [
      join(import.meta.dirname, 'short-app.ts'),
      service.url,
      'a',
    ]);
    const [said, wrong, [code]] = await Promise.all([
      text(app.stdout),
      text(app.stderr),
      once(app, 'exit'),
    ]);
    expect({ code, said, wrong }).toEqual({
      code: 0,
      said: '{"certainty":"provisional","problem":null}',
      wrong: '',
    });
  });

  it('lets it end also where nobody is there to answer', async () => {
    const app = spawn(process.execPath, [
      join(import.meta.dirname, 'short-app.ts'),
      'http://127.0.0.1:1',
      'a',
    ]);
    const [said, [code]] = await Promise.all([text(app.stdout), once(app, 'exit')]);
    expect({ code, said }).toEqual({
      code: 0,
      said: '{"certainty":"unobserved","problem":"unreachable"}',
    });
  });
});
