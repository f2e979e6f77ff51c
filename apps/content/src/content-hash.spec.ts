import { contentHash } from './content-hash.js';

describe('a content hash', () => {
  it('is SHA-256 in hex', () => {
    // FIPS 180-4, the message "abc".
    expect(contentHash('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
