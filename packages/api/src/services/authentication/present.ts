import { authenticatorsOf, type ChainSetupEntry, completeGroup } from '@gatehouse/auth-core';
import type { AnonymousDto, AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import type { AuthenticatorStats, RawAuthenticator } from '@gatehouse/ports';
import { presentAuthenticator as presentStats } from '../../present/authenticator-stats.ts';
import { iso } from '../../present/time.ts';
import type { AuthDeps } from '../../house.ts';
import { secretPaths, split } from './secrets.ts';
import { mergeSetup } from './setup.ts';
import { type StoredAuth, unseal } from './stored.ts';

/** Where an authenticator is kept. */
type Kept = Pick<AuthenticatorDto, 'source' | 'declaredAt' | 'version' | 'updatedAt'>;

const keptOf = (deps: AuthDeps, stored: StoredAuth, name: string): Kept => {
  if (Object.hasOwn(deps.declared.authenticators, name)) {
    const declaredAt = deps.declared.where(`auth.authenticators.${name}`);
    return { source: 'file', declaredAt, version: 0, updatedAt: null };
  }
  const one = stored.authenticators[name];
  if (one === undefined) return { source: 'default', declaredAt: null, version: 0, updatedAt: null };
  return { source: 'stored', declaredAt: null, version: one.version, updatedAt: iso(one.updatedAt) };
};

/** An authenticator as the API tells it: what is secret only by its name. */
export function presentAuthenticator(
  deps: AuthDeps,
  stored: StoredAuth,
  name: string,
  stats: readonly AuthenticatorStats[],
): AuthenticatorDto | undefined {
  const { authenticators, chains } = mergeSetup(deps, stored);
  const raw = authenticators[name];
  if (raw === undefined) return undefined;
  const kept = keptOf(deps, stored, name);
  const one = stored.authenticators[name];
  const locked = kept.source === 'stored' && one !== undefined && unseal(deps.box, one.sealed) === undefined;
  const shown = locked ? one.settings : raw;
  const { plain, secrets } = split(shown, secretPaths(deps.catalogue, shown.type));
  const found = stats.find((candidate) => candidate.name === name);
  return {
    name,
    type: shown.type,
    enabled: shown['enabled'] !== false,
    ...kept,
    settings: plain,
    secrets: Object.keys(secrets),
    problem: problemOf(deps, raw, locked),
    revertible: kept.source === 'stored' && one?.previous !== undefined,
    chains: Object.keys(chains).filter((chain) => authenticatorsOf(chains[chain] ?? []).includes(name)),
    stats: found === undefined ? null : presentStats(found),
  };
}

function problemOf({ catalogue }: AuthDeps, raw: RawAuthenticator, locked: boolean): string | null {
  if (locked) return 'its secrets were sealed under another secret key: set them again';
  const [first] = catalogue.check(raw);
  return first === undefined ? null : `${first.path}: ${first.found}; accepted: ${first.accepted}`;
}

/** A chain as the API tells it. */
export function presentChain(deps: AuthDeps, stored: StoredAuth, name: string): ChainDto | undefined {
  const { chains, authenticators } = mergeSetup(deps, stored);
  const steps = chains[name];
  if (steps === undefined) return undefined;
  const declared = Object.hasOwn(deps.declared.chains, name);
  const previous = declared ? undefined : stored.chains[name]?.previous;
  const complete = (entries: readonly ChainSetupEntry[]): ChainDto['steps'] =>
    entries.map((entry) => {
      if (typeof entry === 'string') return entry;
      const { require, ...group } = completeGroup(entry, (one) => authenticators[one]?.type);
      return { ...group, require: [...require] };
    });
  return {
    name,
    steps: complete(steps),
    previous: previous === undefined ? null : complete(previous),
    declaredAt: declared ? deps.declared.where(`auth.chains.${name}`) : null,
    listeners: [...(deps.listenersOf[name] ?? [])],
    version: stored.chains[name]?.version ?? 0,
  };
}

export function presentAnonymous(deps: AuthDeps, stored: StoredAuth): AnonymousDto {
  const { declared } = deps;
  return {
    policy: mergeSetup(deps, stored).anonymous,
    declaredAt: declared.anonymous === undefined ? null : declared.where('auth.anonymous'),
    version: stored.anonymous?.version ?? 0,
    previous: declared.anonymous === undefined ? (stored.anonymous?.previous ?? null) : null,
  };
}
