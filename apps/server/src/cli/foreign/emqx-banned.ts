import type { BlockKindDto } from '@gatehouse/contract';
import { left, together, type Foreign, type ForeignBlock } from './foreign.ts';
import { isTree, textOf } from './tree.ts';

const KINDS: Readonly<Record<string, BlockKindDto>> = {
  clientid: 'clientId',
  username: 'username',
  peerhost: 'ip',
  peerhost_net: 'cidr',
};
const COMMENT_MAX = 500;

/** Whom: `{"who": {"clientid": "c"}}` of an export of 4.3, `{"as": "clientid", "who": "c"}` of its API and of EMQX 5. */
function targetOf(as: unknown, who: unknown): Pick<ForeignBlock['block'], 'kind' | 'value'> | string {
  const [[kindName, named] = ['', undefined], ...others] = isTree(who)
    ? Object.entries(who)
    : [[textOf(as) ?? '', who] as const];
  const kind = others.length > 0 ? undefined : KINDS[kindName];
  const value = textOf(named);
  if (kind === undefined) return 'it bans what is no client ID, username or address';
  return value === undefined ? 'it names nobody' : { kind, value };
}

/** Seconds since the epoch in 4.3, ISO 8601 in EMQX 5; null: for ever, undefined: neither. */
function endOf(until: unknown): number | null | undefined {
  if (until === undefined || until === null || until === 'infinity') return null;
  if (typeof until === 'number') return until * 1_000;
  const at = typeof until === 'string' ? Date.parse(until) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** What of a ban is told beside whom and until when. */
const commentOf = (by: unknown, reason: unknown): string =>
  [
    'EMQX',
    ...(textOf(by) === undefined ? [] : [`by ${String(by)}`]),
    ...(textOf(reason) === undefined ? [] : [String(reason)]),
  ]
    .join(', ')
    .slice(0, COMMENT_MAX);

function blockOf(entry: unknown, now: number): ForeignBlock['block'] | string | undefined {
  if (!isTree(entry)) return 'is not an object';
  const target = targetOf(entry['as'], entry['who']);
  if (typeof target === 'string') return target;
  const until = endOf(entry['until']);
  if (until === undefined) return 'its end is no time';
  if (until !== null && until <= now) return undefined;
  const expiresAt = until === null ? null : new Date(until).toISOString();
  return { ...target, expiresAt, comment: commentOf(entry['by'], entry['reason']) };
}

/** Bans of an export; those that have ended by `now` (milliseconds since the epoch) are passed over. */
export function readEmqxBanned(file: string, key: string, bans: unknown, now: number): Foreign {
  if (!Array.isArray(bans)) return together([left(`${file}, ${key}`, 'is not a list')]);
  return together(
    bans.map((entry: unknown, index) => {
      const at = `${file}, ${key} ${index + 1}`;
      const block = blockOf(entry, now);
      if (block === undefined) return {};
      return typeof block === 'string' ? left(at, block) : { blocks: [{ at, block }] };
    }),
  );
}
