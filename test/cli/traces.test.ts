/** Traces on the command line: tailed, exported, unmapped, held; the real program and a real service. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idOf, sendSpans } from '../http/otlp-spans.ts';
import { answering } from './answering.ts';
import { folder, run, service, start } from './underlabel.ts';

const START = Date.UTC(2026, 10, 17, 10, 2, 11);
const time = (ms = 0) => new Date(START + ms).toISOString();

const native = (id: string, told = {}) => ({
  id,
  label: 'acme/risk',
  startedAt: time(),
  endedAt: time(1),
  ...told,
});
const inference = { n: 1, startedAt: START, service: 'desk', requestModel: 'gpt-4o' };

describe('traces tail', () => {
  it('shows each trace as it comes, in one line, until Ctrl-C', async () => {
    const { url, post } = await service();
    await post('traces', { traces: [native('before')] });
    const args = ['traces', 'tail', '--last', '1'];
    const { child, ended, printed, prints } = start(args, { env: { UNDERLABEL_URL: url } });
    await prints((out) => out.endsWith('\n'));
    await post('traces', { traces: [native('later', { decision: '\x1b[31mNO\u202e' })] });
    await sendSpans(url, inference);
    await prints((out) => out.split('\n').length === 4);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, err: '' });
    const [before, later, unmapped] = printed.out.split('\n');
    expect(before).toBe(
      '10:02:11  acme/risk           unobserved   not known         -         before',
    );
    expect(later).toContain('  \\u{1b}[…  later');
    expect(unmapped).toContain('  unmapped: gpt-4o    unobserved ');
    expect(unmapped!.endsWith(`  ${idOf(inference)}`)).toBe(true);
  });

  it('shows only what is asked for, and with --json all of it', async () => {
    const { url, post } = await service();
    await post('traces', {
      traces: [native('a'), native('b', { decision: 'HOLD', input: { n: 1 } })],
    });
    await sendSpans(url, inference);
    const tail = async (lines: number, ...args: string[]) => {
      const options = { env: { UNDERLABEL_URL: url } };
      const { child, ended, printed, prints } = start(
        ['traces', 'tail', '--json', ...args],
        options,
      );
      await prints((out) => out.split('\n').length > lines);
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ code: 0, err: '' });
      return printed.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    const [held] = await tail(1, '--decision', 'HOLD', '--label', 'acme/*', '--since', '10m');
    expect(held).toMatchObject({ id: 'b', input: { n: 1 }, labelBy: 'given' });
    const few = await tail(
      1,
      '--unmapped',
      '--model',
      'gpt*',
      '--last',
      '9',
      '--fields',
      'id,label',
    );
    expect(few).toEqual([{ id: idOf(inference), label: null }]);
    expect(await tail(2, '--no-unmapped', '--no-conflict', '--last', '9')).toHaveLength(2);
  });

  it('resumes where it was when the stream breaks off', async () => {
    const asked: (string | undefined)[] = [];
    const trace = (id: string) =>
      JSON.stringify({
        ...native(id),
        decision: null,
        origin: null,
        attribution: {
          certainty: 'unobserved',
          artifactId: null,
          candidates: [],
          conflict: false,
          declaredBlobId: null,
        },
      });
    const url = await answering((request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined);
      if (asked.length === 2) {
        response.writeHead(503, { 'content-type': 'application/problem+json' });
        response.end(JSON.stringify({ title: 'No', status: 503, detail: 'stopping' }));
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const n = asked.length;
      response.write(
        `retry: 1\nid: ${n}0\n\nid: ${n}1\ndata: ${trace(`t${n}`)}\n\nid: 99\ndata: {"half`,
      );
      if (n === 1) setImmediate(() => response.destroy());
      if (n === 3) response.end('');
    });
    const { child, ended, printed, prints } = start(['traces', 'tail', '--url', url]);
    await prints((out) => out.includes('t4'));
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    expect(asked).toEqual([undefined, '11', '11', '31']);
    expect(printed.out.match(/t\d/g)).toEqual(['t1', 't3', 't4']);
    expect(printed.err).toMatch(/^the stream broke off \(.*\); it is resumed\n/);
  });

  it('ends with 2 where the service refuses it or is not there', async () => {
    const { underlabel } = await service();
    const refused = await underlabel(['traces', 'tail', '--label', 'x', '--unmapped']);
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toContain('unmapped: an unmapped trace has no label');
    const nobody = await underlabel(['traces', 'tail', '--url', 'http://127.0.0.1:9']);
    expect(nobody.code).toBe(2);
    const odd = await underlabel(['traces', 'tail', '--since', 'monday']);
    expect([odd.code, odd.err]).toEqual([2, expect.stringContaining('or a duration such as 10m')]);
  });

  it('says in its help that a trace is shown once, as it stands', async () => {
    const { out } = await run(['traces', 'tail', '--help']);
    expect(out).toContain('The tag is as of now. A trace is shown once');
  });
});

describe('traces export', () => {
  it('writes what matches as lines, to the letter', async () => {
    const { underlabel, post } = await service();
    const odd = '{"s":"\u009b\u202e","n":1.50}';
    const traces = [native('a'), native('b', { startedAt: time(-5), label: 'og/x' })];
    await post('traces', {
      traces: [...traces, { ...native('c', { startedAt: time(-9) }), input: JSON.parse(odd) }],
    });
    const whole = await underlabel(['traces', 'export']);
    expect([whole.code, whole.err]).toEqual([0, '']);
    expect(
      whole.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(['a', 'b', 'c']);
    expect(whole.out).toContain('\u009b\u202e');
    const some = await underlabel(['traces', 'export', '--label', 'acme/*', '--fields', 'id']);
    expect(some.out).toBe('{"id":"a"}\n{"id":"c"}\n');
    const none = await underlabel(['traces', 'export', '--to', time(-60), '--unmapped']);
    expect([none.code, none.out]).toEqual([0, '']);
    const typo = await underlabel(['traces', 'export', '--fields', 'attribution.certanty']);
    expect([typo.code, typo.out]).toEqual([2, '']);
    expect(typo.err).toContain("did you mean 'attribution.certainty'?");
  });

  it('that breaks off ends with 2, with whole lines only, and says that it is not all', async () => {
    const url = await answering((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"id":"a"}\n{"id":"b"}\n{"id":', () => response.destroy());
    });
    const { code, out, err } = await start(['traces', 'export', '--url', url]).ended;
    expect([code, out]).toEqual([2, '{"id":"a"}\n{"id":"b"}\n']);
    expect(err).toContain('What was written (2 traces) is not all.');
  });

  it('ends quietly where nobody reads on', async () => {
    const { url, post } = await service();
    const traces = Array.from({ length: 300 }, (_, i) =>
      native(`t${i}`, { input: 'x'.repeat(9000) }),
    );
    await post('traces', { traces });
    const { child, ended } = start(['traces', 'export'], { env: { UNDERLABEL_URL: url } });
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toMatchObject({ code: 0, err: '' });
  });
});

describe('unmapped traces', () => {
  it('are told of, with the rules that would map them, and shown as such', async () => {
    const cwd = await folder();
    const { underlabel, url } = await service();
    const none = await underlabel(['unmapped']);
    expect([none.code, none.out]).toEqual([0, '']);
    await sendSpans(
      url,
      { n: 9, startedAt: START - 3, endedAt: START + 90, name: 'POST /chat', status: 1 },
      { ...inference, parent: 9, provider: 'open\x1bai' },
    );
    const some = await underlabel(['unmapped']);
    expect(some.code).toBe(1);
    expect(some.out).toMatch(
      /^TRACES {2}LAST .+ASKED FOR {2}ANSWERED\n1 {7}.+desk .+gpt-4o {5}-\n/,
    );
    const [, rule] = /^ {2}(\{.+\})$/m.exec(some.out)!;
    const json = await underlabel(['unmapped', '--json']);
    expect([json.code, JSON.parse(json.out).items[0].rule]).toEqual([1, JSON.parse(rule!)]);

    const ls = await underlabel(['traces', 'ls', '--unmapped']);
    expect(ls.out).toContain('unmapped: gpt-4o');
    const show = await underlabel(['traces', 'show', idOf(inference)]);
    expect(show.out).toContain(
      'unmapped: no label has it, so no reading says what produced it: asked for gpt-4o\n',
    );
    expect(show.out).toMatch(/^label +none \(see 'underlabel unmapped'/m);
    expect(show.out).toMatch(/^asked for +gpt-4o$/m);
    expect(show.out).toMatch(/^provider +open\\u\{1b\}ai$/m);
    expect(show.out).toMatch(
      /^POST \/chat +- +93 ms +ok\n {2}this trace: span 1 +desk +10 ms +unset$/m,
    );

    // The rule, tried on the span as rules are.
    await writeFile(join(cwd, 'rules.json'), `[${rule}]`);
    const span = {
      name: 'chat',
      attributes: { 'gen_ai.provider.name': 'open\x1bai', 'gen_ai.request.model': 'gpt-4o' },
      resource: { attributes: { 'service.name': 'desk' } },
    };
    await writeFile(join(cwd, 'span.json'), JSON.stringify(span));
    const tried = await underlabel(
      ['rules', 'test', 'span.json', '--rules', 'rules.json', '--json'],
      { cwd },
    );
    expect(JSON.parse(tried.out)).toMatchObject([{ by: 'rule', label: 'open-ai/gpt-4o' }]);
  });
});

describe('labels that nobody registered', () => {
  it('are told of, with what to do, and end with 0', async () => {
    const { underlabel, url, post } = await service();
    await sendSpans(url, { ...inference, attributes: { 'underlabel.label': 'desk/risk' } });
    await post('traces', { traces: [native('a'), native('b')] });
    const { code, out, err } = await underlabel(['unmapped']);
    expect([code, err]).toEqual([
      0,
      'every trace has a label, but not each of these is registered\n',
    ]);
    expect(out).toMatch(/^TRACES +SINCE +LAST +NAMED BY +LABEL\n2 .+ the sender +acme\/risk\n/m);
    expect(out).toMatch(/^1 +2026-11-17 10:02:11 UTC .+ its span +desk\/risk$/m);
    expect(out).toContain('\n  underlabel label add desk/risk --source KIND\n');
    const show = await underlabel(['traces', 'show', 'a']);
    expect(show.out).toMatch(/^registered +no: .+underlabel label add acme\/risk --source KIND/m);

    await underlabel(['label', 'add', 'desk/risk', '--source', 'push']);
    await underlabel(['label', 'add', 'acme/risk', '--source', 'push']);
    expect(await underlabel(['unmapped'])).toMatchObject({ code: 0, out: '' });
    expect((await underlabel(['traces', 'show', 'a'])).out).not.toMatch(/^registered/m);
  });
});

describe('traces show', () => {
  it('takes as much of an id as only one trace has', async () => {
    const { underlabel, url, post } = await service();
    await sendSpans(url, inference, { ...inference, n: 2 });
    await post('traces', { traces: [native('case-4711'), native('case-4711-b')] });
    const id = async (given: string) => {
      const { code, out, err } = await underlabel(['traces', 'show', given, '--json']);
      expect([code, err]).toEqual([0, '']);
      return JSON.parse(out).id;
    };
    expect(await id('case-4711')).toBe('case-4711');
    expect(await id('case-4711-')).toBe('case-4711-b');
    expect(await id('0000…0001')).toBe(idOf(inference));
    expect(await id('000000...2')).toBe(idOf({ n: 2 }));
  });

  it('lists those that it may be where several fit, and ends with 2', async () => {
    const { underlabel, post } = await service();
    await post('traces', { traces: [1, 2, 3, 4, 5].map((n) => native(`case-${n}`)) });
    const { code, out, err } = await underlabel(['traces', 'show', 'case-…']);
    // Five characters fit by chance.
    expect([code, out, err]).toEqual([2, '', "underlabel: no trace 'case-…'\n"]);
    await post('traces', { traces: [1, 2, 3, 4, 5].map((n) => native(`trace-${n}`)) });
    const five = await underlabel(['traces', 'show', 'trace-']);
    expect([five.code, five.out]).toEqual([2, '']);
    expect(five.err).toMatch(
      /^underlabel: trace- fits the ids of 5 traces; which one is meant\?\n/,
    );
    expect(five.err).toContain('  2026-11-17 10:02:11 UTC  acme/risk  trace-5\n');
    expect(five.err).toContain('Give more of the id');
    await post('traces', { traces: [native('trace-6')] });
    const six = await underlabel(['traces', 'show', 'trace-']);
    expect(six.err).toContain('more than 5 traces');
    expect(six.err.match(/ trace-\d/g)).toHaveLength(5);
  });

  it('says how far it looked where that is not all', async () => {
    const { underlabel, post } = await service();
    const later = Array.from({ length: 10_000 }, (_, i) => native(`later-${i}`));
    await post('traces', { traces: later });
    await post('traces', { traces: [native('earlier-1', { startedAt: time(-60_000) })] });
    const none = await underlabel(['traces', 'show', 'earlier']);
    expect(none.code).toBe(2);
    expect(none.err).toContain("no trace 'earlier'\n");
    expect(none.err).toContain('the 10,000 traces that began last (since 2026-11-17 10:02:11 UTC)');
    const told = await underlabel(['traces', 'show', 'earlier', '--to', time(), '--json']);
    expect([told.code, JSON.parse(told.out).id]).toEqual([0, 'earlier-1']);
    const only = await underlabel(['traces', 'show', 'later-9999', '--as-of', time()]);
    expect([only.code, only.err]).toEqual([0, '']);
    const found = await underlabel(['traces', 'show', 'later-999…9']);
    expect(found.err).toContain('later-999…9 is later-9999, the only one of the 10,000 traces');
  });
});

describe('holds', () => {
  it('are added, listed and lifted', async () => {
    const { underlabel, post } = await service();
    await post('traces', { traces: [native('a')] });
    const empty = await underlabel(['hold', 'ls']);
    expect([empty.code, empty.out, empty.err]).toEqual([0, '', 'no holds\n']);
    const add = ['hold', 'add', 'case-7', '--label', 'acme/risk', '--reason', 'audit'];
    const added = await underlabel([
      ...add,
      '--from',
      '2026-11-17T00:00:00Z',
      '--to',
      '2026-11-18T00:00:00Z',
    ]);
    expect(added.out).toBe(
      'case-7 holds the traces of acme/risk, begun from 2026-11-17 00:00:00 to 2026-11-18 00:00:00 UTC\n',
    );
    const all = await underlabel(add);
    expect(all.out).toBe('case-7 now holds the traces of acme/risk, all of them\n');
    const ls = await underlabel(['hold', 'ls']);
    expect(ls.out).toBe(
      'HOLD    LABEL      TRACES       REASON\ncase-7  acme/risk  all of them  audit\n',
    );
    const json = await underlabel(['hold', 'ls', '--json']);
    expect(JSON.parse(json.out).items).toHaveLength(1);
    expect((await underlabel(['hold', 'rm', 'case-7'])).out).toContain('lifted case-7');
    const gone = await underlabel(['hold', 'rm', 'case-7']);
    expect([gone.code, gone.err]).toEqual([2, "underlabel: no hold 'case-7'\n"]);
    const odd = await underlabel(['hold', 'rm', '../labels']);
    expect([odd.code, odd.err]).toEqual([2, expect.stringContaining("can't be a hold")]);
  });
});
