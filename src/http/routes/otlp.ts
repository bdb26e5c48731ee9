/**
 * The OTLP/HTTP receiver: spans in, in protobuf or JSON, and every answer in the encoding of its request.
 *
 * https://github.com/open-telemetry/opentelemetry-proto/blob/v1.11.0/docs/specification.md#otlphttp
 */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import {
  acceptance,
  type OtlpAnswer,
  partialSuccessOf,
  refusal,
} from '../../ingest/otlp/answer.ts';
import { answerEncodingOf, CONTENT_TYPE, type OtlpEncoding } from '../../ingest/otlp/encoding.ts';
import { MAX_MESSAGES } from '../../ingest/otlp/limits.ts';
import { httpStatusOf, OtlpError } from '../../ingest/otlp/otlp-error.ts';
import type { ParsedSpans } from '../../ingest/spans/parsed-spans.ts';
import type { Ingested, Store } from '../../store/store.ts';
import type { Watcher } from '../../watch/watcher.ts';
import { asProblems } from '../body.ts';
import type { Mount } from '../endpoint.ts';
import type { Metrics } from '../metrics.ts';
import { asProblem, type ProblemError, statusOf } from '../problem.ts';
import type { TraceIntake } from '../trace-intake.ts';

interface Means {
  store: Pick<Store, 'ingest'>;
  watcher: Pick<Watcher, 'readNow'>;
  metrics: Pick<Metrics, 'spansIngested' | 'spansRefused'>;
  intake: Pick<TraceIntake, 'otlp'>;
  now: () => number;
  onError: (error: unknown, request: string) => void;
}

const PATH = '/v1/traces';
/** A disk is not made room on in a moment. */
const FULL_RETRY_S = 30;

export function otlpRoutes({ app, registry, gate }: Mount, means: Means): void {
  const { store, watcher, metrics, intake, now, onError } = means;
  document(registry);
  app.post(PATH, async (c) => {
    const encoding = answerEncodingOf(c.req.header('content-type'));
    try {
      gate(c, 'ingest');
      return await asProblems(() =>
        intake.otlp(c, async (spans) => {
          const { traces, context } = spans;
          const ingested = await store.ingest(traces, now(), context);
          metrics.spansIngested(outcomesOf(spans, ingested), ingested);
          // A trace that names a blob we haven't seen: the label may have moved. Read it at once.
          for (const { label } of ingested.conflicts) watcher.readNow(label)?.catch(() => {});
          const partial = partialSuccessOf(toldOf(spans, ingested));
          return respond(c, acceptance(partial, encoding));
        }),
      );
    } catch (error) {
      const answer = refusalOf(error, encoding);
      if (answer.status === 500) onError(error, `POST ${PATH}`);
      metrics.spansRefused(answer.status);
      return respond(c, answer);
    }
  });
}

function respond(c: Context, { status, headers, body }: OtlpAnswer): Response {
  return c.body(body, status as ContentfulStatusCode, headers);
}

function refusalOf(error: unknown, encoding: OtlpEncoding): OtlpAnswer {
  if (error instanceof OtlpError) return refusal(httpStatusOf(error.code), error.message, encoding);
  const problem = asProblem(error);
  const answer = refusal(statusOf(problem), problem.message, encoding, retryAfterOf(problem));
  return { ...answer, headers: { ...problem.headers, ...answer.headers } };
}

function retryAfterOf({ code, headers }: ProblemError): number | undefined {
  const given = headers['retry-after'];
  if (given !== undefined) return Number(given);
  return code === 'full' ? FULL_RETRY_S : undefined;
}

function outcomesOf({ context, rejected }: ParsedSpans, { outcomes, contextLeftOut }: Ingested) {
  const counts = { accepted: 0, duplicate: 0, 'other-content': 0 };
  for (const outcome of outcomes) counts[outcome]++;
  return {
    accepted: counts.accepted,
    duplicate: counts.duplicate,
    rejected: rejected.count + counts['other-content'],
    context: context.length - contextLeftOut,
    'left-out': contextLeftOut,
  };
}

/** What the sender is told beyond "taken". */
function toldOf({ traces, rejected, notes }: ParsedSpans, { outcomes, contextLeftOut }: Ingested) {
  const messages = [...rejected.messages];
  let { count } = rejected;
  traces.forEach(({ id }, i) => {
    if (outcomes[i] !== 'other-content') return;
    count++;
    const [traceId, spanId] = id.split('-');
    const problem = `the span ${spanId} of the trace ${traceId} is stored already, with other content`;
    if (messages.length < MAX_MESSAGES) messages.push(`${problem}; it was left as it is`);
  });
  const leftOut =
    contextLeftOut === 0
      ? []
      : [
          `${contextLeftOut} spans that are no inferences were left out: their traces have too many`,
        ];
  return { rejected: { count, messages }, notes: [...notes, ...leftOut] };
}

function document(registry: Mount['registry']): void {
  const bodies = (description: string) => ({
    description,
    content: Object.fromEntries(
      Object.values(CONTENT_TYPE).map((type) => [type, { schema: { type: 'object' } as const }]),
    ),
  });
  registry.registerPath({
    method: 'post',
    path: PATH,
    summary: 'OTLP/HTTP: store the inferences among these spans as traces',
    description:
      'An ExportTraceServiceRequest of opentelemetry-proto, in protobuf or JSON, gzip or not. Needs a key with the role `ingest`, where keys are set.',
    security: [{ key: [] }],
    request: { body: { ...bodies('ExportTraceServiceRequest'), required: false } },
    responses: {
      200: bodies('ExportTraceServiceResponse: what was taken is on disk'),
      429: bodies('Status: there is no room; send it again after `Retry-After`'),
      default: bodies('Status (google.rpc), in the encoding of the request'),
    },
  });
}
