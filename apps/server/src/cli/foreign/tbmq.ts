import type { ImportRowInput } from '@gatehouse/contract';
import { left, together, type Foreign, type ForeignFile } from './foreign.ts';
import { isTree, jsonOf, textOf, type Tree } from './tree.ts';
import { topicsOfRules, type Topics } from './tbmq-rules.ts';

/** A row of an import, or why there is none. */
type Made = ImportRowInput | string;

/** A column as the database names it, or as the API does. */
const column = (row: Tree, name: string): unknown =>
  row[name] ?? row[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];

/** JSON, written out or as text. */
const treeOf = (value: unknown): Tree | undefined => {
  const tree = typeof value === 'string' ? jsonOf(value) : value;
  return isTree(tree) ? tree : undefined;
};

const isProblem = (topics: Topics | string): topics is string => typeof topics === 'string';

function basic(value: Tree): Made {
  const username = textOf(value['userName']);
  const clientId = textOf(value['clientId']);
  const hash = textOf(value['password']);
  const topics = topicsOfRules(value['authRules']);
  if (username === undefined && clientId === undefined) return 'names neither a username nor a client ID';
  if (hash === undefined)
    return 'has no password: TBMQ lets in whoever uses its name, or the API that it is from leaves the hash out';
  if (isProblem(topics)) return topics;
  return {
    ...(username === undefined ? {} : { username }),
    ...(clientId === undefined ? {} : { client_id: clientId }),
    password_hash: hash,
    ...topics,
  };
}

/** TBMQ's expressions need to match a part only; ours the whole. */
const partly = (pattern: string): string => `.*(?:${pattern}).*`;

type CnRules = NonNullable<ImportRowInput['rules_by_cn']>;

function cnRules(mapping: unknown): CnRules | string {
  if (!isTree(mapping)) return 'has no rules by common name';
  const entries: CnRules = [];
  for (const [pattern, rules] of Object.entries(mapping)) {
    const topics = topicsOfRules(rules);
    if (isProblem(topics)) return topics;
    const allow = (action: 'publish' | 'subscribe', list: readonly string[] = []) =>
      list.map((topic) => ({ permission: 'allow' as const, action, topic }));
    const written = [
      ...allow('publish', topics.publish ?? ['#']),
      ...allow('subscribe', topics.subscribe ?? ['#']),
    ];
    entries.push({ pattern: partly(pattern), rules: written });
  }
  return entries;
}

function x509(value: Tree): Made {
  const cn = textOf(value['certCnPattern']);
  const rules = cnRules(value['authRulesMapping']);
  if (cn === undefined) return 'names no common name';
  if (typeof rules === 'string') return rules;
  const match = value['certCnIsRegex'] === true ? { cn_pattern: partly(cn) } : { cn };
  return { type: 'x509', ...match, rules_by_cn: rules };
}

/** Fixed in TBMQ. */
const SCRAM_ITERATIONS = 4_096;
const MECHANISMS = { SHA_256: 'SCRAM-SHA-256', SHA_512: 'SCRAM-SHA-512' } as const;

function scram(value: Tree): Made {
  const username = textOf(value['userName']);
  const [salt, storedKey, serverKey] = ['salt', 'storedKey', 'serverKey'].map((name) => textOf(value[name]));
  const algorithm = value['algorithm'];
  const topics = topicsOfRules(value['authRules']);
  if (username === undefined) return 'names no username';
  if (algorithm !== 'SHA_256' && algorithm !== 'SHA_512')
    return 'its algorithm is neither SHA_256 nor SHA_512';
  if (salt === undefined || storedKey === undefined || serverKey === undefined)
    return 'lacks its salt, storedKey or serverKey';
  if (isProblem(topics)) return topics;
  const keys = { salt, iterations: SCRAM_ITERATIONS, storedKey, serverKey };
  return { type: 'scram', username, scram_keys: { [MECHANISMS[algorithm]]: keys }, ...topics };
}

const READERS: Readonly<Record<string, (value: Tree) => Made>> = {
  MQTT_BASIC: basic,
  X_509: x509,
  SSL: x509,
  SCRAM: scram,
};

/** The credential that TBMQ's own console uses, which admits whoever names it. */
const BUILT_IN = 'tbmq_websockets_username';

function credentialOf(at: string, row: unknown): Partial<Foreign> {
  if (!isTree(row)) return left(at, 'is not an object');
  const type = textOf(column(row, 'credentials_type')) ?? '';
  const value = treeOf(column(row, 'credentials_value'));
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (reader === undefined) return left(at, 'its credentials_type is none of MQTT_BASIC, X_509, SCRAM');
  if (value === undefined) return left(at, 'its credentials_value is not JSON');
  if (value['userName'] === BUILT_IN && textOf(value['password']) === undefined)
    return { notes: [`${at}: TBMQ's own credential for its WebSocket client is not needed and left out.`] };
  const made = reader(value);
  if (typeof made === 'string') return left(at, made);
  const name = textOf(column(row, 'name'));
  const description = textOf(treeOf(column(row, 'additional_info'))?.['description']);
  const more = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
  return { credentials: [{ at, row: { ...more, ...made } }] };
}

/** An array of rows, or a page of the API that has them under `data`. */
function rowsOf(text: string): readonly unknown[] | undefined {
  const json = jsonOf(text);
  const rows = isTree(json) ? json['data'] : json;
  return Array.isArray(rows) ? rows : undefined;
}

/** Reads rows of TBMQ's table `mqtt_client_credentials`, as JSON from its database or its API. */
export const readTbmq = (files: readonly ForeignFile[]): Foreign =>
  together(
    files.map(({ name, text }) => {
      const rows = rowsOf(text);
      return rows === undefined
        ? left(name, 'is not a JSON array of credentials')
        : together(rows.map((row, index) => credentialOf(`${name}, entry ${index + 1}`, row)));
    }),
  );
