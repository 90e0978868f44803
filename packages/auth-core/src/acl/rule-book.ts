import { type AddressBytes, parseAddress } from '../network/address.ts';
import { type Cidr, inCidr, parseCidr } from '../network/cidr.ts';
import { type AccessCondition, type AccessRule, aclRulesOf, alternativesOf } from './access-rule.ts';
import { type AccessAround, NOTHING_AROUND } from './authorize.ts';
import { type AclRule } from './rule.ts';
import { type AclSubject, hasPlaceholder } from './substitute.ts';

/** Selections that are remembered, so that clients of one kind share their prepared rules. */
const SELECTIONS_MAX = 1_000;

/** The global rules, made ready to be asked which of them are about a client. */
export interface RuleBook {
  readonly size: number;
  /** The rules about this subject, in their order; the same object for subjects that the same rules are about. */
  around(subject: AclSubject): AccessAround;
}

interface Entry {
  readonly order: number;
  readonly rule: AccessRule;
  readonly acl: readonly AclRule[];
  readonly alternatives: readonly (readonly Test[])[];
}

/** What the tests look at; the address is read once. */
interface Facts {
  readonly subject: AclSubject;
  readonly address: AddressBytes | undefined;
}

type Test = (facts: Facts) => boolean;

/** No global rules: only the client's own decide, and none denies. */
export const EMPTY_BOOK: RuleBook = { size: 0, around: () => NOTHING_AROUND };

/** Makes a book of rules in their order; `noMatch` is what becomes of what no rule is about. */
export function createRuleBook(
  rules: readonly AccessRule[],
  noMatch: AccessAround['noMatch'] = 'deny',
): RuleBook {
  if (rules.length === 0 && noMatch === 'deny') return EMPTY_BOOK;
  const entries = rules.map(entryOf);
  const byUsername = new Map<string, Entry[]>();
  const byClientId = new Map<string, Entry[]>();
  const general: Entry[] = [];
  for (const entry of entries) {
    const { who } = entry.rule;
    if (who !== 'all' && 'username' in who) add(byUsername, who.username, entry);
    else if (who !== 'all' && 'clientId' in who) add(byClientId, who.clientId, entry);
    else general.push(entry);
  }
  const selections = new Map<string, AccessAround>();
  const of = (chosen: readonly Entry[]): AccessAround => {
    const key = chosen.map(({ order }) => order).join();
    const known = selections.get(key);
    if (known !== undefined) return known;
    if (selections.size >= SELECTIONS_MAX) selections.clear();
    const around = aroundOf(chosen, noMatch);
    selections.set(key, around);
    return around;
  };
  return {
    size: rules.length,
    around(subject) {
      const { username, clientId, ip } = subject;
      const facts: Facts = { subject, address: ip === undefined ? undefined : parseAddress(ip) };
      const chosen = general.filter((entry) => isMeant(entry, facts));
      const named = [
        ...(username === undefined ? [] : (byUsername.get(username) ?? [])),
        ...(byClientId.get(clientId) ?? []),
      ];
      if (named.length === 0) return of(chosen);
      return of([...chosen, ...named].sort((one, other) => one.order - other.order));
    },
  };
}

function add(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}

const entryOf = (rule: AccessRule, order: number): Entry => ({
  order,
  rule,
  acl: aclRulesOf(rule),
  alternatives: alternativesOf(rule.who).map((conditions) =>
    conditions.map((condition) => testOf(condition, rule.permission)),
  ),
});

function aroundOf(chosen: readonly Entry[], noMatch: AccessAround['noMatch']): AccessAround {
  const of = (phase: AccessRule['phase']): readonly AclRule[] =>
    chosen.filter(({ rule }) => rule.phase === phase).flatMap(({ acl }) => acl);
  const before = of('before');
  const after = of('after');
  return { before, after, noMatch, isPersonal: [...before, ...after].some(hasPlaceholder) };
}

const isMeant = ({ alternatives }: Entry, facts: Facts): boolean =>
  alternatives.some((tests) => tests.every((test) => test(facts)));

function testOf(condition: AccessCondition, permission: AccessRule['permission']): Test {
  if ('username' in condition) return ({ subject }) => subject.username === condition.username;
  if ('clientId' in condition) return ({ subject }) => subject.clientId === condition.clientId;
  if ('tag' in condition) return ({ subject }) => subject.tags?.includes(condition.tag) === true;
  if ('cn' in condition) return ({ subject }) => subject.commonName === condition.cn;
  return inNetwork(parseCidr(condition.ip), permission);
}

/**
 * Where an address is not known (a session that a restart brought back, until its client is) nothing is taken from it
 * that it had: it is asked again when its client comes. A network that cannot be read opens nothing.
 */
const inNetwork =
  (network: Cidr | undefined, permission: AccessRule['permission']): Test =>
  ({ subject, address }) => {
    if (network === undefined) return permission === 'deny';
    if (address === undefined) return subject.ip === undefined && permission === 'allow';
    return inCidr(network, address);
  };
