import type { BlockKind } from '@gatehouse/auth-core';
import { iso } from '../../../present/time.ts';
import { fact, quoted } from '../statement.ts';
import type { Cause } from './cause.ts';

const WORDS: Readonly<Record<BlockKind, string>> = {
  clientId: 'client ID',
  username: 'username',
  ip: 'address',
  cidr: 'network',
  fingerprint: 'certificate',
  pattern: 'pattern',
};

/** Which block it was, who made it and why; or that it is there no longer. */
export const blockedBy: Cause = (_row, { block }, now) => {
  if (block === null) return [fact('unblocked-since', {}, 'The block has been removed since.')];
  const { kind, value, createdBy: by, createdAt, expiresAt, comment } = block;
  const at = iso(createdAt);
  const made = fact(
    'blocked-by',
    { by, kind, value, at },
    `${by} blocked the ${WORDS[kind]} ${quoted(value)} at ${at}.`,
  );
  const why =
    comment === '' ? null : fact('block-comment', { comment }, `The comment says: ${quoted(comment)}.`);
  if (expiresAt === null) return [made, why];
  const end = iso(expiresAt);
  return expiresAt <= now
    ? [made, why, fact('block-ended', { at: end }, `It ended at ${end}.`)]
    : [made, why, fact('blocked-until', { at: end }, `It ends at ${end}.`)];
};
