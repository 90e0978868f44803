import type { Attempt } from '@gatehouse/auth-core';
import {
  PLACEHOLDER,
  placeholderName,
  placeholderValue,
  type PlaceholderName,
  strangePlaceholder,
  type TemplateProblem,
} from './source-placeholders.ts';

/** What a command is asked for. */
export type RedisPurpose = 'record' | 'superuser' | 'rules';

/** A part of a word: text as it stands, or what a placeholder stands for. */
type Part = string | { readonly placeholder: PlaceholderName };

/** A command, cut into words before anything is filled in: no value can add an argument (reference/emqx.md §1.5). */
export interface RedisCommand {
  /** As it is written, for the trace. */
  readonly shown: string;
  /** In capitals. */
  readonly name: string;
  readonly words: readonly (readonly Part[])[];
  /** Names of the fields that it asks for; empty for `GET` and `HGETALL`. */
  readonly fields: readonly string[];
  readonly placeholders: readonly PlaceholderName[];
}

/** Commands that read one key and write nothing, by purpose, with the number of their words. */
const COMMANDS: Readonly<
  Record<RedisPurpose, Readonly<Record<string, readonly [min: number, max: number]>>>
> = {
  record: { GET: [1, 1], HGET: [2, 2], HMGET: [2, 9] },
  superuser: { GET: [1, 1], HGET: [2, 2] },
  rules: { HGETALL: [1, 1] },
};

const USAGE: Readonly<Record<string, string>> = {
  GET: 'GET key',
  HGET: 'HGET key field',
  HMGET: 'HMGET key password salt is_superuser',
  HGETALL: 'HGETALL key',
};

/**
 * Parses a command template.
 *
 * @example parseRedisCommand('HMGET mqtt_user:%u password salt', 'record') // { name: 'HMGET', fields: ['password', 'salt'], … }
 */
export function parseRedisCommand(template: string, purpose: RedisPurpose): RedisCommand | TemplateProblem {
  const [first = '', ...rest] = template.trim().split(/\s+/);
  const name = first.toUpperCase();
  const allowed = COMMANDS[purpose];
  const bounds = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
  const accepted = Object.keys(allowed)
    .map((one) => USAGE[one])
    .join(', or ');
  if (bounds === undefined) return { found: first, accepted };
  if (rest.length < bounds[0] || rest.length > bounds[1]) {
    return { found: `${name} with ${String(rest.length)} words`, accepted };
  }
  const strange = strangePlaceholder(template);
  if (strange !== undefined) return strange;
  const words = rest.map(partsOf);
  const fields = rest.slice(1);
  if (words.slice(1).some((word) => word.some((part) => typeof part !== 'string'))) {
    return {
      found: 'a placeholder in the name of a field',
      accepted: `placeholders in the key alone: ${accepted}`,
    };
  }
  const placeholders = words.flat().flatMap((part) => (typeof part === 'string' ? [] : [part.placeholder]));
  return { shown: template, name, words, fields, placeholders };
}

function partsOf(word: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of word.matchAll(PLACEHOLDER)) {
    const placeholder = placeholderName(match[0]);
    if (match.index > at) parts.push(word.slice(at, match.index));
    if (placeholder !== undefined) parts.push({ placeholder });
    at = match.index + match[0].length;
  }
  if (at < word.length) parts.push(word.slice(at));
  return parts;
}

/** The command's words for a client; undefined when it lacks one of the values: it can have no key of its own. */
export function redisWords({ words }: RedisCommand, attempt: Attempt): readonly string[] | undefined {
  const filled: string[] = [];
  for (const word of words) {
    let text = '';
    for (const part of word) {
      const value = typeof part === 'string' ? part : placeholderValue(part.placeholder, attempt);
      if (value === undefined) return undefined;
      text += value;
    }
    filled.push(text);
  }
  return filled;
}
