/**
 * The barest way to ask a hub so many times a second, in a process of its own: requests over
 * connections that stay open, whose bodies are read. It tells what share of a core that took.
 */
import { Agent } from 'undici';
import type { Mode } from './watch-hub.ts';

const [origin, perSecond, seconds, mode] = process.argv.slice(2) as [string, ...string[]];
const agent = new Agent();
const etags = new Map<string, string>();
const LABELS = 1000;
let asked = 0;
let under = 0;

process.on('disconnect', () => process.exit());
// The first answers bring the ETags, and compile the code.
await asking(10);
const began = performance.now();
const used = process.cpuUsage();
await asking(Number(seconds));
const { user, system } = process.cpuUsage(used);
process.send?.((user + system) / 1000 / (performance.now() - began));
await agent.close();
process.disconnect?.();

function asking(forSeconds: number): Promise<void> {
  const start = performance.now();
  const before = asked;
  return new Promise((resolve, reject) => {
    const tick = () => {
      const passed = performance.now() - start;
      const due = before + Math.min(passed / 1000, forSeconds) * Number(perSecond);
      while (asked < due) ask(`/manifest/${asked++ % LABELS}`).catch(reject);
      if (passed < forSeconds * 1000) setTimeout(tick, 1000 / Number(perSecond));
      else if (under > 0) setTimeout(tick, 10);
      else resolve();
    };
    tick();
  });
}

async function ask(path: string): Promise<void> {
  under++;
  const etag = etags.get(path);
  const headers = etag ? { 'if-none-match': etag } : {};
  const {
    statusCode,
    body,
    headers: told,
  } = await agent.request({ origin, path, method: 'GET', headers });
  await body.arrayBuffer();
  if (typeof told.etag === 'string') etags.set(path, told.etag);
  const expected: Mode = etag ? (Number(mode) as Mode) : 200;
  if (statusCode !== expected) throw new Error(`${statusCode} instead of ${expected}`);
  under--;
}
