/** The other side of diff-thread.ts: a question a message, each answered before the next is asked. */
import { parentPort } from 'node:worker_threads';
import canonicalize from 'canonicalize';
import type { Report } from '../contract/diff.ts';
import { runDiff } from '../diff/diff.ts';
import { DiffError } from '../diff/errors.ts';
import { type ChangeEvidence, EvidenceTally } from '../diff/evidence/change-evidence.ts';
import type { DiffSource, Side } from '../diff/source.ts';
import { keptFacts } from '../ingest/spans/kept-facts.ts';
import type { DiffSourceModule, OpenedDiffSource } from '../store/diff-source.ts';
import type { ComparedPeriod } from '../store/saved-diff.ts';
import { CountedSource, TooManyTraces } from './counted-source.ts';
import { tracesNamedIn } from './named-traces.ts';
import type { Answer, FinishedDiff, Question } from './question.ts';

parentPort!.on('message', async (question: Question) => {
  const answer = await answerTo(question);
  const moved = answer.kind === 'finished' ? [answer.diff.report.buffer as ArrayBuffer] : [];
  parentPort!.postMessage(answer, moved);
});

async function answerTo(question: Question): Promise<Answer> {
  const { source: spec, query } = question;
  try {
    const { openDiffSource } = (await import(spec.module)) as DiffSourceModule;
    const source = openDiffSource(spec.given, query, keptFacts);
    try {
      const counted = new CountedSource(source);
      if (question.kind === 'evidence') {
        const evidence = await evidenceIn(counted);
        return { kind: 'evidence', evidence, looked: counted.looked };
      }
      const report = await runDiff(counted, question.asked);
      return { kind: 'finished', diff: finished(report, source, counted.looked) };
    } finally {
      source.close();
    }
  } catch (cause) {
    if (cause instanceof DiffError) {
      return { kind: 'several-artifacts', side: cause.side, artifacts: cause.artifacts };
    }
    if (cause instanceof TooManyTraces) return { kind: 'too-many-traces' };
    return { kind: 'failed', cause };
  }
}

async function evidenceIn(source: DiffSource): Promise<ChangeEvidence> {
  const tally = new EvidenceTally();
  for (const side of ['before', 'after'] satisfies Side[]) {
    for await (const batch of source.cohort(side)) {
      for (const trace of batch) tally.add(side, trace);
    }
  }
  return tally.result();
}

function finished(report: Report, source: OpenedDiffSource, looked: number): FinishedDiff {
  const { id, verdict, summary, before, after } = report;
  const named = [...tracesNamedIn(report)].flatMap((traceId) => source.refOf(traceId) ?? []);
  return {
    ...{ id, verdict, summary, named, looked },
    // A buffer of its own, which can be moved.
    report: new TextEncoder().encode(canonicalize(report)),
    periods: { before: periodOf(before), after: periodOf(after) },
  };
}

function periodOf({ from, to }: Report['before']): ComparedPeriod | null {
  // Its end is that of the last trace, which is to be held too.
  return from === null || to === null ? null : { from: Date.parse(from), to: Date.parse(to) + 1 };
}
