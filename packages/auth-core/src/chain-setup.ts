import type { GroupBind } from './require.ts';

/** A `require` group as it is written: names of authenticators that must all allow (auth.md §2). */
export interface RequireSetup {
  readonly require: readonly string[];
  /** The member whose principal is the session's; absent: the last one. */
  readonly identity?: string | undefined;
  /** Absent: `cn_username` where a member is about certificates, else `same_username`. */
  readonly bind?: GroupBind | undefined;
}

/** An entry of a chain as it is written: the name of an authenticator, or a group of them. */
export type ChainSetupEntry = string | RequireSetup;

/** The type of an authenticator; undefined when there is none of that name. */
type TypeOf = (name: string) => string | undefined;

/** What is wrong with a chain as written. */
export interface ChainProblem {
  /** Within the chain, dots between levels: `1.require.0`. */
  readonly path: string;
  readonly found: string;
  readonly accepted: string;
}

/** The authenticators that a chain names, in order. */
export const authenticatorsOf = (entries: readonly ChainSetupEntry[]): readonly string[] =>
  entries.flatMap((entry) => (typeof entry === 'string' ? [entry] : entry.require));

/** A group with what it leaves open filled in. */
export function completeGroup(
  { require, identity, bind }: RequireSetup,
  typeOf: TypeOf,
): { readonly require: readonly string[]; readonly identity: string; readonly bind: GroupBind } {
  const isCertified = require.some((name) => typeOf(name) === 'x509');
  return {
    require,
    identity: identity ?? require.at(-1) ?? '',
    bind: bind ?? (isCertified ? 'cn_username' : 'same_username'),
  };
}

/** Why a chain cannot be used as it is written; empty when it can. */
export function chainProblems(
  entries: readonly ChainSetupEntry[],
  names: readonly string[],
  typeOf: TypeOf,
): readonly ChainProblem[] {
  const unknown = (name: string, path: string): ChainProblem[] =>
    names.includes(name)
      ? []
      : [{ path, found: name, accepted: `names of authenticators: ${names.join(', ')}` }];
  return entries.flatMap((entry, index) => {
    const path = String(index);
    if (typeof entry === 'string') return unknown(entry, path);
    return [
      ...entry.require.flatMap((name, at) => unknown(name, `${path}.require.${at}`)),
      ...groupProblems(entry, path, typeOf),
      ...placeProblems(entries, index),
    ];
  });
}

function groupProblems(group: RequireSetup, path: string, typeOf: TypeOf): ChainProblem[] {
  const { require } = group;
  const problems: ChainProblem[] = [];
  const { identity, bind } = completeGroup(group, typeOf);
  if (!require.includes(identity)) {
    problems.push({ path: `${path}.identity`, found: identity, accepted: `one of ${require.join(', ')}` });
  }
  const exchanging = require.filter((name) => typeOf(name) === 'scram');
  if (exchanging.length > 1) {
    const accepted = 'one member of type scram: a client answers the questions of one';
    problems.push({ path: `${path}.require`, found: exchanging.join(', '), accepted });
  }
  const wantsCertificate = bind.startsWith('cn_') || bind.startsWith('san_');
  if (wantsCertificate && !require.some((name) => typeOf(name) === 'x509')) {
    const accepted = 'same_username or none, or a member of type x509';
    problems.push({ path: `${path}.bind`, found: bind, accepted });
  }
  return problems;
}

/** A group decides about everybody, so nothing may come after it; and no member may admit alone before it. */
function placeProblems(entries: readonly ChainSetupEntry[], index: number): ChainProblem[] {
  const problems: ChainProblem[] = [];
  const members = authenticatorsOf(entries.slice(index, index + 1));
  if (index < entries.length - 1) {
    const accepted = 'the last place of a chain: a group decides about everybody, nothing after it is asked';
    problems.push({ path: String(index), found: 'a group before other entries', accepted });
  }
  const others = authenticatorsOf(entries.filter((_, at) => at !== index));
  const repeated = members.filter((name, at) => others.includes(name) || members.indexOf(name) !== at);
  if (repeated.length > 0) {
    const accepted = 'each authenticator once: a member that is asked alone too requires nothing';
    problems.push({ path: `${index}.require`, found: [...new Set(repeated)].join(', '), accepted });
  }
  return problems;
}
