import { readFileSync } from 'node:fs';
import { LineCounter, parse, parseDocument, type Document } from 'yaml';
import { nearestPath } from './nearest.ts';
import type { ConfigProblem, OriginOf } from './problem.ts';
import type { RawConfig } from './schema.ts';
import { SETTABLE } from './settings.ts';

/** What the sources together say, before it is checked. */
export interface Sources {
  readonly raw: RawConfig;
  readonly originOf: OriginOf;
  readonly problems: readonly ConfigProblem[];
}

export interface SourceInput {
  /** Path of the file; undefined: none. */
  readonly file: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `path=value`, later ones win. */
  readonly set: readonly string[];
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Puts a value at a path and makes the groups on the way. Keys are own properties, whatever their name. */
function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const below = Object.hasOwn(tree, key) && isTree(tree[key]) ? { ...tree[key] } : {};
  put(below, rest, value);
  tree[key] = below;
}

/** A value as YAML types it: `2883`, `true`, `[builtin]`; text that is no YAML is taken as it is. */
function typed(text: string): unknown {
  try {
    const value: unknown = parse(text);
    return value ?? '';
  } catch {
    return text;
  }
}

interface FileContent {
  readonly tree: Tree;
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
  readonly problems: readonly ConfigProblem[];
}

const empty: FileContent = { tree: {}, lineOf: () => undefined, problems: [] };

function lineFinder(document: Document, lines: LineCounter): FileContent['lineOf'] {
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      const range = isTree(node) && Array.isArray(node['range']) ? (node['range'] as unknown[]) : [];
      if (typeof range[0] === 'number') return lines.linePos(range[0]).line;
    }
    return undefined;
  };
}

function readFile(file: string): FileContent {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return {
      ...empty,
      problems: [{ path: '', origin: file, found: code, accepted: 'a configuration file that can be read' }],
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems = document.errors.map((error): ConfigProblem => {
    const line = lines.linePos(error.pos[0]).line;
    return {
      path: '',
      origin: `${file}:${line}`,
      found: error.message.split('\n')[0] ?? error.code,
      accepted: 'YAML',
    };
  });
  if (problems.length > 0) return { ...empty, problems };
  const tree: unknown = document.toJS() ?? {};
  if (!isTree(tree))
    return {
      ...empty,
      problems: [{ path: '', origin: file, found: typeof tree, accepted: 'a map of keys' }],
    };
  return { tree, lineOf: lineFinder(document, lines), problems: [] };
}

/** Environment names with our prefix that are no settings. */
const RESERVED = /^GATEHOUSE_(CONFIG|TEST_.*)$/;

/** The environment's name of a setting: `listeners.tcp.port` → `GATEHOUSE_LISTENERS_TCP_PORT`. */
export const environmentName = (path: string): string =>
  `GATEHOUSE_${path.replaceAll('.', '_').toUpperCase()}`;

const byEnvironmentName = new Map(SETTABLE.map((setting) => [environmentName(setting.path), setting.path]));

function pathOfVariable(name: string): readonly string[] | undefined {
  const path = byEnvironmentName.get(name);
  if (path !== undefined) return path.split('.');
  const map = SETTABLE.find(
    (setting) => setting.kind === 'map' && name.startsWith(`${environmentName(setting.path)}_`),
  );
  return map && [...map.path.split('.'), name.slice(environmentName(map.path).length + 1).toLowerCase()];
}

function unknownVariable(name: string): ConfigProblem {
  const near = nearestPath(
    name.toLowerCase(),
    [...byEnvironmentName.keys()].map((one) => one.toLowerCase()),
  );
  return {
    path: name,
    origin: 'environment',
    found: 'a variable that names no setting',
    accepted: 'GATEHOUSE_ followed by the path of a setting',
    ...(near === undefined ? {} : { nearest: near.toUpperCase() }),
  };
}

/** Reads file, environment and `--set`, each over the one before; collects what is wrong instead of stopping. */
export function readSources(input: SourceInput): Sources {
  const content = input.file === undefined ? empty : readFile(input.file);
  const problems = [...content.problems];
  const tree = { ...content.tree };
  const overlaid = new Map<string, string>();
  const overlay = (path: readonly string[], value: unknown, origin: string): void => {
    put(tree, path, value);
    overlaid.set(path.join('.'), origin);
  };
  for (const [name, text] of Object.entries(input.env)) {
    if (!name.startsWith('GATEHOUSE_') || RESERVED.test(name) || text === undefined) continue;
    const path = pathOfVariable(name);
    if (path) overlay(path, typed(text), name);
    else problems.push(unknownVariable(name));
  }
  for (const text of input.set) {
    const equals = text.indexOf('=');
    if (equals > 0) overlay(text.slice(0, equals).trim().split('.'), typed(text.slice(equals + 1)), '--set');
    else
      problems.push({
        path: text,
        origin: '--set',
        found: 'no "="',
        accepted: 'path=value, e.g. listeners.tcp.port=2883',
      });
  }
  return { raw: tree, problems, originOf: originFinder(input.file, content, overlaid) };
}

function originFinder(
  file: string | undefined,
  content: FileContent,
  overlaid: ReadonlyMap<string, string>,
): OriginOf {
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const origin = overlaid.get(path.slice(0, length).join('.'));
      if (origin !== undefined) return origin;
    }
    const below = [...overlaid].find(([one]) => one.startsWith(`${path.join('.')}.`));
    if (below !== undefined) return below[1];
    const line = content.lineOf(path);
    return file !== undefined && line !== undefined ? `${file}:${line}` : undefined;
  };
}
