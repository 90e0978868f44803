/** The part of JSON Schema that settings of authenticators are told in (`GET /authenticator-types`). */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  /** Written, never read back. */
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}

export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How a setting is drawn and read. */
export type FieldKind =
  'text' | 'long' | 'number' | 'flag' | 'choice' | 'choices' | 'lines' | 'pairs' | 'rules' | 'json' | 'group';

/** Texts that may be longer than this get room for several lines. */
const ONE_LINE_CHARS_MAX = 4_000;

/** What kind of field a setting is; text for what a newer server may have thought of. */
export function kindOf(node: SchemaNode): FieldKind {
  if (node.properties !== undefined) return 'group';
  if (node.enum !== undefined) return 'choice';
  switch (node.type) {
    case 'boolean':
      return 'flag';
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return listKindOf(node);
    case 'object':
      return isScalar(node.additionalProperties) ? 'pairs' : 'json';
    default:
      return node.secret !== true && (node.maxLength ?? 0) > ONE_LINE_CHARS_MAX ? 'long' : 'text';
  }
}

const SCALARS: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean']);

const isScalar = (node: SchemaNode | boolean | undefined): boolean =>
  typeof node === 'object' && (SCALARS.has(node.type ?? '') || (node.anyOf ?? []).some(isScalar));

/** What a list of access rules is known by. */
const RULE_PARTS = ['permission', 'action', 'topic'] as const;

/** A list of what is not plain text is written as it is in the API. */
function listKindOf({ items }: SchemaNode): FieldKind {
  if (items?.enum !== undefined) return 'choices';
  if (RULE_PARTS.every((part) => items?.properties?.[part] !== undefined)) return 'rules';
  return items?.type === 'string' ? 'lines' : 'json';
}

/** Settings that belong together, in the order of the form. */
export const GROUPS = ['connection', 'keys', 'query', 'hash', 'tls', 'policy', 'load'] as const;
export type Group = (typeof GROUPS)[number];

const GROUP_OF: Readonly<Record<string, Group>> = {
  ...of('connection', [
    'url',
    'method',
    'body',
    'headers',
    'server',
    'servers',
    'mode',
    'sentinel',
    'sentinel_password',
    'replica_set',
    'read_preference',
    'database',
    'auth_source',
    'username',
    'password',
    'bind_dn',
    'bind_password',
  ]),
  ...of('keys', [
    'secret',
    'secret_base64',
    'weak_secret',
    'public_key',
    'jwks_url',
    'jwks_headers',
    'jwks_refresh_seconds',
    'algorithms',
    'leeway_seconds',
  ]),
  ...of('hash', ['password_hash', 'bind_as_user', 'password_attribute', 'password_field', 'salt_field']),
  ...of('tls', ['tls', 'start_tls']),
  ...of('policy', ['enabled', 'on_mismatch', 'on_error', 'timeout_ms']),
  ...of('load', [
    'pool_size',
    'connect_timeout_ms',
    'query_timeout_ms',
    'response_timeout_ms',
    'response_bytes_max',
    'concurrent_max',
    'waiting_max',
    'breaker_failures',
    'breaker_pause_ms',
  ]),
};

function of(group: Group, names: readonly string[]): Readonly<Record<string, Group>> {
  return Object.fromEntries(names.map((name) => [name, group]));
}

/** A setting that is not known here belongs to what is looked up. */
export const groupOf = (name: string): Group => GROUP_OF[name] ?? 'query';

const UNITS = [
  ['_ms', 'ms'],
  ['_seconds', 's'],
  ['_bytes_max', 'bytes'],
] as const;

/** The unit that a setting's name ends in; undefined: it counts something. */
export const unitOf = (name: string): string | undefined =>
  UNITS.find(([ending]) => name.endsWith(ending))?.[1];

/** The value at a dotted path; undefined where there is none. */
export function valueAt(tree: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (below, key) => (isTree(below) && Object.hasOwn(below, key) ? below[key] : undefined),
      tree,
    );
}

/** The tree with another value at a dotted path; undefined takes it out. */
export function withValue(tree: Tree, path: string, value: unknown): Tree {
  const [key = '', ...rest] = path.split('.');
  if (rest.length > 0) {
    const below = tree[key];
    return { ...tree, [key]: withValue(isTree(below) ? below : {}, rest.join('.'), value) };
  }
  const { [key]: _before, ...others } = tree;
  return value === undefined ? others : { ...others, [key]: value };
}

/** Whether two written values are the same. */
export const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
