/** What a span says that decides on its label. */
import { blobId, labelName } from '../../contract/names.ts';
import type { LabelFacts } from '../../store/mapping.ts';
import type { OtlpSpan } from '../otlp/span.ts';
import { textAt, unusable } from './attribute.ts';
import type { Inference } from './inference.ts';

/** An attribute that could not be taken for what its name says. Its value is kept among the attributes. */
export interface AttributeProblem {
  attribute: string;
  message: string;
}

export const LABEL = 'underlabel.label';
export const BLOB_ID = 'underlabel.blob_id';

/** @param inference of this span */
export function labelFactsOf(
  span: OtlpSpan,
  inference: Inference,
): { facts: LabelFacts; problems: AttributeProblem[] } {
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
  return { facts, problems };
}

/** On the span, else on the resource; one that is wrong on the span isn't made good by the resource's. */
function declared(
  { attributes, resource }: OtlpSpan,
  name: string,
  schema: typeof labelName | typeof blobId,
  problems: AttributeProblem[],
): string | null {
  const given = attributes[name] ?? resource[name];
  if (given == null) return null;
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const message = typeof given === 'string' ? parsed.error.issues[0]!.message : 'is no text';
  problems.push({ attribute: name, message });
  return null;
}
