/** What a span says that decides on its label. */
import { blobId, labelName } from '../../contract/names.ts';
import type { LabelFacts } from '../../store/mapping.ts';
import type { Attributes, OtlpSpan } from '../otlp/span.ts';
import { textAt, unusable } from './attribute.ts';
import type { Inference } from './inference.ts';

/** An attribute that could not be taken for what its name says. Its value is kept among the attributes. */
export interface AttributeProblem {
  attribute: string;
  message: string;
}

/**
 * What our own client wrote on a span is what readings said, and no evidence beside them: taken for the
 * span's own word, readings would confirm themselves. It names what it wrote; where that is lost, its
 * other marks say that it was there, and nothing on the span counts.
 */
const STAMPED = 'underlabel.stamped';
const MARKS = [STAMPED, 'underlabel.stamped_by', 'underlabel.certainty'];

export const LABEL = 'underlabel.label';
export const BLOB_ID = 'underlabel.blob_id';

/**
 * @param inference of this span
 * @returns also which of its names our own client wrote, so that they declare nothing
 */
export function labelFactsOf(
  span: OtlpSpan,
  inference: Inference,
): { facts: LabelFacts; problems: AttributeProblem[]; stamped: string[] } {
  const problems: AttributeProblem[] = [];
  const narrow = (attribute: string, text: string | null) => {
    const problem = text === null ? null : unusable(text);
    if (problem === null) return text;
    problems.push({ attribute, message: `${problem}; the trace has none` });
    return null;
  };
  const facts = {
    service: narrow('service.name', textAt(span.resource, 'service.name')),
    provider: narrow('the provider', inference.provider),
    requestModel: narrow('the requested model', inference.requestModel),
    responseModel: narrow('the answering model', inference.responseModel),
    declaredLabel: declared(span, LABEL, labelName, problems),
    blobId: declared(span, BLOB_ID, blobId, problems),
  };
  const stamped = [LABEL, BLOB_ID].filter(
    (name) => span.attributes[name] != null && isStamped(span.attributes, name),
  );
  return { facts, problems, stamped };
}

/** On the span, else on the resource; one that is wrong on the span isn't made good by the resource's. */
function declared(
  { attributes, resource }: OtlpSpan,
  name: string,
  schema: typeof labelName | typeof blobId,
  problems: AttributeProblem[],
): string | null {
  const own = isStamped(attributes, name) ? null : attributes[name];
  const given = own ?? resource[name];
  if (given == null) return null;
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const message = typeof given === 'string' ? parsed.error.issues[0]!.message : 'is no text';
  problems.push({ attribute: name, message });
  return null;
}

/** Whether our own client wrote it on the span, from readings. */
function isStamped(attributes: Attributes, name: string): boolean {
  const names = attributes[STAMPED];
  if (Array.isArray(names)) return names.includes(name);
  return MARKS.some((mark) => attributes[mark] !== undefined);
}
