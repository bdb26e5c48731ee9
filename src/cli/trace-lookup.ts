/** The trace that a person means by its id, or by as much of it as a terminal showed. */
import type { TraceJson } from '../contract/trace.ts';
import type { FoundTraceIdsJson } from '../contract/trace-ids.ts';
import { type Answer, type Query, RefusedError, type Service, tracePath } from './client.ts';
import { CommandError } from './exit.ts';
import { shown } from './plain.ts';
import { remark } from './screen.ts';
import { idPart } from './short-id.ts';
import { table } from './table.ts';
import { clock } from './words.ts';

const MOST_LISTED = 5;

/**
 * A whole id always counts as one. A part is looked for by the service among the traces that began last.
 *
 * @param period `from` and `to`: when the trace began, where that is known
 * @throws CommandError where no trace fits, or several do
 */
export async function traceMeant(
  service: Service,
  given: string,
  query: Query,
  period: Query,
): Promise<Answer<TraceJson>> {
  try {
    return await service.get<TraceJson>(tracePath(given), query);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const id = await wholeId(service, given, period, error);
    return service.get<TraceJson>(tracePath(id), query);
  }
}

/** @param unknown what the service said of it as a whole id */
async function wholeId(
  service: Service,
  given: string,
  period: Query,
  unknown: RefusedError,
): Promise<string> {
  const part = idPart(given);
  if (part === null) throw unknown;
  const found = await foundIds(service, { ...part, ...period, limit: MOST_LISTED }, unknown);
  const [first, ...others] = found.items;
  if (first === undefined) {
    if (found.complete) throw unknown;
    const cause = { cause: unknown };
    throw new CommandError('refused', `${unknown.message}\n${notFurther(found)}`, cause);
  }
  if (others.length > 0) throw new CommandError('usage', severalText(given, found));
  if (!found.complete) {
    remark(`${shown(given)} is ${shown(first.id)}, the only one of ${lookedText(found)}`);
  }
  return first.id;
}

async function foundIds(
  service: Service,
  query: Query,
  unknown: RefusedError,
): Promise<FoundTraceIdsJson> {
  try {
    return (await service.get<FoundTraceIdsJson>('trace-ids', query)).body;
  } catch (error) {
    // An older service takes whole ids only.
    throw isNotFound(error) ? unknown : error;
  }
}

function isNotFound(error: unknown): error is RefusedError {
  return error instanceof RefusedError && error.problem.status === 404;
}

function severalText(given: string, found: FoundTraceIdsJson): string {
  const { items, more, complete } = found;
  const many = more ? `more than ${MOST_LISTED} traces` : `${items.length} traces`;
  const where = complete ? '' : `, of ${lookedText(found)}`;
  const rows = items.map(({ id, label, startedAt }) => [
    clock(startedAt),
    label === null ? 'unmapped' : shown(label),
    shown(id),
  ]);
  const [, ...listed] = table(['', '', ''], rows);
  return [
    `${shown(given)} fits the ids of ${many}${where}; which one is meant?`,
    ...listed.map((line) => `  ${line}`),
    ...(more ? ['  …'] : []),
    'Give more of the id: its beginning, or its beginning and its end with … or ... between them.',
  ].join('\n');
}

function notFurther(found: FoundTraceIdsJson): string {
  return `Only whole ids are found among all traces; for one that begins (and ends) so, ${lookedText(found)} were looked at. Give the whole id (traces ls --json has it), or say when the trace began, with --from and --to.`;
}

function lookedText({ looked, lookedFrom }: FoundTraceIdsJson): string {
  const since = lookedFrom === null ? '' : ` (since ${clock(lookedFrom)})`;
  return `the ${looked.toLocaleString('en')} traces that began last${since}`;
}
