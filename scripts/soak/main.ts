/** `npm run soak -- [--kills N] [--seed N] [--labels N] [--life MS]`: see docs/soak.md. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { soak } from './soak.ts';
import { table } from './summary.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    labels: { type: 'string', default: '24' },
    life: { type: 'string', default: '2000' },
  },
});
const settings = {
  kills: whole('kills', values.kills),
  seed: whole('seed', values.seed),
  labels: whole('labels', values.labels),
  lifeMs: whole('life', values.life),
};

// A signal ends the harness as a call to exit does, and with it the service.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

process.stderr.write(`${settings.kills} kills, seed ${settings.seed}\n`);
const beganAt = performance.now();
const { findings, summary } = await soak({ ...settings, progress });
if (summary) process.stdout.write(table(summary));
for (const finding of findings) process.stdout.write(`\n✗ ${finding}\n`);
process.stdout.write(
  findings.length === 0 ? '\nAll as it should be.\n' : '\nNot as it should be.\n',
);
process.exitCode = findings.length === 0 ? 0 : 1;

function progress(kills: number, found: number): void {
  if (kills % 10 !== 0) return;
  const seconds = Math.round((performance.now() - beganAt) / 1000);
  process.stderr.write(`${kills} kills after ${seconds} s, ${found} findings\n`);
}

function whole(name: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} is '${text}'; accepted: a whole number from 1\n`);
  process.exit(2);
}
