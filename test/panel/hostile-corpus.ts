/** A service in which everything that comes from outside means harm: script, tricks of direction, sizes, depths. */
import type { Inspection } from '../../src/inspect/inspection.ts';
import { type Source, SourceError } from '../../src/sources/source.ts';
import { type AppUnderTest, appUnderTest } from '../http/app-under-test.ts';
import { sendSpans } from '../http/otlp-spans.ts';
import { labelPath } from '../http/service-under-test.ts';
import { blob } from '../store/opened.ts';
import { fact, mismatch, unavailable, verified } from '../walrus/attempts.ts';

/** Sets `window.ran` or asks another site where it is taken for markup or code. */
const SCRIPT = '<script>window.ran=1;alert(1)</script>';
export const HOSTILE = [
  SCRIPT,
  `"'><img src=http://elsewhere.example/x onerror=window.ran=2>`,
  '</script></style></title></textarea></pre><svg onload=window.ran=3>',
  'javascript:window.ran=4',
  '\u202eDLOH\u202c \u2066one\u2069 \u200b\ufeff\u2028 zero\u0085',
  '👩‍👩‍👧‍👦🏴‍☠️ e\u0301\u0301\u0301\u0301 ﷽ 𝒳',
  '" style=position:fixed onfocus=window.ran=5 autofocus x="',
  "' onmouseover='window.ran=6",
  '&lt;script&gt; &#x3c;img&#62; &amp;amp;',
  `\${window.ran=7} {{window.ran=8}} <%= 9 %> --> ]]>`,
  '//elsewhere.example/\\..\\..',
];
const MEGABYTE = 2 ** 20;
/** More than a page of any list. */
const CROWD = 60;
const LONG_LINE = `${SCRIPT}${'𝒳<&"'.repeat(MEGABYTE / 5)}`;
const DEEP = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
/** As deep as a body may be. */
const NESTED = (leaf: string) => `${'{"a":['.repeat(90)}${leaf}${']}'.repeat(90)}`;

const START = Date.now() - 3_600_000;
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const LABEL = 'og/hostile';
const every = HOSTILE.join(' ');

/** Its answer says what it likes. */
const SOURCE: Source = {
  host: `hub.example/${SCRIPT}`,
  async read() {
    throw new SourceError('http-status', `it answered 503: ${every}`);
  },
};

/** @param crowded its lists are as long as they can be too */
export async function hostileApp(crowded = false): Promise<AppUnderTest> {
  const app = await appUnderTest({ maxBodyBytes: 16 * MEGABYTE, source: SOURCE });
  await artifacts(app);
  await brokenLabels(app);
  await traces(app);
  await spans(app);
  await channels(app);
  if (crowded) await crowds(app);
  return app;
}

