import { type AclAction, type AclRule } from '../acl/rule.ts';
import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import { parseAddress } from '../network/address.ts';
import { inCidr, parseCidr } from '../network/cidr.ts';

/** One row of EMQX's `mqtt_acl` (reference/emqx.md §1.3), by column; what was not selected is absent. */
export type AclRow = Readonly<Record<string, unknown>>;

/** Rules of one client beyond this number are an answer that cannot be used. */
export const SOURCE_RULES_MAX = 1_000;

const TOPIC_CHARS_MAX = 1_024;

/**
 * The rules that rows of EMQX's ACL table give a client, in their order: `allow` (1/0), `ipaddr`, `username` (`$all`:
 * everybody), `clientid`, `access` (1 subscribe, 2 publish, 3 both), `topic` (`eq …`: that very text). A row about
 * somebody else is passed over; one that selects who and names nobody too. A row that cannot be read refuses all.
 */
export function rulesOfRows(
  rows: readonly AclRow[],
  attempt: Attempt,
): { readonly rules: readonly AclRule[] } | { readonly problem: string } {
  if (rows.length > SOURCE_RULES_MAX) return { problem: `more than ${SOURCE_RULES_MAX} rules` };
  const rules: AclRule[] = [];
  for (const row of rows) {
    const permission = permissionOf(row['allow']);
    const action = actionOf(row['access']);
    const { topic } = row;
    if (permission === undefined) return { problem: 'the column "allow" is neither 1 nor 0' };
    if (action === undefined) return { problem: 'the column "access" is none of 1, 2 and 3' };
    if (typeof topic !== 'string' || topic === '' || topic.length > TOPIC_CHARS_MAX) {
      return { problem: 'the column "topic" is no topic' };
    }
    if (appliesTo(row, attempt, permission)) rules.push(aclRule(permission, action, topic));
  }
  return { rules };
}

/** A rule whose topic may be written as EMQX's `eq` form. */
export const aclRule = (permission: AclRule['permission'], action: AclAction, topic: string): AclRule =>
  topic.startsWith('eq ')
    ? { permission, action, topic: topic.slice(3), literal: true }
    : { permission, action, topic };

function permissionOf(value: unknown): AclRule['permission'] | undefined {
  if (isTrue(value) || value === 'allow') return 'allow';
  if (value === 0 || value === false || value === '0' || value === 'deny') return 'deny';
  return undefined;
}

/** What databases say for "yes" where EMQX's tables say 1; anything else is "no". */
export const isTrue = (value: unknown): boolean =>
  value === 1 || value === 1n || value === true || value === '1' || value === 'true';

const ACTIONS: ReadonlyMap<string, AclAction> = new Map([
  ['1', 'subscribe'],
  ['2', 'publish'],
  ['3', 'all'],
  ['subscribe', 'subscribe'],
  ['publish', 'publish'],
  ['all', 'all'],
]);

/** EMQX's number for what a rule is about, or EMQX 5's word; undefined for anything else. */
export const actionOf = (access: unknown): AclAction | undefined =>
  typeof access === 'number' || typeof access === 'string' ? ACTIONS.get(String(access)) : undefined;

const WHO_COLUMNS = ['ipaddr', 'username', 'clientid'] as const;

function appliesTo(row: AclRow, attempt: Attempt, permission: AclRule['permission']): boolean {
  const selected = WHO_COLUMNS.filter((column) => row[column] !== undefined);
  // The query itself said whom it is about.
  if (selected.length === 0) return true;
  const named = selected.filter((column) => row[column] !== null && row[column] !== '');
  if (named.length === 0) return false;
  if (row['username'] === '$all') return true;
  return named.every((column) => names(column, String(row[column]), attempt, permission));
}

function names(
  column: (typeof WHO_COLUMNS)[number],
  value: string,
  attempt: Attempt,
  permission: AclRule['permission'],
): boolean {
  if (column === 'ipaddr') return coversAddress(value, attempt.ip);
  const own = column === 'username' ? usernameOf(attempt) : attempt.clientId;
  if (own === undefined) return false;
  // A database that takes "EMQX" for "emqx" admits both: a denial must not end where its spelling does.
  return value === own || (permission === 'deny' && folded(value) === folded(own));
}

/** Text as databases compare it where they are lenient: without case, accents and blanks at the end. */
const folded = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trimEnd();

function coversAddress(range: string, ip: string): boolean {
  const cidr = parseCidr(range);
  const address = parseAddress(ip);
  return cidr !== undefined && address !== undefined && inCidr(cidr, address);
}
