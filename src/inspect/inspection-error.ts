import type { InspectionErrorCode } from './inspection.ts';

/** Why a file's inside can't be had. `message`: one clause without a full stop, safe to show. */
export class InspectionError extends Error {
  override name = 'InspectionError';
  readonly code: InspectionErrorCode;

  constructor(code: InspectionErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export function malformed(message: string, cause?: unknown): InspectionError {
  return new InspectionError('malformed', message, { cause });
}

export function tooMuch(message: string): InspectionError {
  return new InspectionError('too-much', message);
}

/** A name out of a file as messages show it: on one line, and short. */
export function quoted(name: string): string {
  const text = name.length > 80 ? `${name.slice(0, 80).toWellFormed()}…` : name;
  return JSON.stringify(text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd'));
}
