import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText } from '../../src/panel/cut-text.ts';
import { type JsonNode, jsonOutline } from '../../src/panel/json-outline.ts';

const ROOMY = { bytes: 1e6, textBytes: 1e6, depth: 100 };
const TIGHT = { bytes: 2000, textBytes: 500, depth: 5 };

/** As JSON again, where nothing was left out. */
function jsonOf(node: JsonNode): string {
  if (!('members' in node)) return node.kind === 'text' ? JSON.stringify(node.shown) : node.shown;
  const inner = node.members.map(
    ({ name, node: member }) =>
      `${name === null ? '' : `${JSON.stringify(name)}:`}${jsonOf(member)}`,
  );
  return node.kind === 'object' ? `{${inner.join()}}` : `[${inner.join()}]`;
}

function sizeOf(node: JsonNode): number {
  if (!('members' in node)) return 1;
  return node.members.reduce((sum, { node: member }) => sum + sizeOf(member), 1);
}

function depthOf(node: JsonNode): number {
  if (!('members' in node)) return 0;
  return 1 + Math.max(0, ...node.members.map((member) => depthOf(member.node)));
}

describe('the outline of JSON', () => {
  it('has numbers as written, names that come twice, and members in their order', () => {
    const text = '{ "b": 12345678901234567890, "2": 1.50, "1": null, "b": [true, ""] }';
    expect(jsonOf(jsonOutline(text, ROOMY)!)).toBe(
      '{"b":12345678901234567890,"2":1.50,"1":null,"b":[true,""]}',
    );
  });

  it('says the same as the JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme-ascii' }), (value) => {
        const node = jsonOutline(JSON.stringify(value, null, 1), ROOMY)!;
        expect(JSON.parse(jsonOf(node))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('comes to an end with whatever is no JSON', () => {
    for (const text of ['', '{', '[1', '"a', '{"a"', '{"a":}', '[,]', '{1:2}', '"\\u12"']) {
      expect(jsonOutline(text, ROOMY)).toBeNull();
    }
    fc.assert(
      fc.property(fc.stringMatching(/^[[\]{}",:\\u1 ]{0,50}$/), (text) => {
        jsonOutline(text, TIGHT);
      }),
    );
  });

  it('stays shallow and small, however deep the JSON is', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const text = `${open.repeat(10_000)}1${close.repeat(10_000)}`;
      const node = jsonOutline(`[${text}, "after"]`, TIGHT)!;
      expect(depthOf(node)).toBe(5);
      expect(JSON.stringify(node).length).toBeLessThan(2000);
      expect(JSON.stringify(node)).toContain('after');
    }
  });

  it('stays small, however many members and however long its strings', () => {
    const many = jsonOutline(JSON.stringify(Array.from({ length: 100_000 }, () => 0)), TIGHT)!;
    expect(many).toMatchObject({ isWhole: false });
    expect(sizeOf(many)).toBeLessThan(30);
    const long = JSON.stringify([
      { system: 'x'.repeat(1e6), ['n'.repeat(1e6)]: 1 },
      { user: '\\"'.repeat(1e6) },
    ]);
    const node = jsonOutline(long, { ...TIGHT, bytes: 4000 })!;
    expect(JSON.stringify(node).length).toBeLessThan(6000);
    expect(JSON.stringify(node)).toContain('"user"');
  });

  it('stops reading a text that goes on for long, whatever it goes on with, and says so', () => {
    const long = 3e6;
    const cut = { members: [], isWhole: false };
    expect(jsonOutline(`[${' '.repeat(long)}1]`, TIGHT)).toMatchObject(cut);
    expect(jsonOutline(`{"a"${'\n'.repeat(long)}: 1}`, TIGHT)).toMatchObject(cut);
    expect(jsonOutline(`{"${'n'.repeat(long)}": 1}`, TIGHT)).toMatchObject(cut);
    expect(jsonOutline(' '.repeat(long), TIGHT)).toBeNull();
    for (const value of [
      '1'.repeat(long),
      `"${'a'.repeat(long)}"`,
      `"${'\\u0041'.repeat(long / 5)}"`,
    ]) {
      const node = jsonOutline(`[${value}, 2]`, ROOMY);
      expect(node).toMatchObject({ isWhole: false, members: [{ node: { isWhole: false } }] });
      expect(jsonOutline(value, ROOMY)).toMatchObject({ isWhole: false });
    }
    expect(jsonOutline(`[1]${' '.repeat(long)}`, TIGHT)).toMatchObject({ isWhole: true });
  });

  it('leaves nothing hidden in names and strings', () => {
    const text = JSON.stringify(jsonOutline('{"\\u202eDLOH": "\\u0000\\ud800"}', ROOMY));
    expect(text).toContain('⟨U+202E⟩DLOH');
    expect(text).toContain('⟨U+0000⟩⟨U+D800⟩');
  });
});

describe('a text that is cut', () => {
  it('takes no more of a page than it may, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a<&"\n\r\u202e\u{e0041}\ud800☃𝒳'), maxLength: 300 }),
        fc.integer({ min: 1, max: 500 }),
        (text, bytes) => {
          const { shown, isWhole } = cutText(text, bytes);
          const escaped = shown.replace(/[&<>"']/g, '&xxxx;');
          // The last character may go past it.
          expect(Buffer.byteLength(escaped)).toBeLessThan(bytes + 40);
          expect(shown.isWellFormed()).toBe(true);
          expect(isWhole).toBe(cutText(text, 1e9).shown === shown);
        },
      ),
      { numRuns: 50 },
    );
  });
});
