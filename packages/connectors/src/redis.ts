import {
  aclRule,
  actionOf,
  type AclRule,
  type Attempt,
  type BackendFault,
  isTrue,
  type RecordAnswer,
  type RulesAnswer,
  SOURCE_RULES_MAX,
  type SuperuserAnswer,
} from '@gatehouse/auth-core';
import { createRedisClients, type RedisConnection } from './redis-clients.ts';
import { parseRedisCommand, redisWords, type RedisCommand, type RedisPurpose } from './redis-command.ts';
import type { SourceBackend } from './source-backend.ts';
import { badResult, faultText } from './source-errors.ts';
import { asksByOf } from './source-placeholders.ts';

export interface RedisOptions extends RedisConnection {
  readonly command: string;
  /** Empty: the record says it. */
  readonly superCommand: string;
  /** Empty: the backend holds no rules. */
  readonly aclCommand: string;
}

/** The lookups over Redis (reference/emqx.md §1.5). Opens nothing before the first question. */
export function createRedisBackend(options: RedisOptions): SourceBackend {
  const clients = createRedisClients(options);
  const record = commandOf(options.command, 'record');
  const superuser = options.superCommand === '' ? undefined : commandOf(options.superCommand, 'superuser');
  const rules = options.aclCommand === '' ? undefined : commandOf(options.aclCommand, 'rules');

  /** A client without one of the values has no key: to ask for a shorter one would find somebody else's. */
  const ask = async (command: RedisCommand, attempt: Attempt) => {
    const words = redisWords(command, attempt);
    return words === undefined
      ? ({ result: 'reply', reply: null } as const)
      : clients.run(command.name, words);
  };
  return {
    asksBy: asksByOf(record.placeholders),
    shown: { command: record.shown },
    find: async (attempt) => recordOf(record, await ask(record, attempt)),
    ...(superuser && {
      superuser: async (attempt: Attempt) => superuserOf(await ask(superuser, attempt)),
    }),
    ...(rules && { rules: async (attempt: Attempt) => rulesOf(await ask(rules, attempt)) }),
    probe: async () => {
      const startedAt = performance.now();
      const answer = await clients.run('PING', []);
      return answer.result === 'reply'
        ? { ok: true, ms: Math.round(performance.now() - startedAt) }
        : { ok: false, problem: faultText(answer) };
    },
    pool: clients.pool,
    close: () => {
      clients.close();
      return Promise.resolve();
    },
  };
}

function commandOf(template: string, purpose: RedisPurpose): RedisCommand {
  const command = parseRedisCommand(template, purpose);
  if ('found' in command) throw new TypeError('the command was not checked');
  return command;
}

type Reply = { readonly result: 'reply'; readonly reply: unknown } | BackendFault;

/** Fields go by their names; where none is called `password`, the first is the password and the second the salt. */
function recordOf({ name, fields }: RedisCommand, answer: Reply): RecordAnswer {
  if (answer.result !== 'reply') return answer;
  const { reply } = answer;
  if (reply === null) return { result: 'none' };
  if (name !== 'HMGET') {
    return typeof reply === 'string'
      ? {
          result: 'record',
          record: { password: reply, salt: null, superuser: undefined, columns: [fields[0] ?? 'value'] },
        }
      : badResult('the reply is no text');
  }
  if (!Array.isArray(reply) || !reply.every(isTextOrNil))
    return badResult('the reply is no list of texts', fields);
  const isNamed = fields.includes('password');
  const valueOf = (field: string, position: number): string | null =>
    reply[isNamed ? fields.indexOf(field) : position] ?? null;
  const password = valueOf('password', 0);
  // A key that is not there, and a record without a password, look alike.
  if (password === null) return { result: 'none' };
  const salt = valueOf('salt', 1);
  const superuser = fields.includes('is_superuser')
    ? isTrue(reply[fields.indexOf('is_superuser')])
    : undefined;
  return { result: 'record', record: { password, salt, superuser, columns: fields } };
}

const isTextOrNil = (value: unknown): value is string | null => value === null || typeof value === 'string';

const superuserOf = (answer: Reply): SuperuserAnswer =>
  answer.result === 'reply' ? { result: 'superuser', superuser: isTrue(answer.reply) } : answer;

/** A hash of topic filters, each with 1, 2 or 3; all of them allow. */
function rulesOf(answer: Reply): RulesAnswer {
  if (answer.result !== 'reply') return answer;
  const reply: readonly unknown[] = Array.isArray(answer.reply) ? answer.reply : [];
  if (reply.length > SOURCE_RULES_MAX * 2) return badResult(`more than ${String(SOURCE_RULES_MAX)} rules`);
  const rules: AclRule[] = [];
  for (let at = 0; at + 1 < reply.length; at += 2) {
    const topic = reply[at];
    const action = actionOf(reply[at + 1]);
    if (typeof topic !== 'string' || topic === '') return badResult('a topic of the rules is no text');
    if (action === undefined) return badResult('a topic of the rules has none of 1, 2 and 3');
    rules.push(aclRule('allow', action, topic));
  }
  return { result: 'rules', rules };
}
