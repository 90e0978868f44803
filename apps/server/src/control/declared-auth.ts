import { resolve } from 'node:path';
import type { AccessRule } from '@gatehouse/auth-core';
import type { ChainSetupEntry } from '@gatehouse/auth-core';
import type { DeclaredAuth, RawAuthenticator } from '@gatehouse/ports';
import type { LoadedConfig } from '../config/load.ts';
import type { Config, RawConfig } from '../config/schema.ts';

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const groupOf = (tree: Tree, key: string): Tree => {
  const value = Object.hasOwn(tree, key) ? tree[key] : undefined;
  return isTree(value) ? value : {};
};

const only = <T>(values: Readonly<Record<string, T>>, named: Tree): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(named, name)));

/** The configuration as written, and where: what the control plane's thread is told of it. */
export interface DeclaredIn {
  readonly raw: RawConfig;
  /** Of the paths under `auth` that are declared: `gatehouse.yaml:12`, a variable, `--set`. */
  readonly origins: Readonly<Record<string, string>>;
  /** The configuration file, or where it is looked for. */
  readonly file: string;
}

/** What is declared in a loaded configuration. */
export const declaredIn = ({
  raw,
  originOf,
  file = 'gatehouse.yaml',
}: Pick<LoadedConfig, 'raw' | 'originOf' | 'file'>): DeclaredIn => ({
  raw,
  origins: originsOf(raw, originOf),
  file: resolve(file),
});

/** Collects where the parts of `auth` are declared. */
function originsOf(raw: RawConfig, originOf: (path: string) => string | undefined): DeclaredIn['origins'] {
  const auth = groupOf(raw, 'auth');
  const paths = ['authenticators', 'chains'].flatMap((group) =>
    Object.keys(groupOf(auth, group)).map((name) => `auth.${group}.${name}`),
  );
  const found = [...paths, 'auth.anonymous', 'auth.rules'].map((path) => [path, originOf(path)] as const);
  return Object.fromEntries(
    found.flatMap(([path, origin]) => (origin === undefined ? [] : [[path, origin]])),
  );
}

/** The rules with names that tell where they stand. */
const declaredRules = ({ auth }: Config): readonly AccessRule[] =>
  auth.rules.map(({ phase, qos, retain, ...rule }, index) => ({
    ...rule,
    id: `declared-${index + 1}`,
    phase: phase ?? (rule.permission === 'deny' ? 'before' : 'after'),
    ...(qos === undefined ? {} : { qos }),
    ...(retain === undefined ? {} : { retain }),
  }));

/** What the configuration says itself, defaults left out: that is what it owns (auth.md §2). */
export function declaredAuth(config: Config, { raw, origins }: DeclaredIn): DeclaredAuth {
  const auth = groupOf(raw, 'auth');
  return {
    authenticators: only<RawAuthenticator>(config.auth.authenticators, groupOf(auth, 'authenticators')),
    chains: only<readonly ChainSetupEntry[]>(config.auth.chains, groupOf(auth, 'chains')),
    rules: Object.hasOwn(auth, 'rules') ? declaredRules(config) : undefined,
    anonymous: Object.hasOwn(auth, 'anonymous') ? config.auth.anonymous : undefined,
    where: (path) => origins[path] ?? 'the configuration',
  };
}
