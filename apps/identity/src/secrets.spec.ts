import { newId } from '@parlance/kernel';
import fc from 'fast-check';
import {
  newInvitationCode,
  newRefreshToken,
  parseInvitationCode,
  parseRefreshToken,
  sameHash,
} from './secrets.js';

test('what is handed out can be found again by the ids it begins with', () => {
  const [institutionId, sessionId] = [newId(), newId()];
  const { token, hash } = newRefreshToken(institutionId, sessionId);
  const parsed = parseRefreshToken(token);
  expect(parsed).toMatchObject({ institutionId, sessionId });
  expect(sameHash(parsed?.hash ?? Buffer.alloc(0), hash)).toBe(true);
  const invitation = newInvitationCode(institutionId);
  expect(parseInvitationCode(invitation.token)?.institutionId).toBe(institutionId);
  expect(invitation.token).toHaveLength(43);
});

test('no two are alike', () => {
  const [a, b] = [newId(), newId()];
  expect(newRefreshToken(a, b).token).not.toBe(newRefreshToken(a, b).token);
});

test('anything else is not one, and never an error', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseRefreshToken(text)).toBeUndefined();
      expect(parseInvitationCode(text)).toBeUndefined();
    }),
  );
});

test('bytes that are no ids are turned away before any look-up', () => {
  expect(parseRefreshToken('A'.repeat(86))).toBeUndefined();
  expect(parseInvitationCode('A'.repeat(43))).toBeUndefined();
});

test('a changed character is another secret', () => {
  const { token, hash } = newRefreshToken(newId(), newId());
  const changed = `${token.slice(0, 60)}${token[60] === 'A' ? 'B' : 'A'}${token.slice(61)}`;
  expect(sameHash(parseRefreshToken(changed)?.hash ?? hash, hash)).toBe(false);
});
