import { publish } from './publication.js';

const never = {
  id: 'item',
  identifier: 'q1',
  version: 0,
  latestVersionId: null,
  latestVersionNumber: 0,
  latestHash: '',
};
const once = {
  ...never,
  version: 1,
  latestVersionId: 'v1',
  latestVersionNumber: 1,
  latestHash: 'a',
};

describe('publishing', () => {
  it.each([
    [never, 'a', { versionId: 'new', versionNumber: 1, change: 'created' }],
    [once, 'b', { versionId: 'new', versionNumber: 2, change: 'new-version' }],
    [once, 'a', { versionId: 'v1', versionNumber: 1, change: 'unchanged' }],
  ])('%j with hash %s', (standing, hash, expected) => {
    expect(publish(standing, hash, 'new')).toEqual({ id: 'item', ...expected });
  });
});
