import { brokenAt, nestedFault, type NestedFault } from './nested-fault.ts';
import { isTree, kindOf, type SchemaNode } from './schema.ts';

/** What is wrong with a value, as a key of `authentication.invalid` with what the text needs. */
export interface Fault {
  readonly key:
    | 'required'
    | 'whole'
    | 'number'
    | 'min'
    | 'max'
    | 'short'
    | 'long'
    | 'pattern'
    | 'few'
    | 'many'
    | 'pairs'
    | 'json'
    | 'jsonLine'
    | NestedFault['key'];
  readonly bound?: number;
  /** Where in JSON: a line and column, or the place within the value. */
  readonly at?: string;
  readonly column?: number;
  /** What is missing, not known, or accepted there. */
  readonly name?: string;
}

/**
 * What the schema alone can say against settings, by dotted path. Never stricter than the server, whose answer counts:
 * it knows more than the schema tells (what a URL is, which settings need each other).
 */
export function validate(root: SchemaNode, settings: unknown): ReadonlyMap<string, Fault> {
  const faults = new Map<string, Fault>();
  check(root, settings, [], faults);
  return faults;
}

function check(node: SchemaNode, value: unknown, at: readonly string[], faults: Map<string, Fault>): void {
  if (kindOf(node) !== 'group') {
    const fault = value === undefined || value === null ? undefined : faultOf(node, value);
    if (fault !== undefined) faults.set(at.join('.'), fault);
    return;
  }
  const tree = isTree(value) ? value : {};
  for (const [name, below] of Object.entries(node.properties ?? {})) {
    const found = tree[name];
    const path = [...at, name];
    const required = node.required?.includes(name) === true;
    if (required && (found === undefined || found === '')) faults.set(path.join('.'), { key: 'required' });
    else if (found !== undefined) check(below, found, path, faults);
  }
}

function faultOf(node: SchemaNode, value: unknown): Fault | undefined {
  switch (kindOf(node)) {
    case 'number':
      return numberFault(node, value);
    case 'lines':
      return linesFault(node, value);
    case 'pairs':
      return isTree(value) ? undefined : { key: 'pairs' };
    case 'json':
    case 'rules':
      return jsonFault(node, value);
    case 'text':
    case 'long':
      return typeof value === 'string' ? textFault(node, value) : undefined;
    default:
      return undefined;
  }
}

/** Only what could not be read as JSON is still the text that was typed. */
function jsonFault(node: SchemaNode, value: unknown): Fault | undefined {
  if (typeof value !== 'string') return nestedFault(node, value);
  const broken = brokenAt(value);
  return broken === undefined
    ? { key: 'json' }
    : { key: 'jsonLine', at: String(broken.line), column: broken.column };
}

function numberFault({ type, minimum, maximum }: SchemaNode, value: unknown): Fault | undefined {
  const key = type === 'integer' ? 'whole' : 'number';
  if (typeof value !== 'number' || (type === 'integer' && !Number.isInteger(value))) return { key };
  if (minimum !== undefined && value < minimum) return { key: 'min', bound: minimum };
  if (maximum !== undefined && value > maximum) return { key: 'max', bound: maximum };
  return undefined;
}

function textFault({ minLength = 0, maxLength, pattern }: SchemaNode, value: string): Fault | undefined {
  if (value.length < minLength) {
    return minLength === 1 ? { key: 'required' } : { key: 'short', bound: minLength };
  }
  if (maxLength !== undefined && value.length > maxLength) return { key: 'long', bound: maxLength };
  return pattern !== undefined && !fits(pattern, value) ? { key: 'pattern' } : undefined;
}

function linesFault({ items, minItems = 0, maxItems }: SchemaNode, value: unknown): Fault | undefined {
  const lines = Array.isArray(value) ? value : [];
  if (lines.length < minItems) return { key: 'few', bound: minItems };
  if (maxItems !== undefined && lines.length > maxItems) return { key: 'many', bound: maxItems };
  const faults = lines.map((line) =>
    items === undefined || typeof line !== 'string' ? undefined : textFault(items, line),
  );
  return faults.find((fault) => fault !== undefined);
}

/** A schema carries no flags: what differs only in case is left to the server. */
function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'i').test(value);
  } catch {
    return true;
  }
}
