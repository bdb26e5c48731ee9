import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite/index.ts';
import { BlockBuilder, textsIn } from '../../../src/store/sqlite/traces/text-block.ts';
import type { NewTrace } from '../../../src/store/store.ts';
import { opened, START, temporaryFolder, trace, unhurried } from '../opened.ts';

const LABEL = 'og/risk';
const ALL = { from: null, to: null };
const EVER = Number.MAX_SAFE_INTEGER;

/** With hashes as the door computes them, near enough. */
function said(id: string, input: string | null, output: string | null = null): NewTrace {
  const hashOf = (text: string | null) =>
    text === null ? null : createHash('sha256').update(text).digest();
  const hashes = { inputHash: hashOf(input), outputHash: hashOf(output) };
  return trace({ id, label: LABEL, input, output, attributes: `{"of":"${id}"}`, ...hashes });
}

const long = (word: string) => JSON.stringify(`${word} `.repeat(40));

function blocksIn(store: SqliteStore): number {
  return store.db.$client.prepare('SELECT count(*) FROM blocks').pluck().get() as number;
}

/** Units that come together are committed together: what is on its way is seen by none of them. */
function sharingCommits(): SqliteStore {
  const store = openSqliteStore(temporaryFolder(), () => START, 5);
  onTestFinished(() => store.close());
  return store;
}

/** All texts that stand in blocks. */
function textsOf(store: SqliteStore): string[] {
  const bodies = store.db.$client.prepare('SELECT body FROM blocks').pluck().all() as Buffer[];
  return bodies.flatMap((body) => textsIn(body).map(String));
}

