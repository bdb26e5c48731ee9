import { describe, expect, test } from 'vitest';
import { labelInput } from '../../src/contract/label.ts';
import { pushedReading } from '../../src/contract/observation.ts';
import { fieldErrors, formatPath } from '../../src/contract/path.ts';

/** The paths of what is wrong. */
function wrongIn(schema: typeof labelInput | typeof pushedReading, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return error ? fieldErrors(error).map(({ path }) => path) : [];
}

const file = { path: 'model.onnx', blobId: Buffer.alloc(32).toString('base64url') };

test('a place in a request is named as it would be written in code', () => {
  expect(formatPath(['traces', 3, 'startedAt'])).toBe('traces[3].startedAt');
  expect(formatPath(['a', 'b', 0, 1])).toBe('a.b[0][1]');
  expect(formatPath([])).toBe('');
});

describe('what is wrong with a request', () => {
  test('is told a field each, an unknown one by its own name', () => {
    const source = { kind: 'manifest', url: 'ftp://example.test', colour: 'red' };
    expect(wrongIn(labelInput, { source, every: '1w', evry: '30s' })).toEqual([
      'source.url',
      'source.colour',
      'every',
      'evry',
    ]);
  });

  test.each([
    [{ files: [file], note: 1 }, ['note']],
    [{ absent: true, note: 1 }, ['note']],
    [{ absent: 'yes' }, ['absent']],
    [{ files: 'model.onnx' }, ['files']],
    [{ absent: true, receivedAt: '2026-11-17' }, ['receivedAt']],
    [{ files: [{ ...file, path: '/etc/passwd' }] }, ['files[0].path']],
    [
      {
        requestedAt: 'tuesday',
        files: [file, { path: '../x', blobId: 'x' }, { path: '', blobId: 'y' }],
      },
      ['requestedAt', 'files[1].path', 'files[1].blobId', 'files[2].path', 'files[2].blobId'],
    ],
  ])('is told of the form that was meant: %j', (value, paths) => {
    expect(wrongIn(pushedReading, value)).toEqual(paths);
  });
});
