/** Why a trace has its label, or none, in words. */
import type { LabelBy, Origin } from '../store/mapping.ts';

/** By what a trace has its label. */
export const LABEL_BY: Readonly<Record<LabelBy, string>> = {
  given: 'it was sent with it',
  declared: 'its span names the label',
  blob: 'the one label that holds the blob it names',
  rule: 'a rule maps it',
  model: 'its model is called so',
};

type Models = Pick<Origin, 'requestModel' | 'responseModel'>;

/** The model that an unmapped trace names. @param text makes what comes from outside harmless */
export function modelText(origin: Models | null, text: (from: string) => string): string {
  return text(origin?.requestModel ?? origin?.responseModel ?? 'no model');
}

/** What is to be said of a trace that no label has. @param text makes what comes from outside harmless */
export function unmappedSentence(
  origin: Models | null,
  declaredBlobId: string | null,
  text: (from: string) => string,
): string {
  const { requestModel, responseModel } = origin ?? {};
  const models = [
    requestModel == null ? '' : ` asked for ${text(requestModel)}`,
    responseModel == null ? '' : ` answered by ${text(responseModel)}`,
  ].filter((part) => part !== '');
  const which = models.length > 0 ? `:${models.join(',')}` : '; its span names no model';
  const unmapped = `unmapped: no label has it, so no reading says what produced it${which}`;
  if (declaredBlobId === null) return unmapped;
  return `declared: the trace itself names blob ${text(declaredBlobId)}, unverified; ${unmapped}`;
}
