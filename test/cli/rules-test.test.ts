import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addRulesTest } from '../../src/cli/commands/rules-test.ts';
import { folder } from './underlabel.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

/** What the command prints and ends with, run in a folder with these files. */
async function rulesTest(files: { [name: string]: unknown }, ...args: string[]) {
  const cwd = await folder();
  for (const [name, content] of Object.entries(files)) {
    await writeFile(
      join(cwd, name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }
  vi.stubEnv('INIT_CWD', cwd);
  const printed = { out: '', err: '' };
  const into = (side: 'out' | 'err') => (text: string | Uint8Array) => {
    printed[side] += text;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(into('err'));
  const root = new Command().exitOverride();
  addRulesTest(root.command('rules'));
  await root.parseAsync(['rules', 'test', ...args], { from: 'user' });
  const code = process.exitCode;
  process.exitCode = undefined;
  return { code, ...printed };
}

const otlpAttributes = [
  { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
  { key: 'gen_ai.provider.name', value: { stringValue: 'openai' } },
  { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } },
];
const otlpSpan = {
  traceId: '5B8EFFF798038103D269B633813FC60C',
  spanId: 'EEE19B7EC3C1B174',
  name: 'chat gpt-4o',
  startTimeUnixNano: '1544712660000000000',
  endTimeUnixNano: '1544712661000000000',
  attributes: otlpAttributes,
};
const request = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'desk' } }] },
      scopeSpans: [{ spans: [otlpSpan, { ...otlpSpan, name: 'GET /', attributes: [] }] }],
    },
  ],
};
const rules = [{ service: 'desk', requestModel: 'gpt-*', label: 'acme/{requestModel}' }];

