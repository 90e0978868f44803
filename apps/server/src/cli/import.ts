import { readFileSync, statSync } from 'node:fs';
import { isInvalid, parseHashRule, type HashRule } from '@gatehouse/hashing';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure, messageOf } from '../runtime/failure.ts';
import { action, newCommand, newGroup, type Context, type Host } from './command.ts';
import { carry, type Carried, type CarryOptions } from './foreign/carry.ts';
import type { Foreign, ForeignFile } from './foreign/foreign.ts';
import { readEmqx } from './foreign/emqx.ts';
import { readMosquitto } from './foreign/mosquitto.ts';
import { readTbmq } from './foreign/tbmq.ts';
import { safe } from '../safe-text.ts';
import { withApi } from './with-api.ts';

/** Bytes of one file. */
const FILE_BYTES_MAX = 268_435_456;

function readFiles(names: readonly string[]): readonly ForeignFile[] {
  return names.map((name) => {
    try {
      const { size } = statSync(name);
      if (size > FILE_BYTES_MAX) throw new Error(`it has more than ${FILE_BYTES_MAX} bytes`);
      return { name, text: readFileSync(name, 'utf8') };
    } catch (error) {
      throw new Failure(`${name} cannot be read: ${messageOf(error)}.`);
    }
  });
}

const carryOptions = {
  dryRun: z.boolean().default(false),
  skipErrors: z.boolean().default(false),
  onExisting: z.enum(['skip', 'update', 'fail']),
};

const importing = (name: string, description: string): Command =>
  newCommand(name, description)
    .argument('<file...>', 'files of that broker')
    .option('--dry-run', 'change nothing, say what would happen')
    .option('--skip-errors', 'leave out what cannot be carried over, and import the rest')
    .option('--on-existing <what>', 'skip, update or fail: credentials whose identity is taken', 'skip');

function linesFor(
  { dryRun, written, credentials, rules, blocks, errors }: Carried,
  notes: readonly string[],
): readonly string[] {
  const would = written ? '' : 'would be ';
  const count = (number: number, what: string): string => `${number} ${what}`;
  return [
    ...errors.map(({ at, message }) => `${safe(at)}: ${safe(message)}`),
    ...notes.map(safe),
    `Credentials: ${count(credentials.created, `${would}created`)}, ${count(credentials.updated, `${would}updated`)}, ${count(credentials.skipped, 'there already')}.`,
    `Access rules: ${count(rules.created, `${would}created`)}, ${count(rules.skipped, 'there already')}.`,
    ...(blocks.created + blocks.skipped === 0
      ? []
      : [`Blocked: ${count(blocks.created, `${would}created`)}, ${count(blocks.skipped, 'there already')}.`]),
    ...(errors.length === 0 ? [] : [`${errors.length} cannot be carried over.`]),
    ...(dryRun || written
      ? []
      : ['Nothing is imported. Correct them, or leave them out with --skip-errors.']),
  ];
}

/** Reads, carries over, and tells; a dry run with errors and an import that did nothing have failed. */
async function carryOver(context: Context, foreign: Foreign, options: CarryOptions): Promise<number> {
  const carried = await withApi(context, ({ api }) => carry(api, foreign, options));
  context.out.answer({ ...carried, notes: foreign.notes }, () => linesFor(carried, foreign.notes));
  const failed = carried.errors.length > 0 && !options.skipErrors;
  return failed ? EXIT.failed : EXIT.done;
}

function mosquitto(host: Host): Command {
  const command = importing(
    'mosquitto',
    'password_file, acl_file and psk_file, told apart by what is in them',
  );
  return action(host, command, z.object(carryOptions), (context, options, names) =>
    carryOver(context, readMosquitto(readFiles(names)), options),
  );
}

/** How passwords are hashed, in EMQX's words. */
function ruleOf(text: string | undefined): HashRule | undefined {
  if (text === undefined) return undefined;
  const rule = parseHashRule(text);
  if (isInvalid(rule)) throw new Failure(`Wrong usage: --password-hash: ${rule.invalid}.`, EXIT.usage);
  return rule;
}

function emqx(host: Host): Command {
  const command = importing(
    'emqx',
    'data export of 4.3, acl.conf, banned clients, users in CSV or JSON as EMQX 5 imports them, psk.txt',
  )
    .option('--password-hash <rule>', 'how they are hashed: sha256 (default of 4.3), sha256,salt, bcrypt, …')
    .option('--user-id-type <type>', 'what user_id of EMQX 5 is: username or clientid', 'username');
  const schema = z.object({
    ...carryOptions,
    passwordHash: z.string().optional(),
    userIdType: z.enum(['username', 'clientid']),
  });
  return action(host, command, schema, async (context, { passwordHash, userIdType, ...options }, names) => {
    const foreign = await readEmqx(readFiles(names), {
      rule: ruleOf(passwordHash),
      userIdType,
      now: Date.now(),
    });
    return carryOver(context, foreign, options);
  });
}

function tbmq(host: Host): Command {
  const command = importing('tbmq', 'rows of mqtt_client_credentials as JSON: MQTT_BASIC, X_509, SCRAM');
  return action(host, command, z.object(carryOptions), (context, options, names) =>
    carryOver(context, readTbmq(readFiles(names)), options),
  );
}

export const importCommand = (host: Host): Command =>
  newGroup('import', 'carry over users and rules of another broker')
    .addCommand(emqx(host))
    .addCommand(mosquitto(host))
    .addCommand(tbmq(host));
