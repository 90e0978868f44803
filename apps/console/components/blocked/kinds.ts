import { networkOf } from '@gatehouse/auth-core/network';
import type { BlockKindDto } from '@gatehouse/contract';

/** What can be blocked, in the order in which it is offered. */
export const BLOCK_KINDS = ['clientId', 'username', 'ip', 'cidr', 'fingerprint', 'pattern'] as const;

/** Something that a page knows and that can be blocked. */
export interface BlockChoice {
  readonly kind: BlockKindDto;
  readonly value: string;
}

const ESCAPED = /[\\.+*?()|[\]{}^$]/g;
/** Characters of a pattern, as the API takes it. */
const PATTERN_CHARACTERS_MAX = 256;

interface Known {
  readonly clientId: string;
  readonly username: string | null;
  readonly ip: string | null;
}

/** What several clients have in common, and a pattern that names just them where it is not too long. */
export function choicesOfMany(clients: readonly Known[]): readonly BlockChoice[] {
  const [first, ...others] = clients;
  if (first === undefined || others.length === 0) return choicesOf({ ...first });
  const value = clients.map(({ clientId }) => clientId.replaceAll(ESCAPED, String.raw`\$&`)).join('|');
  const shared = (['username', 'ip'] as const).filter((kind) =>
    others.every((one) => one[kind] === first[kind]),
  );
  return [
    ...(value.length > PATTERN_CHARACTERS_MAX ? [] : [{ kind: 'pattern', value } as const]),
    ...choicesOf(Object.fromEntries(shared.map((kind) => [kind, first[kind]]))),
  ];
}

/**
 * The same for one who was refused. Who was slowed for guessing is met by its address first: names are what is guessed. Others
 * by what they call themselves, for an address may be that of a whole fleet.
 */
export const choicesOfRefused = (
  known: Readonly<Record<string, unknown>>,
  reason: string,
): readonly BlockChoice[] => {
  const choices = choicesOf(known);
  if (reason !== 'TOO_MANY_FAILURES') return choices;
  return choices.toSorted((a, b) => Number(b.kind === 'ip') - Number(a.kind === 'ip'));
};

/** What of a client can be blocked: what it does not have is left out. */
export const choicesOf = (known: Readonly<Record<string, unknown>>): readonly BlockChoice[] =>
  BLOCK_KINDS.flatMap((kind) => {
    const { ip } = known;
    const value = known[kind] ?? (kind === 'cidr' && typeof ip === 'string' ? networkOf(ip) : undefined);
    return typeof value === 'string' && value !== '' ? [{ kind, value }] : [];
  });
