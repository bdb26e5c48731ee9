/**
 * A diff of two artifacts that answered the same inputs, through the desk, with three named fields
 * beside the decision. The floor reads the same rows and parses the same outputs, one after the other,
 * and does nothing with them. Each in a process of its own, so that peak memory is its own.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DiffSideResult } from './diff-side.ts';
import { inFolder } from './folder.ts';
import type { Figure } from './main.ts';

/** Traces of each side. */
const SIZES = [10_000, 100_000];
const LARGE = 1_000_000;

interface Measured {
  inputs: number;
  diff: DiffSideResult;
  bare: DiffSideResult;
}

/** @param large with 1,000,000 traces a side as well: some minutes, and 3 GB of disk */
export function diff({ large = false } = {}): Promise<Figure[]> {
  return inFolder(async (parent) => {
    const measured: Measured[] = [];
    for (const inputs of large ? [...SIZES, LARGE] : SIZES) {
      const folder = join(parent, String(inputs));
      mkdirSync(folder);
      await run('fill', folder, inputs);
      const bare = await run('bare', folder, inputs);
      measured.push({ inputs, diff: await run('diff', folder, inputs), bare });
    }
    return measured.flatMap((one, i) => figures(one, measured[i - 1]));
  });
}

function figures({ inputs, diff: ours, bare }: Measured, smaller?: Measured): Figure[] {
  const name = `diff.${inputs}`;
  const each = (ours.seconds * 1e6) / (2 * inputs);
  const ofEach = `${inputs} against ${inputs} traces of 2 KB and ${each.toFixed(1)} µs each: ${ours.said}`;
  const all = [
    figure(`${name}.seconds`, 's', ours.seconds, bare.seconds, ofEach),
    figure(
      `${name}.memory`,
      'MB',
      ours.peakBytes / 1e6,
      bare.peakBytes / 1e6,
      'peak of the process; the floor is that of reading alone',
    ),
  ];
  if (!smaller) return all;
  const grown = ours.seconds / smaller.diff.seconds;
  const note = `times as long as with ${smaller.inputs}; the floor is how many times as many traces`;
  return [...all, figure(`${name}.growth`, 'times', grown, inputs / smaller.inputs, note)];
}

const figure = (name: string, unit: string, value: number, floor: number, note: string): Figure => {
  return { name, value, unit, floor, ratio: value / floor, note };
};

async function run(side: string, folder: string, inputs: number): Promise<DiffSideResult> {
  const script = join(import.meta.dirname, 'diff-side.ts');
  const child = fork(script, [side, folder, String(inputs)], { execArgv: ['--expose-gc'] });
  const ended = once(child, 'exit');
  const told = await Promise.race([once(child, 'message'), ended]);
  const result = told[0] as DiffSideResult | number | null;
  if (typeof result !== 'object' || result === null) {
    throw new Error(`the process for '${side}' ended with ${result} before it told anything`);
  }
  await ended;
  return result;
}
