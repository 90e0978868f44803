import { z } from 'zod';
import { configSchema } from './schema.ts';

/** One key of the configuration, as the reference and the error messages speak of it. */
export interface Setting {
  /** Dotted path, e.g. `listeners.tcp.port`. */
  readonly path: string;
  readonly kind: 'group' | 'value' | 'map' | 'list';
  /** What is accepted, in words. */
  readonly accepts: string;
  readonly doc: string;
  /** Undefined for groups. */
  readonly fallback: unknown;
  readonly secret: boolean;
}

/** The part of JSON Schema that zod writes for our schema. */
interface Node {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly description?: string;
  readonly default?: unknown;
  readonly secret?: boolean;
  readonly accepts?: string;
}

function range(node: Node): string {
  const { minimum, maximum } = node;
  if (minimum === undefined) return '';
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
    ? ` from ${minimum}`
    : ` ${minimum} … ${maximum}`;
}

function acceptsOf(node: Node): string {
  if (node.accepts !== undefined) return node.accepts;
  if (node.enum) return node.enum.map((value) => (value === '' ? '""' : String(value))).join(', ');
  switch (node.type) {
    case 'boolean':
      return 'true, false';
    case 'integer':
      return `integer${range(node)}`;
    case 'number':
      return `number${range(node)}`;
    case 'array':
      return `list of ${node.items?.type === 'object' ? 'objects' : acceptsOf(node.items ?? {})}`;
    case 'object':
      return node.properties ? 'a group of keys' : 'a map';
    default:
      return 'text';
  }
}

function kindOf(node: Node): Setting['kind'] {
  if (node.type === 'array') return 'list';
  if (node.type !== 'object') return 'value';
  return node.properties ? 'group' : 'map';
}

function walk(node: Node, path: string, out: Setting[]): void {
  if (path !== '') {
    const kind = kindOf(node);
    const fallback = kind === 'group' ? undefined : node.default;
    out.push({
      path,
      kind,
      accepts: acceptsOf(node),
      doc: node.description ?? '',
      fallback,
      secret: node.secret === true,
    });
  }
  const itemPath = node.type === 'array' ? `${path}[]` : `${path}.*`;
  const item =
    node.type === 'array'
      ? node.items
      : typeof node.additionalProperties === 'object'
        ? node.additionalProperties
        : undefined;
  if (item?.type === 'object') walk(item, itemPath, out);
  for (const [key, child] of Object.entries(node.properties ?? {}))
    walk(child, path === '' ? key : `${path}.${key}`, out);
}

/**
 * Every setting in the schema's order. Items of lists are written `auth.bootstrap_credentials[].username`, of maps
 * `auth.authenticators.*.type`.
 */
export const SETTINGS: readonly Setting[] = (() => {
  const out: Setting[] = [];
  walk(z.toJSONSchema(configSchema, { io: 'input' }) as Node, '', out);
  return out;
})();

const byPath = new Map(SETTINGS.map((setting) => [setting.path, setting]));

/** The setting that a concrete path (`auth.bootstrap_credentials.0.username`) belongs to. */
export function settingAt(path: readonly PropertyKey[]): Setting | undefined {
  let pattern = '';
  for (const segment of path) {
    const parent = byPath.get(pattern);
    if (typeof segment === 'number') pattern += '[]';
    else if (parent?.kind === 'map') pattern += '.*';
    else pattern += pattern === '' ? String(segment) : `.${String(segment)}`;
  }
  return byPath.get(pattern);
}

/** Paths that may be set one by one, by environment and `--set`: no groups, no parts of list items. */
export const SETTABLE: readonly Setting[] = SETTINGS.filter(
  (setting) => setting.kind !== 'group' && !/\[\]|\*/.test(setting.path),
);
