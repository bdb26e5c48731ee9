/**
 * Bodies as OpenTelemetry's own exporter sends them: recorded once, and made new for each request by
 * other ids, times and words of the same length at the same places.
 */
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

export const SPANS = 100;
/** A span's two ids, and the head of the second. */
const IDS_BYTES = 26;
/** Stands where each span's own words are. */
const MARK = 'MARK0123456789abcdef';
/** 2 KB of messages: a system prompt that all share, a question and an answer of their own. */
const SYSTEM = 'You review transfers for a bank. Answer with a decision and a reason. '.repeat(8);
/** Drawn at random they take as many bits as prose does, about two a letter. */
const WORDS =
  `account address agreed amount answer arrived asked balance bank because before branch business
  called card case cash change check claim clear client close common company contract country credit
  currency customer date debit decided delivery demand deposit detail early enough evening exchange
  expected family few file final first follow foreign found friend further given goods group hold
  house income inform interest invoice issue item join known large last later legal letter likely
  limit line loan local looked market matter means merchant message might missing money month morning
  moved name nearly never note number offer office often once open order other owner paid part party
  passed past payee payment pending people period phone place policy price private question quick
  rather reached reason receipt recent record region reply request returned review risk sale same
  seller sent service several shipped short since small some soon sold source spent standing state
  still street sum supplier taken term third today together told total trade transfer trust twice
  under until usual value verified visit waiting week went which while without word work year`.split(
    /\s+/,
  );

/** @param models the requested models that take turns; @param withContent else no span tells what was said, as most send it */
export async function recordedBody(models: readonly string[], withContent = true): Promise<Buffer> {
  const memory = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
  const tracer = provider.getTracer('bench', '1.0.0');
  const now = Date.now();
  for (let i = 0; i < SPANS; i++) {
    const model = models[i % models.length]!;
    const attributes = { ...attributesOf(i, model), ...(withContent ? contentOf(i) : {}) };
    const startTime = now - 5000 + i;
    const span = tracer.startSpan('chat', { startTime, kind: SpanKind.CLIENT, attributes });
    span.end(startTime + 800);
  }
  return exported(memory);
}

function attributesOf(i: number, model: string) {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'opengradient',
    'gen_ai.request.model': model,
    'gen_ai.response.model': `${model}-2026-11-02`,
    'gen_ai.response.id': `resp-${MARK}`,
    'gen_ai.conversation.id': `conversation-${MARK}`,
    'gen_ai.usage.input_tokens': 400 + i,
    'gen_ai.usage.output_tokens': 120 + i,
    'gen_ai.request.temperature': 0.2,
    'gen_ai.request.top_p': 0.9,
    'gen_ai.request.max_tokens': 512,
    'gen_ai.request.seed': i,
    'gen_ai.response.finish_reasons': ['stop'],
    'server.address': 'llm.opengradient.ai',
    'server.port': 443,
    'underlabel.decision': i % 3 ? 'CLEAR' : 'HOLD',
    'queue.name': `queue-${i % 5}`,
  };
}

function contentOf(i: number) {
  const said = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });
  return {
    'gen_ai.input.messages': JSON.stringify([said('user', `${MARK} ${words(110, i)}`)]),
    'gen_ai.output.messages': JSON.stringify([said('assistant', `${MARK} ${words(90, -1 - i)}`)]),
    'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: SYSTEM }]),
  };
}

/** The same for the same seed. */
function words(count: number, seed: number): string {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return WORDS[(state >>> 8) % WORDS.length]!;
  };
  return Array.from({ length: count }, next).join(' ');
}

/** What the exporter sends to a server. */
async function exported(memory: InMemorySpanExporter): Promise<Buffer> {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await buffer(request));
    response.setHeader('content-type', 'application/x-protobuf').end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}/v1/traces` });
  await new Promise<void>((resolve) => {
    exporter.export(memory.getFinishedSpans(), () => resolve());
  });
  await exporter.shutdown();
  server.close();
  return bodies[0]!;
}

/** Makes new bodies of a recorded one. */
export class Bodies {
  readonly #recorded: Buffer;
  /** Where 24 bytes of ids stand. */
  readonly #ids: number[];
  readonly #marks: number[];
  readonly #times: number[];
  readonly #recordedAt = Date.now();

  constructor(recorded: Buffer) {
    this.#recorded = recorded;
    this.#ids = idsIn(recorded);
    this.#marks = [];
    const mark = Buffer.from(MARK);
    for (let at = recorded.indexOf(mark); at >= 0; at = recorded.indexOf(mark, at + 1)) {
      this.#marks.push(at);
    }
    if (this.#ids.length !== SPANS) throw new Error(`${this.#ids.length} spans were found`);
    this.#times = this.#ids.flatMap((ids) => {
      const start = startIn(recorded, ids);
      return [start, start + 9];
    });
  }

  get bytes(): number {
    return this.#recorded.length;
  }

  next(): Buffer {
    const body = Buffer.from(this.#recorded);
    const random = randomFillSync(Buffer.allocUnsafe(24 * SPANS + 10 * SPANS));
    const words = random.subarray(24 * SPANS);
    this.#ids.forEach((at, i) => {
      random.copy(body, at, 24 * i, 24 * i + 16);
      random.copy(body, at + 18, 24 * i + 16, 24 * i + 24);
    });
    const later = BigInt(Date.now() - this.#recordedAt) * 1_000_000n;
    for (const at of this.#times) body.writeBigUInt64LE(body.readBigUInt64LE(at) + later, at);
    const perSpan = this.#marks.length / SPANS;
    this.#marks.forEach((at, i) => {
      const span = Math.floor(i / perSpan);
      body.write(words.toString('hex', 10 * span, 10 * span + 10), at, 'latin1');
    });
    return body;
  }
}

/** A span begins with its trace id (field 1, 16 bytes) and its span id (field 2, 8 bytes). */
function idsIn(body: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + 28 < body.length; at++) {
    const begins = body[at] === 0x0a && body[at + 1] === 16;
    if (begins && body[at + 18] === 0x12 && body[at + 19] === 8) found.push(at + 2);
  }
  return found;
}

/** Where the start of a span stands (field 7, 8 bytes), right before its end (field 8): soon after its ids. */
function startIn(body: Buffer, ids: number): number {
  let at = ids + IDS_BYTES;
  while (body[at] !== 0x39 || body[at + 9] !== 0x41) at++;
  return at + 1;
}
