import { isTree, type SchemaNode } from './schema.ts';

/** What is wrong within a value that is written in JSON, and where: `0.match.cn`. */
export interface NestedFault {
  readonly key: 'missing' | 'unknown' | 'type' | 'choice' | 'tooLong';
  readonly at: string;
  /** What is missing, not known, or accepted. */
  readonly name: string;
}

/** The first thing that the schema says against a value; undefined where it says nothing. */
export function nestedFault(
  node: SchemaNode,
  value: unknown,
  at: readonly string[] = [],
): NestedFault | undefined {
  const told = (key: NestedFault['key'], name: string): NestedFault => ({ key, at: at.join('.'), name });
  if (node.anyOf !== undefined) {
    return node.anyOf.some((one) => nestedFault(one, value, at) === undefined)
      ? undefined
      : told('type', node.anyOf.map(({ type }) => type ?? '?').join(', '));
  }
  if (node.enum !== undefined) {
    return node.enum.includes(value) ? undefined : told('choice', node.enum.join(', '));
  }
  if (node.type !== undefined && !isOfType(node.type, value)) return told('type', node.type);
  if (Array.isArray(value)) return listFault(node, value, at);
  return isTree(value) ? treeFault(node, value, at) : undefined;
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isTree(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function listFault(
  { items, maxItems }: SchemaNode,
  list: readonly unknown[],
  at: readonly string[],
): NestedFault | undefined {
  if (maxItems !== undefined && list.length > maxItems) {
    return { key: 'tooLong', at: at.join('.'), name: String(maxItems) };
  }
  if (items === undefined) return undefined;
  return first(list.map((one, index) => () => nestedFault(items, one, [...at, String(index)])));
}

function treeFault(
  { properties = {}, required = [], additionalProperties }: SchemaNode,
  tree: Readonly<Record<string, unknown>>,
  at: readonly string[],
): NestedFault | undefined {
  const here = at.join('.');
  const missing = required.find((name) => tree[name] === undefined);
  if (missing !== undefined) return { key: 'missing', at: here, name: missing };
  return first(
    Object.entries(tree).map(([name, value]) => () => {
      const below = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      if (below === false) return { key: 'unknown', at: here, name };
      return typeof below === 'object' ? nestedFault(below, value, [...at, name]) : undefined;
    }),
  );
}

function first(checks: readonly (() => NestedFault | undefined)[]): NestedFault | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Where JSON cannot be read any further; undefined where it can, or the browser does not say. */
export function brokenAt(text: string): { readonly line: number; readonly column: number } | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const position = /position (\d+)/.exec(said)?.[1];
    // At its very end the engine names no position.
    const before = text.slice(0, position === undefined ? text.length : Number(position));
    const lines = before.split('\n');
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  }
}
