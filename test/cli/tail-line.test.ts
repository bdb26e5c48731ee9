import { describe, expect, it } from 'vitest';
import { type Tailed, tailLine } from '../../src/cli/tail-line.ts';
import { widthOf } from '../../src/cli/width.ts';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const ID = `${'0af7651916cd43dd'.repeat(2)}-b7ad6b7169203331`;

const known: Tailed['attribution'] = {
  certainty: 'bracketed',
  artifactId: A,
  candidates: [A],
  conflict: false,
  declaredBlobId: null,
};
const tailed = (told: Partial<Tailed> = {}, attribution: object = {}): Tailed => ({
  id: ID,
  label: 'og/eth-volatility',
  origin: null,
  startedAt: '2026-11-17T10:02:11.250Z',
  decision: 'HOLD',
  ...told,
  attribution: { ...known, ...attribution },
});

describe('a line of the tail', () => {
  it('says when, whose, how certain, which artifact, and what was decided', () => {
    expect(tailLine(tailed())).toBe(
      '10:02:11  og/eth-volatility   bracketed    aaaaaaaaaaaa      HOLD      0af7…3331',
    );
  });

  it('has the whole id where it goes to no terminal', () => {
    expect(tailLine(tailed(), null)).toBe(
      `10:02:11  og/eth-volatility   bracketed    aaaaaaaaaaaa      HOLD      ${ID}`,
    );
  });

  it.each([
    [
      { certainty: 'ambiguous', artifactId: null, candidates: [A, B] },
      'ambiguous',
      'aaaaaa or bbbbbb',
    ],
    [
      { certainty: 'ambiguous', artifactId: null, candidates: [null, B] },
      'ambiguous',
      'absent or bbbbbb',
    ],
    [
      { certainty: 'ambiguous', artifactId: null, candidates: [A, B, null] },
      'ambiguous',
      'one of 3',
    ],
    [{ certainty: 'provisional', artifactId: null, candidates: [null] }, 'provisional', 'absent'],
    [{ certainty: 'unobserved', artifactId: null, candidates: [] }, 'unobserved', 'not known'],
    [
      { certainty: 'declared', artifactId: null, candidates: [A], conflict: true },
      'declared',
      'conflict',
    ],
    [{ certainty: 'declared', artifactId: B, conflict: true }, 'declared', 'conflict: bbbbbb'],
    [{ certainty: 'declared', artifactId: null, declaredBlobId: 'x' }, 'declared', 'not known'],
  ])('says in words that it is %j', (attribution, certainty, artifact) => {
    const columns = tailLine(tailed({}, attribution)).split(/ {2,}/);
    expect(columns.slice(2, 4)).toEqual([certainty, artifact]);
  });

  it('says that no label has it, and which model it names', () => {
    const origin = { service: null, provider: null, requestModel: 'gpt-4o', responseModel: 'x' };
    const model = (told: object) =>
      tailLine(tailed({ label: null, origin: { ...origin, ...told } })).split(/ {2,}/)[1];
    expect(model({})).toBe('unmapped: gpt-4o');
    expect(model({ requestModel: null })).toBe('unmapped: x');
    expect(model({ requestModel: null, responseModel: null })).toBe('unmapped: no model');
  });

  it('is 80 columns wide or as wide as the terminal, and aligned, whatever is in it', () => {
    const hostile = '\x1b[31m\u202eog\n模型模型模型模型模型模型模型';
    const lines = (width: number | undefined) =>
      [
        tailed(),
        tailed({ label: null, decision: hostile, id: hostile.repeat(9) }),
        tailed({ label: 'x'.repeat(200), decision: 'y'.repeat(200), id: 'z'.repeat(200) }),
      ].map((one) => tailLine(one, width));
    for (const width of [undefined, 40, 80, 119, 160, 400]) {
      const most = Math.max(width ?? 80, 80);
      for (const line of lines(width)) {
        expect(widthOf(line)).toBeLessThanOrEqual(most);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        expect(line.startsWith('10:02:11  ')).toBe(true);
      }
    }
    expect(lines(121)[0]).toContain(ID);
    expect(lines(160)[2]).toContain(`${'x'.repeat(39)}…`);
  });
});
