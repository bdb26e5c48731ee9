/** What tests expect of a problem. */
import { expect } from 'vitest';
import type { Asked } from './service-under-test.ts';

export function expectProblem(asked: Pick<Asked, 'status' | 'json'>, status: number, code: string) {
  expect(asked.status).toBe(status);
  expect(asked.json).toMatchObject({ type: `urn:underlabel:problem:${code}`, status });
  expect(asked.json.title).not.toBe('');
  expect(asked.json.detail).not.toBe('');
}

/** A 400 that names exactly these fields. */
export function expectFields(asked: Asked, ...paths: string[]) {
  expectProblem(asked, 400, 'bad-request');
  expect(asked.headers.get('content-type')).toBe('application/problem+json');
  expect(asked.json.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
}