describe('a block of texts', () => {
  it('gives back what was put in, whatever it was', async () => {
    const length = fc.oneof(fc.nat(300), fc.nat(100_000));
    const text = fc
      .tuple(length, fc.boolean())
      .map(([bytes, random]) => (random ? randomBytes(bytes) : Buffer.alloc(bytes, 'text ')));
    const property = fc.asyncProperty(fc.array(text, { maxLength: 12 }), async (texts) => {
      const [later, atOnce] = [new BlockBuilder(), new BlockBuilder()];
      const places = texts.map((bytes) => later.add(bytes));
      for (const bytes of texts) atOnce.add(bytes);
      const bodies = await later.finish();
      expect(atOnce.finishSync()).toEqual(bodies);
      const blocks = bodies.map(({ body }) => textsIn(body));
      for (const [i, { block, slot }] of places.entries()) {
        expect(blocks[block]![slot]!.equals(texts[i]!)).toBe(true);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('holds no more texts than its places can count, and a long one alone', async () => {
    const builder = new BlockBuilder();
    const many = Array.from({ length: 5000 }, () => builder.add(Buffer.from('"x"')));
    expect(many.at(4095)).toEqual({ block: 0, slot: 4095 });
    expect(many.at(4096)).toEqual({ block: 1, slot: 0 });
    expect(builder.add(Buffer.alloc(200_000))).toEqual({ block: 2, slot: 0 });
    expect(builder.add(Buffer.from('"y"'))).toEqual({ block: 3, slot: 0 });
    expect(await builder.finish()).toHaveLength(4);
  });

  it('takes a fifth of what repeats from trace to trace', async () => {
    const builder = new BlockBuilder();
    let bytes = 0;
    for (let i = 0; i < 60; i++) {
      const text = Buffer.from(
        JSON.stringify({
          service: 'checkout',
          model: 'gpt-4o',
          case: i,
          id: randomBytes(8).toString('hex'),
          words: 'a transfer of money'.repeat(20),
        }),
      );
      bytes += text.length;
      builder.add(text);
    }
    const [block] = await builder.finish();
    expect(block!.body.length).toBeLessThan(bytes / 5);
  });
});

describe('a text that was there before', () => {
  it('is stored once, in one batch and in the next, as input and as output', async () => {
    const { store } = opened();
    await store.ingest([said('a', long('one')), said('b', long('one'), long('two'))], START);
    await store.ingest([said('c', long('two'), long('one'))], START);
    const texts = textsOf(store);
    expect(texts.filter((text) => text === long('one'))).toHaveLength(1);
    expect(texts.filter((text) => text === long('two'))).toHaveLength(1);
    expect(await store.trace('c', null)).toMatchObject({
      input: long('two'),
      output: long('one'),
      attributes: '{"of":"c"}',
    });
  });

  it('is found after a restart', async () => {
    const { store, folder } = opened();
    await store.ingest([said('a', long('one'))], START);
    await store.close();
    const again = opened(folder).store;
    await again.ingest([said('b', long('one'))], START);
    expect(textsOf(again).filter((text) => text === long('one'))).toHaveLength(1);
  });

  it('in another spelling is stored as it was received', async () => {
    const { store } = opened();
    const [one, other] = [`{"a":${long('x')},"b":1}`, `{"b":1,"a":${long('x')}}`];
    const same = createHash('sha256').update('canonical').digest();
    await store.ingest(
      [
        trace({ id: 'a', label: LABEL, input: one, inputHash: same }),
        trace({ id: 'b', label: LABEL, input: other, inputHash: same }),
      ],
      START,
    );
    await store.ingest([trace({ id: 'c', label: LABEL, input: other, inputHash: same })], START);
    const inputs = await Promise.all(['a', 'b', 'c'].map((id) => store.trace(id, null)));
    expect(inputs.map((found) => found!.input)).toEqual([one, other, other]);
    expect(textsOf(store).filter((text) => text.startsWith('{'))).toHaveLength(2);
  });

  it('stays as long as a trace has it, and goes with the last', async () => {
    const { store } = opened();
    const at = (ms: number) => ({ startedAt: START + ms, endedAt: START + ms });
    await store.ingest([{ ...said('a', long('one')), ...at(0) }], START);
    await store.ingest([{ ...said('b', long('one')), ...at(10) }], START);
    const limits = (before: number) => ({ label: LABEL, before, bytes: null });
    expect(await store.dropTraces(limits(START + 5), 10)).toBe(1);
    expect((await store.trace('b', null))!.input).toBe(long('one'));
    expect(await store.dropTraces(limits(EVER), 10)).toBe(1);
    expect(blocksIn(store)).toBe(0);
    expect(store.db.$client.prepare('SELECT count(*) FROM block_uses').pluck().get()).toBe(0);
    await store.ingest([said('c', long('one'))], START);
    expect((await store.trace('c', null))!.input).toBe(long('one'));
  });

  it('is stored anew where it was dropped while a batch was on its way', async () => {
    const store = sharingCommits();
    await store.ingest([said('a', long('one'))], START);
    // Its text is found at once; the drop is before it in line.
    const dropped = store.dropTraces({ label: LABEL, before: EVER, bytes: null }, 10);
    const sent = store.ingest([said('b', long('one')), said('a', long('one'))], START);
    await dropped;
    expect((await sent).outcomes).toEqual(['accepted', 'accepted']);
    expect((await store.trace('b', null))!.input).toBe(long('one'));
    expect((await store.trace('a', null))!.input).toBe(long('one'));
  });
});

describe('the same trace', () => {
  it('sent by two at once is stored once', async () => {
    const { store } = opened();
    const sent = [said('a', long('one')), said('b', long('two'))];
    const both = await Promise.all([store.ingest(sent, START), store.ingest(sent, START)]);
    expect(both.map(({ outcomes }) => outcomes)).toEqual([
      ['accepted', 'accepted'],
      ['duplicate', 'duplicate'],
    ]);
    expect((await store.traces(ALL, { limit: 10, before: null })).items).toHaveLength(2);
  });

  it('leaves no block behind where all of a batch was there', async () => {
    const { store } = opened();
    const sent = [said('a', long('one')), said('b', long('two'))];
    await store.ingest(sent, START);
    const before = blocksIn(store);
    await store.ingest(sent, START);
    expect(blocksIn(store)).toBe(before);
  });

  it('with other attributes is refused, and with others in spelling only is the same', async () => {
    const { store } = opened();
    const sent = (attributes: string) => [trace({ id: 'a', label: LABEL, attributes })];
    await store.ingest(sent('{"a":1,"b":[2]}'), START);
    expect((await store.ingest(sent('{"b":[2.0],"a":1}'), START)).outcomes).toEqual(['duplicate']);
    expect((await store.ingest(sent('{"a":1}'), START)).outcomes).toEqual(['other-content']);
  });
});

it('what is stored is what was received, however batches share their texts and are dropped', async () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd');
  const sent = fc.record({ id: fc.nat(30), input: word, output: word });
  const command = fc.oneof(
    { weight: 4, arbitrary: fc.array(sent, { minLength: 1, maxLength: 6 }) },
    { weight: 1, arbitrary: fc.nat(4) },
    { weight: 1, arbitrary: fc.constant('reopen' as const) },
  );
  const property = fc.asyncProperty(fc.array(command, { maxLength: 14 }), async (commands) => {
    const folder = temporaryFolder();
    let store = unhurried(opened(folder).store);
    const kept = new Map<string, { input: string; output: string }>();
    let time = START;
    for (const each of commands) {
      if (each === 'reopen') {
        await store.close();
        store = unhurried(opened(folder).store);
      } else if (typeof each === 'number') {
        const gone = await store.dropTraces({ label: LABEL, before: EVER, bytes: null }, each);
        for (const id of [...kept.keys()].slice(0, gone)) kept.delete(id);
      } else {
        const batch = each.map(({ id, input, output }) => ({
          ...said(`t${id}`, long(input), long(output)),
          startedAt: ++time,
          endedAt: time,
        }));
        const { outcomes } = await store.ingest(batch, START);
        batch.forEach(({ id, input, output }, i) => {
          const fresh = !kept.has(id);
          expect(outcomes[i]).toBe(fresh ? 'accepted' : 'other-content');
          if (fresh) kept.set(id, { input: input!.toString(), output: output!.toString() });
        });
      }
      for (const [id, texts] of kept) expect(await store.trace(id, null)).toMatchObject(texts);
    }
    if (kept.size === 0) expect(blocksIn(store)).toBe(0);
    await store.close();
  });
  await fc.assert(property, { numRuns: 25 });
});

it('a batch whose traces are dropped while it is on its way is stored whole, and counted whole', async () => {
  const store = sharingCommits();
  await store.ingest([said('old', long('one'))], START);
  const dropped = store.dropTraces({ label: LABEL, before: EVER, bytes: null }, 10);
  const sent = store.ingest([said('new', long('two')), said('old', long('one'))], START);
  await dropped;
  expect((await sent).outcomes).toEqual(['accepted', 'accepted']);
  await store.dropTraces({ label: LABEL, before: EVER, bytes: null }, 10);
  expect(blocksIn(store)).toBe(0);
  expect(store.db.$client.prepare('SELECT count(*) FROM block_uses').pluck().get()).toBe(0);
});
