/** What a run did and found, as a table that can stand in a document. */
import { type Lives, median } from './lives.ts';
import type { Found } from './reckoning/index.ts';
import type { World } from './world.ts';

export interface Summary {
  seed: number;
  seconds: number;
  births: number;
  lives: Lives;
  world: World;
  found: Found;
}

export function table({ seed, seconds, births, lives, world, found }: Summary): string {
  const { ingest, reading, stream, parts } = world;
  const { receiver, labels, hub } = parts;
  const { stored, byTag } = found.traces;
  const tags = Object.entries(byTag).map(([tag, count]) => `${n(count)} ${tag}`);
  const rows: [what: string, figure: string][] = [
    ['seed', String(seed)],
    [
      'kills',
      `${n(births + lives.kills)}, ${n(births)} of them while the data folder was made, ${n(lives.unready)} before the service was ready`,
    ],
    [
      'starts',
      `${n(lives.starts + 2 * births)}, a ready service after ${n(Math.round(median(lives.startsMs)))} ms in the median`,
    ],
    ['duration', `${Math.round(seconds)} s`],
    ['labels', n(labels.length)],
    ['reads asked of the hub', n(hub.reads)],
    [
      'readings recorded',
      `${n(found.readings)}, ${n(found.failed)} of them failed; ${n(reading.acknowledged.length)} acknowledged to read-now`,
    ],
    ['changes scripted / found', `${n(found.scripted)} / ${n(found.changes)}`],
    ['widest window of a change', `${n(found.widestWindowMs)} ms`],
    ['times the hub failed a label', n(found.faults)],
    ['traces acknowledged / stored', `${n(ingest.traces)} / ${n(stored)}`],
    [
      'traces sent again',
      `${n(ingest.resent)}, ${n(ingest.storedUnacknowledged)} of them were on disk unacknowledged`,
    ],
    ['tags', `${tags.join(', ')}; ${n(reading.looks)} looked at while the service ran`],
    ['events received / deliveries', `${n(receiver.received.size)} / ${n(found.deliveries)}`],
    [
      'attempts',
      `${n(receiver.attempts)}, ${n(receiver.repeats)} repeats dropped, ${n(receiver.refused)} refused; ${n(found.retried)} deliveries needed a retry`,
    ],
    ['events streamed', `${n(stream.events.length)} over ${n(stream.connections)} connections`],
    ['live writer asked for its pragmas', `${n(lives.writersAsked)} times`],
    ['database copied and checked', `${n(lives.databasesChecked)} times`],
  ];
  return [
    '| what | figure |',
    '| --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n');
}

function n(count: number): string {
  return count.toLocaleString('en');
}
