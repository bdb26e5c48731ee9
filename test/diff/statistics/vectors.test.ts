/** Every case of vectors/statistics.json, by its own tolerance. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as statistics from '../../../src/diff/statistics/index.ts';

interface Case {
  id: string;
  kind: 'oracle' | 'trap' | 'property';
  fn: string;
  input: Record<string, unknown>;
  expected: Record<string, unknown>;
  tolerance: number;
  tolerance_kind: 'absolute' | 'relative';
}

const file = new URL('../../vectors/statistics.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };
const functions = statistics as unknown as Record<
  string,
  (input: unknown) => Record<string, unknown>
>;

describe('the shared vectors', () => {
  it('has cases of every kind', () => {
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(['oracle', 'trap', 'property']));
  });

  for (const each of cases) {
    const { id, fn, input, expected, tolerance } = each;
    it(`${id}: ${fn}`, () => {
      // The A/A cases differ by name alone, which is the trial's.
      const trial = fn === 'aaCalibration' ? { trial: id.replace(/^aa_/, '') } : {};
      const result = functions[fn]!({ ...input, ...trial });
      for (const [field, value] of Object.entries(expected)) {
        if (field.endsWith('_between')) {
          const [low, high] = value as [number, number];
          const name = field === 'p_between' ? 'p' : field.replace(/_between$/, '');
          expect(result[name], field).toBeGreaterThanOrEqual(low);
          expect(result[name], field).toBeLessThanOrEqual(high);
        } else
          expectNear(result[field], value, tolerance, each.tolerance_kind === 'relative', field);
      }
    });
  }
});

function expectNear(
  got: unknown,
  wanted: unknown,
  tolerance: number,
  relative: boolean,
  name: string,
): void {
  if (Array.isArray(wanted)) {
    expect(got, name).toHaveLength(wanted.length);
    for (const [i, one] of wanted.entries()) {
      expectNear((got as unknown[])[i], one, tolerance, relative, `${name}[${i}]`);
    }
  } else if (typeof wanted === 'number') {
    const room = tolerance * (relative ? Math.abs(wanted) : 1);
    expect(Math.abs((got as number) - wanted), `${name}: ${got} for ${wanted}`).toBeLessThanOrEqual(
      room,
    );
  } else expect(got, name).toEqual(wanted);
}
