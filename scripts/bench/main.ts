/**
 * `npm run bench -- [NAME…] [--json] [--large]`: each figure as a ratio to a floor measured in the same run,
 * since machines differ and are noisy.
 */
import { parseArgs } from 'node:util';
import { alerts } from './alerts.ts';
import { attribution } from './attribution.ts';
import { diff } from './diff.ts';
import { encode } from './encode.ts';
import { ingest } from './ingest.ts';
import { otlp } from './otlp.ts';
import { panel } from './panel.ts';
import { verify } from './verify.ts';
import { watch } from './watch.ts';

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The same work done in the barest way, in the same unit. */
  floor: number;
  /** value ÷ floor. */
  ratio: number;
  note: string;
}

const BENCHMARKS: Record<string, (options: { large: boolean }) => Promise<Figure[]>> = {
  alerts,
  attribution,
  diff,
  encode,
  ingest,
  otlp: () => otlp(),
  panel,
  verify,
  watch,
};

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    // Those sizes too that take minutes.
    large: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark '${unknown[0]}'; there are ${Object.keys(BENCHMARKS)}\n`);
  process.exit(2);
}

for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHMARKS)) {
  for (const figure of await BENCHMARKS[name]!({ large: values.large })) {
    process.stdout.write(values.json ? `${JSON.stringify(figure)}\n` : line(figure));
  }
}

function line({ name, value, unit, floor, ratio, note }: Figure): string {
  const [shown, bare, times] = [value, floor, ratio].map((n) => n.toPrecision(3));
  return `${name.padEnd(28)} ${shown} ${unit}, floor ${bare}, ratio ${times} (${note})\n`;
}