describe('rules test', () => {
  it('prints the label, the rule and what was seen, and ends with 0', async () => {
    const files = { 'span.json': request, 'underlabel.config.json': { port: 1, rules } };
    const { code, out, err } = await rulesTest(files, 'span.json');
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'chat gpt-4o  acme/gpt-4o, by rule 1',
      '  service    desk',
      '  operation  chat',
      '  provider   openai',
      '  asked for  gpt-4o',
      '  answered   not said',
      '  tokens     not said in, not said out',
      '  input      not told',
      '  output     not told',
      '',
      '  step                          because',
      expect.stringMatching(/^ {2}underlabel\.label {5}no {7}neither the span/),
      expect.stringMatching(/^ {2}underlabel\.blob_id {3}no {7}neither the span/),
      expect.stringMatching(/^ {2}rule 1 {15}decides {2}acme\/gpt-4o$/),
      expect.stringMatching(
        /^ {2}the requested model {2}no {7}no label that is known here is named "gpt-4o"$/,
      ),
      expect.stringMatching(/^ {2}the answering model {2}no {7}the span names none$/),
      '',
      '1 span is no inference: kept as context, without a label',
      '',
    ]);
  });

  it('ends with 1 where a span gets no label, which --label may change', async () => {
    const unmapped = await rulesTest({ 's.json': otlpSpan }, 's.json');
    expect(unmapped.code).toBe(1);
    expect(unmapped.out).toContain('no label: it would be kept as unmapped');
    const mapped = await rulesTest(
      { 's.json': otlpSpan },
      's.json',
      '--label',
      'x',
      '--label',
      'gpt-4o',
    );
    expect([mapped.code, mapped.out.split('\n')[0]]).toEqual([
      0,
      'chat gpt-4o  gpt-4o, as its model is named',
    ]);
  });

  it('is not sure of a label that only a blob could give', async () => {
    const BLOB = 'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8';
    const span = {
      name: 'x',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'underlabel.blob_id': BLOB,
        'gen_ai.request.model': 'm',
      },
    };
    const alone = await rulesTest({ 's.json': span }, 's.json');
    expect([alone.code, alone.out.split('\n')[0]]).toEqual([
      1,
      'x  the label that holds the blob it names, else no label',
    ]);
    expect((await rulesTest({ 's.json': span }, 's.json', '--label', 'm')).code).toBe(0);
  });

  it.each<[string, unknown]>([
    [
      'a span with a plain object of attributes',
      {
        name: 'x',
        attributes: { 'gen_ai.request.model': 'gpt-4o' },
        resource: { attributes: { 'service.name': 'desk' } },
        events: [{ name: 'e', attributes: { a: [1, 1.5, null, { b: true }] } }],
      },
    ],
    ['a list of spans', [{ ...otlpSpan, resource: request.resourceSpans[0]!.resource }]],
    ['a list of requests', [request]],
    ['requests one a line', `${JSON.stringify(request)}\n\n${JSON.stringify(request)}\n`],
  ])('takes %s', async (_, content) => {
    const { code } = await rulesTest(
      { 's.json': content, 'r.json': { rules } },
      's.json',
      '--rules',
      'r.json',
    );
    expect(code).toBe(0);
  });

  it('prints one line of JSON with --json', async () => {
    const { out } = await rulesTest(
      { 's.json': request, 'r.json': rules },
      's.json',
      '--rules',
      'r.json',
      '--json',
    );
    expect(JSON.parse(out)).toMatchObject([
      {
        name: 'chat gpt-4o',
        by: 'rule',
        label: 'acme/gpt-4o',
        rule: 1,
        service: 'desk',
        responseModel: null,
        problems: [],
      },
    ]);
  });

  it('ends with 2 where a span can’t be read, after telling of the others', async () => {
    const bad = {
      resourceSpans: [{ scopeSpans: [{ spans: [otlpSpan, { ...otlpSpan, traceId: '00' }] }] }],
    };
    const { code, out, err } = await rulesTest({ 's.json': bad }, 's.json');
    expect(code).toBe(2);
    expect(out).toContain('chat gpt-4o');
    expect(err).toContain("s.json: a span can't be read: ");
  });

  it.each<[string, { [name: string]: unknown }, string[], string]>([
    ['no file', {}, ['s.json'], "s.json can't be read (ENOENT). Check the path."],
    [
      'no JSON',
      { 's.json': 'spans' },
      ['s.json'],
      's.json has no spans: it is not JSON, and neither is line 1 of it; accepted: {"resourceSpans"',
    ],
    [
      'another JSON',
      { 's.json': { spans: [] } },
      ['s.json'],
      'has neither "resourceSpans" nor "attributes"',
    ],
    ['a number', { 's.json': 7 }, ['s.json'], 'something that is no object'],
    [
      'a request that is none',
      { 's.json': { resourceSpans: 7 } },
      ['s.json'],
      'it is no OTLP/JSON',
    ],
    [
      'rules that are none',
      { 's.json': otlpSpan, 'r.json': [{ requestModel: 'x' }] },
      ['s.json', '--rules', 'r.json'],
      "r.json: the rules can't be used:\n  rules[0].label: ",
    ],
    [
      'rules that are no JSON',
      { 's.json': otlpSpan, 'underlabel.config.json': 'secret' },
      ['s.json'],
      'underlabel.config.json is not JSON; no rules could be read',
    ],
    [
      'no file of rules',
      { 's.json': otlpSpan },
      ['s.json', '--rules', 'r.json'],
      "r.json can't be read (ENOENT)",
    ],
    [
      'a label that is none',
      { 's.json': otlpSpan },
      ['s.json', '--label', 'a b'],
      '--label a b: a label is 1–200',
    ],
  ])('says what is wrong with %s', async (_, files, args, message) => {
    await expect(rulesTest(files, ...args)).rejects.toThrow(message);
  });

  it('shows hostile names harmlessly', async () => {
    const span = {
      name: 'x\u001b[2J',
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': '\u202em' },
    };
    const { out } = await rulesTest({ 's.json': span }, 's.json');
    expect(out).toContain('x\\u{1b}[2J');
    expect(out).toContain('\\u{202e}m');
  });
});
