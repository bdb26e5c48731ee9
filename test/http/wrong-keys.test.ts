import { describe, expect, it } from 'vitest';
import { senderAt, WrongKeys } from '../../src/http/wrong-keys.ts';

const MINUTE = 60_000;

function many(wrong: WrongKeys, sender: string, count: number, at: number): void {
  for (let i = 0; i < count; i++) wrong.add(sender, at);
}

describe('wrong keys', () => {
  it('are too many from the thirtieth in a minute on, until the minute is over', () => {
    const wrong = new WrongKeys();
    many(wrong, 'a', 29, 0);
    expect(wrong.areTooMany('a', 1)).toBe(false);
    wrong.add('a', 10);
    expect(wrong.areTooMany('a', MINUTE - 1)).toBe(true);
    expect(wrong.areTooMany('a', MINUTE)).toBe(false);
  });

  it('are counted for each sender alone', () => {
    const wrong = new WrongKeys();
    many(wrong, 'a', 30, 0);
    expect([wrong.areTooMany('a', 1), wrong.areTooMany('b', 1)]).toEqual([true, false]);
  });

  it('are kept of ten thousand senders: the one not heard of for longest is forgotten', () => {
    const wrong = new WrongKeys();
    many(wrong, 'early', 30, 0);
    many(wrong, 'knocking', 30, 0);
    for (let i = 0; i < 9998; i++) wrong.add(`${i}`, 1);
    expect(wrong.areTooMany('knocking', 2)).toBe(true);
    wrong.add('one more', 3);
    expect([wrong.areTooMany('knocking', 4), wrong.areTooMany('early', 4)]).toEqual([true, false]);
  });
});

describe('a sender', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::9', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
    [undefined, 'unknown'],
    ['/tmp/socket', 'unknown'],
  ])('at %s is %s', (address, sender) => {
    expect(senderAt(address)).toBe(sender);
  });
});
