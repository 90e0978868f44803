import {
  readTls,
  type SourceBackend,
  type SourceConnection,
  type TemplateProblem,
} from '@gatehouse/connectors';
import { createSource, Secret, type SourceOptions } from '@gatehouse/auth-core';
import { isInvalid, parseHashRule } from '@gatehouse/hashing';
import { failing } from './failing.ts';
import type { AuthenticatorNeeds, RunningAuthenticator, SettingProblem, StepSettings } from './kind.ts';
import { NO_BUDGET } from './no-budget.ts';
import { explainSource } from './source-explain.ts';
import { hashRuleOf } from './source-hash.ts';

/** What the settings of the authenticators over databases have in common. */
export interface SourceSettings extends StepSettings {
  readonly username: string;
  readonly password: string;
  readonly pool_size: number;
  readonly connect_timeout_ms: number;
  readonly query_timeout_ms: number;
  readonly password_hash: string;
  readonly tls: Parameters<typeof readTls>[0] & { readonly enabled: boolean };
}

/** Makes the authenticator over a backend that the settings describe. */
export function runSource(
  name: string,
  settings: SourceSettings,
  { verifier, budget }: AuthenticatorNeeds,
  make: (connection: SourceConnection) => SourceBackend,
): RunningAuthenticator {
  const { type } = settings;
  const read = readTls(settings.tls);
  if (read.tls === undefined) {
    return failing(name, type, 'SOURCE_UNREACHABLE', `tls.${read.at}: ${read.problem}`);
  }
  const rule = hashRuleOf(settings.password_hash);
  if (rule === undefined) throw new TypeError('the hash rule was not checked');
  const backend = make({
    username: settings.username,
    password: new Secret(settings.password),
    poolSize: settings.pool_size,
    connectTimeoutMs: settings.connect_timeout_ms,
    queryTimeoutMs: settings.query_timeout_ms,
    tls: settings.tls.enabled ? read.tls : undefined,
  });
  const options: SourceOptions = { name, type, lookup: backend, rule, verifier, budget };
  return {
    authenticator: createSource(options),
    rehearsal: createSource({ ...options, budget: NO_BUDGET }),
    probe: backend.probe,
    explain: (attempt) => explainSource(options, attempt),
    pool: backend.pool,
    close: backend.close,
  };
}

/** What is wrong with the settings that all have; `templates` are those of the type, already parsed. */
export function sourceProblems(
  settings: SourceSettings,
  templates: Readonly<Record<string, object | undefined>>,
): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  for (const [path, template] of Object.entries(templates)) {
    if (template !== undefined && isProblem(template)) problems.push({ path, ...template });
  }
  const rule = parseHashRule(settings.password_hash);
  if (isInvalid(rule)) {
    problems.push({ path: 'password_hash', found: settings.password_hash, accepted: rule.invalid });
  }
  const read = readTls(settings.tls);
  if (read.tls === undefined) {
    const accepted = 'PEM text, or the path of a file with PEM; cert and key both, or neither';
    problems.push({ path: `tls.${read.at}`, found: read.problem, accepted });
  }
  if (settings.query_timeout_ms >= settings.timeout_ms) {
    problems.push({
      path: 'query_timeout_ms',
      found: String(settings.query_timeout_ms),
      accepted: `less than timeout_ms (${String(settings.timeout_ms)})`,
    });
  }
  return problems;
}

const isProblem = (template: object): template is TemplateProblem =>
  'found' in template && 'accepted' in template;

/** A parsed template, or undefined where there is none to parse. */
export const parsedIf = <T extends object>(text: string, parse: (text: string) => T): T | undefined =>
  text === '' ? undefined : parse(text);
