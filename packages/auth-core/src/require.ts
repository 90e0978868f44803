import { usernameOf } from './anonymous.ts';
import type { Attempt, ChainCertificate } from './attempt.ts';
import type { Authenticator } from './needs.ts';
import type { StepPolicy } from './settle.ts';
import type { Grant, SafeDetail } from './verdict.ts';

/**
 * What ties the members of a `require` group together, so that A's certificate never goes with B's password (auth.md §2):
 * the certificate's common name, or one of its alternative names, is the name that every other member proved
 * (`…_username`) or the client ID (`…_clientid`); `same_username` wants one proved name of all, for groups without a
 * certificate; `none` wants nothing.
 */
export const GROUP_BINDS = [
  'cn_username',
  'cn_clientid',
  'san_username',
  'san_clientid',
  'same_username',
  'none',
] as const;
export type GroupBind = (typeof GROUP_BINDS)[number];

/** One authenticator in its place in a chain, with what happens when it errs or does not match. */
export interface ChainStep extends StepPolicy {
  readonly authenticator: Authenticator;
  readonly enabled: boolean;
  /** Milliseconds that this step may take; an answer that comes later counts as an error. */
  readonly timeoutMs: number;
}

/**
 * Steps of which all must allow (auth.md §2). A group decides about everybody who reaches it: what a member does not
 * allow, it refuses, whatever that member's policies say.
 */
export interface RequireGroup {
  readonly require: readonly ChainStep[];
  /** The member whose principal is the session's. */
  readonly identity: string;
  readonly bind: GroupBind;
}

/** A member that allowed, and what it would grant alone. */
export interface AllowedBy {
  readonly name: string;
  readonly type: string;
  readonly grant: Grant;
}

/** How the trace and the detail of a refusal name a group. */
export const groupName = ({ require }: RequireGroup): string =>
  require.map(({ authenticator }) => authenticator.name).join(' + ');

/**
 * What a group grants: the principal of its identity step, no more than every member allows, no longer than the first of
 * them ends. Undefined when the identity step is none of those that allowed.
 */
export function grantOfGroup({ identity }: RequireGroup, allowed: readonly AllowedBy[]): Grant | undefined {
  const own = allowed.find(({ name }) => name === identity)?.grant;
  if (own === undefined) return undefined;
  const grants = [own, ...allowed.map(({ grant }) => grant).filter((grant) => grant !== own)];
  const superuser = grants.every((grant) => grant.superuser);
  // A superuser skips its own rules; those of the others still bind.
  const bounding = superuser ? [own] : grants.filter((grant) => !grant.superuser);
  const [rules = [], ...alsoWithin] = bounding.flatMap((grant) => [grant.rules, ...(grant.alsoWithin ?? [])]);
  const ends = grants.flatMap(({ expiresAt }) => expiresAt ?? []);
  const commonName = grants.find((grant) => grant.commonName !== undefined)?.commonName;
  // What a source says about a topic answers for its own rules, never for another member's.
  const asks = bounding.length === 1 ? bounding[0]?.asks : undefined;
  const [mountpoint] = mountpointsOf(grants);
  const tags = [...new Set(grants.flatMap((grant) => grant.tags ?? []))];
  const { asks: _ownAsks, ...rest } = own;
  return {
    ...rest,
    ...(mountpoint === undefined ? {} : { mountpoint }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(asks === undefined ? {} : { asks }),
    superuser,
    rules,
    alsoWithin,
    required: [...new Set(grants.flatMap(({ credentialId }) => credentialId ?? []))],
    ...(commonName === undefined ? {} : { commonName }),
    // All speak for one client: what one of them proves about its client ID is proved.
    bindsClientId: grants.some((grant) => grant.bindsClientId),
    expiresAt: ends.length === 0 ? undefined : Math.min(...ends),
  };
}

const mountpointsOf = (grants: readonly Grant[]): readonly string[] => [
  ...new Set(grants.flatMap(({ mountpoint }) => mountpoint ?? [])),
];

/** A client has one mountpoint: members that give different ones keep it out. Undefined when they do not. */
export function mountpointProblem(allowed: readonly AllowedBy[]): SafeDetail | undefined {
  const mountpoints = mountpointsOf(allowed.map(({ grant }) => grant));
  return mountpoints.length > 1
    ? { problem: 'the members give different mountpoints', mountpoints }
    : undefined;
}

/**
 * What is left of a group's grant when one of its credentials gives this grant now: never more than both. For sessions
 * whose client is away; one that is here is asked for everything anew.
 */
export function narrowGroupGrant(granted: Grant, now: Grant): Grant {
  const within = granted.alsoWithin ?? [];
  const rules = JSON.stringify(now.rules);
  const isKnown = [granted.rules, ...within].some((list) => JSON.stringify(list) === rules);
  const ends = [granted, now].flatMap(({ expiresAt }) => expiresAt ?? []);
  return {
    ...granted,
    superuser: granted.superuser && now.superuser,
    alsoWithin: isKnown || now.superuser ? within : [...within, now.rules],
    expiresAt: ends.length === 0 ? undefined : Math.min(...ends),
  };
}

/** What keeps the members' names from belonging together; undefined when they do. */
export function bindProblem(
  { bind }: RequireGroup,
  attempt: Attempt,
  allowed: readonly AllowedBy[],
): SafeDetail | undefined {
  if (bind === 'none') return undefined;
  const proved = provedNames(attempt, allowed);
  if (bind === 'same_username') return proved.length === 1 ? undefined : { bind, proved };
  const own = certificateOf(attempt, allowed);
  if (own === undefined) return { bind, problem: 'there is no certificate to bind to' };
  const names = bind.startsWith('cn_') ? commonNames(own) : alternativeNames(own);
  const wanted = bind.endsWith('_clientid') ? [attempt.clientId] : proved;
  const fits = wanted.length > 0 && wanted.every((name) => names.includes(name));
  return fits ? undefined : { bind, certificate: names, client: wanted };
}

/** Names that the members besides the certificate vouch for; where there is none, what the client calls itself. */
function provedNames(attempt: Attempt, allowed: readonly AllowedBy[]): readonly string[] {
  const subjects = allowed.flatMap(({ type, grant }) => (type === 'x509' ? [] : [grant.principal.subject]));
  if (subjects.length > 0) return [...new Set(subjects)];
  const username = usernameOf(attempt);
  return username === undefined ? [] : [username];
}

/** The client's own certificate: one that verified, or that an `x509` member has just allowed. */
function certificateOf({ tls }: Attempt, allowed: readonly AllowedBy[]): ChainCertificate | undefined {
  const isVouchedFor = tls?.verification?.verified === true || allowed.some(({ type }) => type === 'x509');
  return isVouchedFor ? tls?.chain?.[0] : undefined;
}

const commonNames = ({ commonName }: ChainCertificate): readonly string[] =>
  commonName === undefined ? [] : [commonName];

const alternativeNames = ({ alternativeNames: { dns, uri, email } }: ChainCertificate): readonly string[] => [
  ...dns,
  ...uri,
  ...email,
];
