import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { eventBody } from '../../src/alert/cloud-event.ts';
import { newSecret } from '../../src/alert/secret.ts';
import { signedHeaders } from '../../src/alert/signature.ts';
import { event, TYPES } from './events.ts';

const VECTOR = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  sentAt: 1_614_265_330_000,
  body: Buffer.from('{"test": 2432232314}'),
};
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

describe('a signature', () => {
  it.each(['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])(
    "is the specification's own, with the secret %s",
    (secret) => {
      expect(signedHeaders({ ...VECTOR, secrets: [secret] })).toEqual({
        'webhook-id': VECTOR.id,
        'webhook-timestamp': '1614265330',
        'webhook-signature': SIGNATURE,
      });
    },
  );

  it.each(TYPES)('of %s verifies', (type) => {
    const body = eventBody(event(type));
    const secret = newSecret();
    const headers = signedHeaders({ id: 'x', sentAt: Date.now(), body, secrets: [secret] });
    const verified = new Webhook(secret).verify(body, headers);
    expect(verified).toEqual(JSON.parse(body.toString()));
    expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow('No matching signature');
  });

  it('covers every byte of the body, whatever characters it is of', () => {
    const secret = newSecret();
    const body = Buffer.from(JSON.stringify('ä€😀\u0000'));
    const headers = signedHeaders({ id: 'x', sentAt: Date.now(), body, secrets: [secret] });
    const changed = Buffer.from(body);
    changed[1]! ^= 1;
    new Webhook(secret).verify(body, headers);
    expect(() => new Webhook(secret).verify(changed, headers)).toThrow('No matching signature');
  });

  it('is one for each secret, the newest first, and either verifies', () => {
    const [now, before] = [newSecret(), newSecret()];
    const message = { ...VECTOR, sentAt: Date.now() };
    const headers = signedHeaders({ ...message, secrets: [now, before] });
    const alone = [now, before].map(
      (secret) => signedHeaders({ ...message, secrets: [secret] })['webhook-signature'],
    );
    expect(headers['webhook-signature']).toBe(alone.join(' '));
    for (const secret of [now, before]) new Webhook(secret).verify(message.body, headers);
  });

  it('is left out where there is no secret', () => {
    const headers = signedHeaders({ ...VECTOR, secrets: [] });
    expect(Object.keys(headers)).toEqual(['webhook-id', 'webhook-timestamp']);
  });
});
