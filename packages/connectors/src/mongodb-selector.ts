import type { Attempt } from '@gatehouse/auth-core';
import {
  hasPlaceholder,
  placeholderName,
  placeholderValue,
  type PlaceholderName,
  strangePlaceholder,
  type TemplateProblem,
} from './source-placeholders.ts';

/** One condition: a field equals what a placeholder stands for, or a literal. */
interface Condition {
  readonly field: string;
  readonly value: { readonly placeholder: PlaceholderName } | { readonly literal: string };
}

/** A selector, all conditions of which must fit. */
export interface MongoSelector {
  /** As it is written, for the trace. */
  readonly shown: string;
  readonly conditions: readonly Condition[];
  readonly placeholders: readonly PlaceholderName[];
}

/** A filter that compares with values and contains no operator that a client could have chosen. */
export type MongoFilter = Readonly<
  Record<string, { readonly $eq: string } | { readonly $in: readonly unknown[] }>
>;

const ACCEPTED = '`field=%u`, `field=${clientid}` or `field=literal`, with commas between';

/**
 * Parses EMQX's selector (reference/emqx.md §1.6).
 *
 * @example parseMongoSelector('username=%u,active=true') // two conditions
 */
export function parseMongoSelector(text: string): MongoSelector | TemplateProblem {
  const conditions: Condition[] = [];
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const field = part.slice(0, Math.max(0, equals)).trim();
    const value = part.slice(equals + 1).trim();
    if (equals < 0 || field === '' || value === '') return { found: part.trim(), accepted: ACCEPTED };
    if (field.startsWith('$') || field.includes('\0') || hasPlaceholder(field)) {
      return { found: field, accepted: 'the name of a field, which is no operator and no placeholder' };
    }
    const strange = strangePlaceholder(part);
    if (strange !== undefined) return strange;
    if (conditions.some((condition) => condition.field === field)) {
      return { found: `${field} twice`, accepted: 'each field once' };
    }
    const placeholder = placeholderName(value);
    if (placeholder === undefined && hasPlaceholder(value)) {
      return { found: value, accepted: `the placeholder alone: ${ACCEPTED}` };
    }
    conditions.push({ field, value: placeholder === undefined ? { literal: value } : { placeholder } });
  }
  const placeholders = conditions.flatMap(({ value }) => ('placeholder' in value ? [value.placeholder] : []));
  return { shown: text, conditions, placeholders };
}

/**
 * The filter for a client; undefined when it lacks one of the values: `null` would match documents without the field.
 * A client's value is always text, and so never an operator.
 */
export function mongoFilter({ conditions }: MongoSelector, attempt: Attempt): MongoFilter | undefined {
  const filter: [string, MongoFilter[string]][] = [];
  for (const { field, value } of conditions) {
    if ('literal' in value) {
      filter.push([field, { $in: readings(value.literal) }]);
      continue;
    }
    const text = placeholderValue(value.placeholder, attempt);
    if (text === undefined) return undefined;
    filter.push([field, { $eq: text }]);
  }
  return Object.fromEntries(filter);
}

/** A literal may be meant as text, as a boolean or as a number: documents decide. */
function readings(literal: string): readonly unknown[] {
  if (literal === 'true' || literal === 'false') return [literal, literal === 'true'];
  return /^-?\d{1,15}$/.test(literal) ? [literal, Number(literal)] : [literal];
}
