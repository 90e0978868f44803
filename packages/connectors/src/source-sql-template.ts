import type { Attempt } from '@gatehouse/auth-core';
import {
  hasPlaceholder,
  PLACEHOLDER,
  placeholderName,
  placeholderValue,
  strangePlaceholder,
  type PlaceholderName,
  type TemplateProblem,
} from './source-placeholders.ts';

export type SqlDialect = 'mysql' | 'postgresql';

/** A statement whose placeholders have become bound parameters. */
export interface SqlStatement {
  /** As it is written, for the trace. */
  readonly shown: string;
  /** With `?` or `$1` in the places of the placeholders. */
  readonly text: string;
  readonly parameters: readonly PlaceholderName[];
}

/**
 * What a statement is made of, as far as placeholders go: comments, quoted texts and the rest. Doubled quotes are two
 * texts beside each other, which comes to the same.
 */
const PIECES: Readonly<Record<SqlDialect, RegExp>> = {
  mysql: /--[ \t][^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`[^`]*`/g,
  postgresql:
    /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S])*'|'[^']*'|"[^"]*"|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$/g,
};

/** What a template may not write itself, because the driver would take it for a parameter. */
const OWN_PARAMETER: Readonly<Record<SqlDialect, RegExp>> = { mysql: /\?/, postgresql: /\$\d/ };

/**
 * Turns a template's placeholders, `%u` or `'%u'` or `${username}`, into bound parameters (auth.md §4). A placeholder
 * inside a longer text is refused: it would be looked for as it stands, and find nobody.
 *
 * @example parseSqlTemplate("select password from t where u = '%u'", 'mysql') // { text: '… u = ?', parameters: ['username'] }
 */
export function parseSqlTemplate(template: string, dialect: SqlDialect): SqlStatement | TemplateProblem {
  const parameters: PlaceholderName[] = [];
  const bind = (name: PlaceholderName): string => {
    parameters.push(name);
    return dialect === 'mysql' ? '?' : `$${String(parameters.length)}`;
  };
  let text = '';
  let at = 0;
  for (const match of template.matchAll(PIECES[dialect])) {
    const plain = bindPlain(template.slice(at, match.index), dialect, bind);
    const quoted = bindQuoted(match[0], bind);
    if (typeof plain !== 'string') return plain;
    if (typeof quoted !== 'string') return quoted;
    text += plain + quoted;
    at = match.index + match[0].length;
  }
  const rest = bindPlain(template.slice(at), dialect, bind);
  if (typeof rest !== 'string') return rest;
  return { shown: template, text: text + rest, parameters };
}

/** Text outside of quotes and comments. */
function bindPlain(
  text: string,
  dialect: SqlDialect,
  bind: (name: PlaceholderName) => string,
): string | TemplateProblem {
  const own = OWN_PARAMETER[dialect].exec(text.replaceAll(PLACEHOLDER, ''));
  if (own !== null) {
    return { found: own[0], accepted: 'placeholders such as ${username}, which are bound parameters' };
  }
  const strange = strangePlaceholder(text);
  if (strange !== undefined) return strange;
  const stray = /['"`]/.exec(text);
  if (stray !== null) return { found: 'a quote that is not closed', accepted: 'a statement in SQL' };
  return text.replaceAll(PLACEHOLDER, (placeholder) => bind(nameOf(placeholder)));
}

/** One quoted text or comment. */
function bindQuoted(piece: string, bind: (name: PlaceholderName) => string): string | TemplateProblem {
  if (/^(?:--|#|\/\*)/.test(piece)) return piece;
  const strange = strangePlaceholder(piece);
  if (strange !== undefined) return strange;
  if (!hasPlaceholder(piece)) return piece;
  const inner = piece.slice(1, -1);
  const name = placeholderName(inner);
  if (name !== undefined && /^['"]/.test(piece)) return bind(name);
  return {
    found: piece,
    accepted: `the placeholder alone, as in '%u'; text is put beside it by the database, as in concat(%u, '-x')`,
  };
}

function nameOf(placeholder: string): PlaceholderName {
  const name = placeholderName(placeholder);
  if (name === undefined) throw new TypeError('the pattern of placeholders and their names differ');
  return name;
}

/** The values of a statement's parameters for a client; null where it has none, which equals nothing in SQL. */
export const sqlValues = ({ parameters }: SqlStatement, attempt: Attempt): readonly (string | null)[] =>
  parameters.map((name) => placeholderValue(name, attempt) ?? null);
