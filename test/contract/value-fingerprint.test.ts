import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprint, valueFingerprint } from '../../src/contract/fingerprint.ts';

test('a value has the fingerprint of its text, whatever it is', () => {
  const odd = fc.oneof(
    fc.json(),
    fc.constantFrom('{"a":"\\ud800"}', '9007199254740993', '{"b":1,"a":[1e400]}', '{"\\udc00":0}'),
  );
  fc.assert(
    fc.property(odd, (json) => {
      const value = JSON.parse(json);
      const text = JSON.stringify(value);
      expect(valueFingerprint(text, value)).toEqual(fingerprint(text, value));
    }),
    { numRuns: 500 },
  );
});
