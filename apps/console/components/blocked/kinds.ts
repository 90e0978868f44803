import type { BlockKindDto } from '@gatehouse/contract';

/** What can be blocked, in the order in which it is offered. */
export const BLOCK_KINDS = ['clientId', 'username', 'ip', 'cidr', 'fingerprint', 'pattern'] as const;

/** Something that a page knows and that can be blocked. */
export interface BlockChoice {
  readonly kind: BlockKindDto;
  readonly value: string;
}

/** What of a client can be blocked: what it does not have is left out. */
export const choicesOf = (known: Readonly<Record<string, unknown>>): readonly BlockChoice[] =>
  BLOCK_KINDS.flatMap((kind) => {
    const value = known[kind];
    return typeof value === 'string' && value !== '' ? [{ kind, value }] : [];
  });
