import { beginsLike, MEDIA_TYPES } from './media-type.js';

/** First bytes as the formats' own specifications give them. */
const STARTS: Record<string, string> = {
  'audio/mpeg': '49443304000000000000',
  'audio/mp4': '00000020667479704d344120',
  'audio/ogg': '4f67675300020000000000000000',
  'audio/wav': '524946462400000057415645666d7420',
  'audio/webm': '1a45dfa39f4286810142f78101',
  'image/png': '89504e470d0a1a0a0000000d49484452',
  'image/jpeg': 'ffd8ffe000104a46494600010100',
  'image/webp': '524946462400000057454250565038',
  'image/gif': '474946383961010001008000',
  'video/mp4': '000000186674797069736f6d00000200',
};

const HOSTILE = [
  '<svg xmlns="http://www.w3.org/2000/svg">',
  '<!doctype html><script>',
  '',
  'MZ\x90\0',
];

describe('a file', () => {
  it.each(MEDIA_TYPES)('of %s is told by how it begins', (mediaType) => {
    const like = Object.entries(STARTS)
      .filter(([, start]) => beginsLike(mediaType, Buffer.from(start, 'hex')))
      .map(([type]) => type);
    // MP4 says by its start that it is MP4, not whether it has pictures.
    const expected = mediaType.endsWith('/mp4') ? ['audio/mp4', 'video/mp4'] : [mediaType];
    expect(like).toEqual(expected);
    for (const text of HOSTILE) expect(beginsLike(mediaType, Buffer.from(text))).toBe(false);
  });

  it.each([
    ['fffb9064', true],
    ['fff384c4', true],
    // AAC in ADTS frames, whose layer is 0, and a reserved version.
    ['fff15080', false],
    ['ffeb9064', false],
  ])('of MPEG frames alone that begins with %s: %p', (start, expected) => {
    expect(beginsLike('audio/mpeg', Buffer.from(start, 'hex'))).toBe(expected);
  });

  it('of a type we do not take is never right', () => {
    expect(beginsLike('image/svg+xml', Buffer.from('<svg>'))).toBe(false);
    expect(beginsLike('toString', Buffer.from('<svg>'))).toBe(false);
  });
});