async function sent(app: AppUnderTest, method: string, path: string, body: unknown) {
  const { status, text, json } = await app.ask(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`);
  return json;
}

/** Files and what is in them; what aggregators and the chain say of them. */
async function artifacts(app: AppUnderTest): Promise<void> {
  const { store } = app;
  await sent(app, 'PUT', labelPath(LABEL), { source: { kind: 'push' }, clockSkew: '0s' });
  for (const [side, second] of [
    ['x', 0],
    ['w', 600],
  ] as const) {
    const named = HOSTILE.map((text, i) => ({
      path: `${i}-${text.replace(/[/\\][./\\]*/g, '/')}.bin`,
      blobId: blob(`${side}${i}`),
    }));
    const files = [...named, { path: 'gate.safetensors', blobId: blob(side) }];
    const times = { requestedAt: at(second), receivedAt: at(second + 0.2) };
    const path = labelPath(LABEL, '/observations?backfill=true');
    await sent(app, 'POST', path, { ...times, files });
    await store.recordInspection(blob(side), 'verified', inspection(side), START);
  }
  const aggregator = `https://x.example/${SCRIPT}`;
  const told = [
    mismatch({ aggregator, message: every }),
    unavailable({ message: `${every}${'x'.repeat(2000)}`, aggregator: `${aggregator}2` }),
    verified({ aggregator: `${aggregator}3` }),
  ];
  await store.recordVerification({ blobId: blob('x'), attempts: told, nextAt: null }, START);
  const attributes = Object.fromEntries(HOSTILE.map((text) => [text, every]));
  const facts = [{ fact: fact({ attributes }), askedAt: START, nextAt: START }];
  await store.recordChainAnswers(facts, [], START);
}

function inspection(side: string): Inspection {
  const tensors = HOSTILE.map((text, i) => [`${side}${i} ${text}`, { dtype: text, shape: [2] }]);
  return {
    format: 'safetensors',
    tensors: Object.fromEntries(tensors),
    parameters: 2 * HOSTILE.length,
    metadata: Object.fromEntries(HOSTILE.map((text) => [text, `${side} ${every}`])),
    structure: side,
  };
}

async function brokenLabels(app: AppUnderTest): Promise<void> {
  const url = `https://127.0.0.1:1/${encodeURIComponent(SCRIPT)}?"'><script>`;
  await sent(app, 'PUT', labelPath('og/unreadable'), { source: { kind: 'manifest', url } });
  await sent(app, 'POST', labelPath('og/unreadable', '/observations'), undefined);
}

/** As many as a page has, each as long as it may be. */
async function crowds(app: AppUnderTest): Promise<void> {
  const longest = (n: number) => `a${n}${'/@:'.repeat(65)}`;
  await sent(app, 'PUT', labelPath(longest(0)), { source: { kind: 'push' } });
  for (let n = 0; n < CROWD; n++) {
    const times = { requestedAt: at(2 * n), receivedAt: at(2 * n + 1) };
    const files = [{ path: 'x', blobId: blob(`c${n % 3}`) }];
    const path = labelPath(longest(0), '/observations?backfill=true');
    await sent(app, 'POST', path, { ...times, files });
  }
  for (let n = 1; n < CROWD; n++) {
    const source = { kind: 'manifest', url: `https://h.example/${n}?${'&'.repeat(500)}` };
    await sent(app, 'PUT', labelPath(longest(n)), { source });
    await sent(app, 'POST', labelPath(longest(n), '/observations'), undefined);
  }
  const traces = Array.from({ length: CROWD }, (_, n) => ({
    id: `${n}${'☃'.repeat(195)}`,
    label: longest(n),
    startedAt: at(900 + n),
    endedAt: at(901 + n),
    decision: '&☃'.repeat(100),
  }));
  await sent(app, 'POST', '/api/v1/traces', { traces });
}

/** Raw JSON: lone surrogates and NUL are there as escapes. */
async function traces(app: AppUnderTest): Promise<void> {
  const json = (value: unknown) => JSON.stringify(value);
  const escapes = '"\\ud800 \\u0000 \\udfff \\u001b[31m"';
  const keyed = `{${HOSTILE.map((text) => `${json(text)}:${json(text)}`)},${escapes}:${escapes}}`;
  const texts: Record<string, [input: string, output: string]> = {
    keyed: [keyed, NESTED(keyed)],
    long: [json(LONG_LINE), `[${json(LONG_LINE)}]`],
    deep: [json(DEEP), json(`${DEEP}${SCRIPT}`)],
    messages: [
      json({ messages: HOSTILE.map((content) => ({ role: SCRIPT, content })) }),
      json(HOSTILE.join('\n')),
    ],
    escapes: [escapes, `[${escapes}, ${NESTED(escapes)}]`],
  };
  const ids = HOSTILE.filter((text) => /^[^\p{C}\p{Zl}\p{Zp}]{1,180}$/u.test(text));
  const bodies = Object.entries(texts).flatMap(([name, [input, output]], n) =>
    [0, 1].map((side) => {
      const id = `${ids[n]!} ${name} ${side}`;
      const decision = HOSTILE[(n + side) % HOSTILE.length]!.slice(0, 200);
      const attributes = `{${json(every)}:${escapes},"nested":${NESTED(json(SCRIPT))}}`;
      // The same inputs under both artifacts: pairs for a diff.
      const second = side === 0 ? 10 + n : 700 + n;
      return `{"id":${json(id)},"label":"${LABEL}","startedAt":"${at(second)}","endedAt":"${at(second + 1)}","input":${input},"output":${side === 0 ? output : json(every)},"decision":${json(decision)},"context":${json(name === 'long' ? LONG_LINE : every)},"attributes":${attributes}}`;
    }),
  );
  for (const body of bodies) {
    const answer = await sent(app, 'POST', '/api/v1/traces', `{"traces":[${body}]}`);
    if (answer.rejected.length > 0) throw new Error(JSON.stringify(answer.rejected));
  }
  const side = (from: number, to: number) => ({ from: at(from), to: at(to) });
  await sent(app, 'POST', '/api/v1/diffs', {
    label: LABEL,
    before: side(5, 500),
    after: side(650, 1000),
    fields: [{ path: '$.messages' }],
    includeProvisional: true,
  });
}

async function spans(app: AppUnderTest): Promise<void> {
  const told = HOSTILE.map((text, i) => ({
    n: i + 2,
    parent: 1,
    startedAt: START + i,
    name: text,
    service: text,
    provider: text,
    requestModel: `${text} ${i}`,
    responseModel: every,
    attributes: { [text]: every, 'gen_ai.input.messages': DEEP, 'gen_ai.output.messages': every },
  }));
  await sendSpans(app.url, { n: 1, startedAt: START, name: every, service: every }, ...told);
  const wide = { n: 99, parent: 1, startedAt: START, name: LONG_LINE, service: LONG_LINE };
  await sendSpans(app.url, wide);
}

async function channels(app: AppUnderTest): Promise<void> {
  const url = `https://hooks.example/${SCRIPT}?"'><svg/onload=alert(1)>`;
  const labels = HOSTILE.map((text) => `${text.slice(0, 150)}*`);
  const globs = { labels, events: ['underlabel.change.vanished'] };
  await sent(app, 'PUT', '/api/v1/channels/hook', { kind: 'webhook', url, ...globs });
  await sent(app, 'PUT', '/api/v1/channels/log', { kind: 'log' });
  await sent(app, 'POST', '/api/v1/channels/log/test', undefined);
  app.store.db.$client
    .prepare("UPDATE channels SET disabled_at = ?, disabled_reason = ? WHERE name = 'hook'")
    .run(START, every);
}
