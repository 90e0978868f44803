import type { z } from 'zod';
import { nearestPath } from './nearest.ts';
import type { ConfigProblem, OriginOf } from './problem.ts';
import { SETTINGS, settingAt } from './settings.ts';

/** Characters of a found value that are shown. */
const FOUND_CHARACTERS_MAX = 80;

/** A value as shown; never that of a secret setting. */
function shown(value: unknown, secret: boolean): string {
  if (value === undefined) return 'nothing';
  if (secret) return 'a value that is not shown';
  const text = JSON.stringify(value);
  return text.length > FOUND_CHARACTERS_MAX ? `${text.slice(0, FOUND_CHARACTERS_MAX)}…` : text;
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    raw,
  );
}

function unknownKey(path: readonly PropertyKey[], originOf: OriginOf): ConfigProblem {
  const parent = path.slice(0, -1);
  const prefix = settingAt(parent)?.path ?? dotted(parent);
  const known = SETTINGS.map((setting) => setting.path);
  const below = known
    .filter((one) => one.startsWith(prefix === '' ? '' : `${prefix}.`))
    .map((one) => one.slice(prefix === '' ? 0 : prefix.length + 1));
  const near = nearestPath([prefix, String(path.at(-1))].filter((part) => part !== '').join('.'), known);
  return {
    path: dotted(path),
    origin: originOf(path),
    found: 'an unknown key',
    accepted: below.filter((one) => !/[.[]/.test(one)).join(', '),
    ...(near === undefined ? {} : { nearest: near }),
  };
}

/** The words of zod's own refinements are ours; the rest is told by the setting's description of what it accepts. */
function fromIssue(issue: z.core.$ZodIssue, raw: unknown, originOf: OriginOf): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey([...issue.path, key], originOf));
  const setting = settingAt(issue.path);
  const inKey = issue.code === 'invalid_key';
  const message = inKey ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const own = issue.code === 'custom' || inKey || setting === undefined;
  return [
    {
      path: dotted(issue.path),
      origin: originOf(issue.path),
      found: inKey ? shown(issue.path.at(-1), false) : shown(valueAt(raw, issue.path), hasSecret(issue.path)),
      accepted: own ? message : setting.accepts,
    },
  ];
}

/** True when the value at the path is a secret or holds one. */
function hasSecret(path: readonly PropertyKey[]): boolean {
  const setting = settingAt(path);
  if (!setting) return false;
  return SETTINGS.some(
    (one) =>
      one.secret &&
      (one.path === setting.path ||
        one.path.startsWith(`${setting.path}.`) ||
        one.path.startsWith(`${setting.path}[`)),
  );
}

/** All problems of a failed parse. */
export function fromZod(error: z.ZodError, raw: unknown, originOf: OriginOf): ConfigProblem[] {
  return error.issues.flatMap((issue) => fromIssue(issue, raw, originOf));
}

/** The problems as they are printed: one paragraph each, all at once. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  const head =
    problems.length === 1
      ? 'The configuration has a problem:'
      : `The configuration has ${problems.length} problems:`;
  const paragraphs = problems.map((problem) => {
    const lines = [
      `  ${[problem.path, problem.origin === undefined ? '' : `(${problem.origin})`].filter((part) => part !== '').join('  ')}`,
    ];
    lines.push(`    found     ${problem.found}`, `    accepted  ${problem.accepted}`);
    if (problem.nearest !== undefined) lines.push(`    nearest   ${problem.nearest}`);
    return lines.join('\n');
  });
  return [head, ...paragraphs].join('\n');
}
