import type { AuthenticatorCatalogue, RawAuthenticator } from '@gatehouse/ports';

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is secret in settings, by its dotted path. */
export type Secrets = Readonly<Record<string, unknown>>;

/** Dotted paths of what a type's schema marks as secret. */
export function secretPaths(catalogue: AuthenticatorCatalogue, type: string): readonly string[] {
  const schema = catalogue.schema(type);
  return schema === undefined ? [] : pathsIn(schema, []);
}

function pathsIn(schema: Tree, at: readonly string[]): readonly string[] {
  if (schema['secret'] === true) return [at.join('.')];
  const properties = isTree(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).flatMap(([name, below]) =>
    isTree(below) ? pathsIn(below, [...at, name]) : [],
  );
}

/** Settings without what is secret, and the secrets apart. Empty ones are none; null asks for one to be removed. */
export function split(
  settings: RawAuthenticator,
  paths: readonly string[],
): { readonly plain: RawAuthenticator; readonly secrets: Secrets; readonly removed: readonly string[] } {
  const secrets: Record<string, unknown> = {};
  const removed: string[] = [];
  let plain: Tree = settings;
  for (const path of paths) {
    const keys = path.split('.');
    const value = valueAt(settings, keys);
    if (value === undefined) continue;
    plain = without(plain, keys);
    if (value === null) removed.push(path);
    else if (value !== '') secrets[path] = value;
  }
  return { plain: { ...plain, type: settings.type }, secrets, removed };
}

/** The settings as they were written, secrets in their places. */
export function join(plain: RawAuthenticator, secrets: Secrets): RawAuthenticator {
  const whole = Object.entries(secrets).reduce<Tree>(
    (settings, [path, value]) => withValue(settings, path.split('.'), value),
    plain,
  );
  return { ...whole, type: plain.type };
}

function valueAt(tree: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return tree;
  return isTree(tree) && Object.hasOwn(tree, key) ? valueAt(tree[key], rest) : undefined;
}

function without(tree: Tree, [key, ...rest]: readonly string[]): Tree {
  if (key === undefined || !Object.hasOwn(tree, key)) return tree;
  const { [key]: below, ...others } = tree;
  return rest.length > 0 && isTree(below) ? { ...others, [key]: without(below, rest) } : others;
}

function withValue(tree: Tree, [key, ...rest]: readonly string[], value: unknown): Tree {
  if (key === undefined) return tree;
  if (rest.length === 0) return { ...tree, [key]: value };
  const below = Object.hasOwn(tree, key) && isTree(tree[key]) ? tree[key] : {};
  return { ...tree, [key]: withValue(below, rest, value) };
}
