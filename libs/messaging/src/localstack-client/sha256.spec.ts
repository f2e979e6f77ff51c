import { createHash } from 'node:crypto';
import { Sha256 } from './sha256.js';

const hex = async (hash: Sha256) => Buffer.from(await hash.digest()).toString('hex');

test('without a key it is SHA-256', async () => {
  const hash = new Sha256();
  hash.update('a');
  hash.update(Buffer.from('bc'));
  expect(await hex(hash)).toBe(createHash('sha256').update('abc').digest('hex'));
});

test.each([
  ['a text', 'Jefe'],
  ['bytes', new TextEncoder().encode('Jefe')],
  ['a part of a larger buffer', new TextEncoder().encode('xxJefexx').subarray(2, 6)],
])(
  'with %s as key it is the HMAC of RFC 4231, test case 2, as often as it is used',
  async (_, key) => {
    for (let time = 1; time <= 2; time += 1) {
      const hash = new Sha256(key);
      hash.update('what do ya want for nothing?');
      expect(await hex(hash)).toBe(
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      );
    }
  },
);

test('it begins anew after a reset', async () => {
  const hash = new Sha256();
  hash.update('something');
  hash.reset();
  hash.update('abc');
  expect(await hex(hash)).toBe(createHash('sha256').update('abc').digest('hex'));
});
