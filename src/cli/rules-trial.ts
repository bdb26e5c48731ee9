/** Rules tried on the spans of a file: reads both, and shows which label each span would get. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { type LabelRule, labelRules } from '../contract/label-rule.ts';
import { fieldErrors } from '../contract/path.ts';
import type { OtlpSpan } from '../ingest/otlp/span.ts';
import { inferenceOf } from '../ingest/spans/inference.ts';
import { labelFactsOf } from '../ingest/spans/label-facts.ts';
import { explainedMapping } from '../ingest/spans/mapping-steps.ts';
import { compileRules, type LabelRules, type Mapping } from '../ingest/spans/rules.ts';
import { printJson } from './asking.ts';
import { CONFIG_FILE } from './config-file.ts';
import { CommandError, EXIT, type Exit } from './exit.ts';
import { pathOf } from './folder.ts';
import { shown } from './plain.ts';
import { type TestedSpan, testedSpanLines } from './rules-page.ts';
import { print, remark } from './screen.ts';
import { type SpanFile, SpanFileError, spansIn } from './span-file.ts';

export interface TrialOptions {
  rules?: string;
  label: string[];
  json?: true;
}

/** @throws CommandError where the rules or the spans can't be read */
export async function testRules(file: string, options: TrialOptions): Promise<Exit> {
  const rules = compileRules(await readRules(options.rules));
  const { spans, rejected } = await readSpans(file);
  for (const message of rejected) remark(shown(`${file}: a span can't be read: ${message}`));
  const labels = new Set(options.label);
  const tested = spans.flatMap((span) => test(span, rules, (name) => labels.has(name)) ?? []);
  if (options.json) printJson(JSON.stringify(tested.map(jsonOf)));
  else show(tested, spans.length - tested.length);
  if (rejected.length > 0) return EXIT.error;
  return tested.length > 0 && tested.every(({ mapping }) => isMapped(mapping))
    ? EXIT.fine
    : EXIT.no;
}

/** @returns null for a span that is no inference */
function test(
  span: OtlpSpan,
  rules: LabelRules,
  isLabel: (name: string) => boolean,
): TestedSpan | null {
  const inference = inferenceOf(span);
  if (!inference) return null;
  const { facts, problems, stamped } = labelFactsOf(span, inference);
  const explained = explainedMapping(facts, rules, isLabel);
  return { name: span.name, inference, facts, problems, stamped, ...explained };
}

/** Which label holds a blob only a service knows; what is certain without one counts. */
function isMapped(mapping: Mapping): boolean {
  return mapping.by === 'blob' ? mapping.otherwise.label !== null : mapping.label !== null;
}

function show(tested: readonly TestedSpan[], others: number): void {
  tested.forEach((one, i) => {
    if (i > 0) print();
    for (const line of testedSpanLines(one)) print(line);
  });
  if (others === 0 && tested.length > 0) return;
  if (tested.length > 0) print();
  const without = `${others} ${others === 1 ? 'span is' : 'spans are'} no inference: kept as context, without a label`;
  print(others === 0 ? 'There is no span.' : without);
}

function jsonOf({ name, facts, problems, mapping, steps }: TestedSpan) {
  const { by } = mapping;
  const decided = mapping.by === 'blob' ? mapping.otherwise : mapping;
  const rule = decided.by === 'rule' ? decided.rule + 1 : null;
  return { name, by, label: decided.label, rule, ...facts, problems, steps };
}

async function readSpans(file: string): Promise<SpanFile> {
  const bytes = file === '-' ? await buffer(process.stdin) : await bytesOf(file);
  try {
    return spansIn(bytes.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof SpanFileError)) throw cause;
    throw new CommandError('file', `${shown(file)} has no spans: ${cause.message}`, { cause });
  }
}

async function readRules(file: string | undefined): Promise<LabelRule[]> {
  const name = file ?? CONFIG_FILE;
  const given = await rulesIn(name, file === undefined);
  const parsed = labelRules.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = fieldErrors(parsed.error, ['rules']).map(
    ({ path, message }) => `\n  ${shown(`${path}: ${message}`)}`,
  );
  throw new CommandError('setting', `${shown(name)}: the rules can't be used:${wrong.join('')}`);
}

/** @param optional whether there may be no such file, and so no rules */
async function rulesIn(name: string, optional: boolean): Promise<unknown> {
  let value: unknown;
  try {
    value = JSON.parse((await bytesOf(name)).toString('utf8'));
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    if (optional && cause?.code === 'ENOENT') return [];
    if (error instanceof CommandError) throw error;
    // The parser's own words quote the file, and the config file may hold secrets.
    throw new CommandError('file', `${shown(name)} is not JSON; no rules could be read`);
  }
  if (Array.isArray(value)) return value;
  const { rules } = (value ?? {}) as { rules?: unknown };
  return rules ?? (optional ? [] : value);
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(pathOf(file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const text = `${shown(file)} can't be read (${code}). Check the path.`;
    throw new CommandError('file', text, { cause });
  }
}
