import {
  type Attempt,
  looksLike,
  readBySourceRule,
  type SafeDetail,
  type Secret,
  type SourceHashRule,
  type SourceOptions,
  type SourceRecord,
} from '@gatehouse/auth-core';
import { hashRuleOf } from './source-hash.ts';

const DIGESTS = ['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'];
const MACFUNS = ['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512', 'ripemd160'];
/** Iterations that other systems come with; more would be guessing. */
const ITERATIONS = [1_000, 4_096, 10_000];
const HEX_CHARS_PER_BYTE = 2;

/**
 * What is asked for this client and what comes back, with the rules under which its password would have matched
 * (reference/emqx.md O5). Names of columns and the form of what is stored; never a value.
 */
export async function explainSource(options: SourceOptions, attempt: Attempt): Promise<SafeDetail> {
  const { lookup, rule } = options;
  const asked: SafeDetail = { ...lookup.shown, hashRule: rule.name };
  const found = await lookup.find(attempt);
  switch (found.result) {
    case 'none':
      return { ...asked, found: 'no record' };
    case 'timeout':
      return { ...asked, found: 'nothing', problem: `no answer within ${String(found.ms)} ms` };
    case 'unreachable':
      return { ...asked, found: 'nothing', problem: found.problem };
    case 'bad-result':
      return { ...asked, found: 'nothing usable', problem: found.what, columns: [...found.columns] };
    case 'record':
      return { ...asked, ...(await explainRecord(options, attempt, found.record)) };
  }
}

async function explainRecord(
  options: SourceOptions,
  attempt: Attempt,
  record: SourceRecord,
): Promise<SafeDetail> {
  const shape: SafeDetail = {
    found: 'a record',
    columns: [...record.columns],
    stored: looksLike(record.password),
    salt: record.salt === null ? 'none' : record.salt === '' ? 'empty' : 'present',
  };
  const { password } = attempt;
  if (password === undefined) return { ...shape, password: 'none was given' };
  const own = await matches(options, options.rule, record, password);
  if (own === 'matches') return { ...shape, password: own };
  const others: string[] = [];
  for (const rule of candidatesFor(record)) {
    if (rule.name !== options.rule.name && (await matches(options, rule, record, password)) === 'matches') {
      others.push(rule.name);
    }
  }
  return { ...shape, password: own, rulesThatMatch: others };
}

/** Whether the password fits the record under a rule, in words. */
async function matches(
  { name, verifier }: SourceOptions,
  rule: SourceHashRule,
  record: SourceRecord,
  password: Secret<Uint8Array>,
): Promise<string> {
  const read = readBySourceRule(rule, record);
  if ('problem' in read) return read.problem;
  const subject = {
    authenticator: `${name} (test)`,
    identity: rule.name,
    version: 0,
    hash: read.hash,
    password,
  };
  const { result } = await verifier.verify(subject);
  return result === 'match' ? 'matches' : result;
}

/** Rules under which the record could have been stored, cheap ones first; with its salt used, and not used. */
function candidatesFor({ password, salt }: SourceRecord): readonly SourceHashRule[] {
  const bytes = (password ?? '').length / HEX_CHARS_PER_BYTE;
  const names = [
    'plain',
    ...DIGESTS.flatMap((digest) => [digest, `salt,${digest}`, `${digest},salt`]),
    'bcrypt',
    'salt,bcrypt',
    ...(salt === null || salt === '' || !Number.isInteger(bytes)
      ? []
      : MACFUNS.flatMap((macfun) =>
          ITERATIONS.map((iterations) => `pbkdf2,${macfun},${String(iterations)},${String(bytes)}`),
        )),
  ];
  return names.flatMap((name) => withSaltIgnored(hashRuleOf(name)));
}

/** A rule that has no use for a salt is tried without the one that came: the query may select one for nothing. */
function withSaltIgnored(rule: SourceHashRule | undefined): readonly SourceHashRule[] {
  if (rule === undefined) return [];
  return [
    {
      name: rule.name,
      read: (stored, salt) => {
        const read = rule.read(stored, salt);
        return 'problem' in read && read.problem === 'salt-unexpected' ? rule.read(stored, null) : read;
      },
    },
  ];
}
