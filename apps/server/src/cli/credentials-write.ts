import { ENDPOINTS, type CredentialWithSecretDto, type AclRuleDto } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import { action, newCommand, type Context, type Host } from './command.ts';
import {
  factAttributes,
  factsPatch,
  typeAttributes,
  typedBody,
  withFactOptions,
  withTypeOptions,
} from './credential-types.ts';
import { findCredential } from './credentials-read.ts';
import { readSecret } from './io.ts';
import { safe } from '../safe-text.ts';
import { withApi } from './with-api.ts';

const attributes = {
  name: z.string().optional(),
  username: z.string().optional(),
  clientId: z.string().optional(),
  superuser: z.boolean().optional(),
  expiresAt: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  publish: z.array(z.string()).optional(),
  subscribe: z.array(z.string()).optional(),
  passwordStdin: z.boolean().default(false),
};

const withAttributes = (command: Command): Command =>
  command
    .option('--name <name>', 'name in lists')
    .option('--username <username>', 'username it speaks for')
    .option('--client-id <id>', 'client ID it speaks for')
    .option('--superuser', 'skip all access rules')
    .option('--expires-at <time>', 'when it stops admitting, ISO 8601')
    .option('--description <text>', 'free text')
    .option('--tags <tag...>', 'labels')
    .option('--publish <filter...>', 'topic filters it may publish to')
    .option('--subscribe <filter...>', 'topic filters it may subscribe to')
    .option('--password-stdin', 'read the password from standard input');

interface RuleOptions {
  readonly publish?: readonly string[] | undefined;
  readonly subscribe?: readonly string[] | undefined;
}

/** Undefined when neither option is given: the default rules then, or no change. */
function rulesOf(options: RuleOptions): readonly AclRuleDto[] | undefined {
  if (options.publish === undefined && options.subscribe === undefined) return undefined;
  const allow = (action: AclRuleDto['action'], topics: readonly string[] = []): AclRuleDto[] =>
    topics.map((topic) => ({ permission: 'allow', action, topic }));
  return [...allow('publish', options.publish), ...allow('subscribe', options.subscribe)];
}

const passwordOf = async (context: Context, fromStdin: boolean): Promise<string | undefined> =>
  fromStdin ? readSecret(context.io.stdin) : undefined;

/** The secret alone on standard output, so that it can be piped; what it is on standard error. */
function tell(context: Context, credential: CredentialWithSecretDto, what: string): void {
  context.out.answer(credential, () => (credential.secret === undefined ? [] : [credential.secret]));
  if (context.out.json) return;
  const once = credential.secret === undefined ? '' : ' Its secret is not shown again.';
  context.out.note(`${what} ${safe(credential.name)} (${credential.id}).${once}`);
}

export function addCredential(host: Host): Command {
  const command = withTypeOptions(
    withAttributes(newCommand('add', 'make a credential; its secret is generated and printed once')),
  )
    .option('--passwordless', 'admit without any password')
    .option('--disabled', 'make it disabled');
  const schema = z.object({
    ...attributes,
    ...typeAttributes,
    passwordless: z.boolean().optional(),
    disabled: z.boolean().default(false),
  });
  return action(host, command, schema, async (context, options) => {
    const { passwordStdin, passwordless, name, username, clientId, superuser } = options;
    const { expiresAt, description, tags, disabled } = options;
    const common = { name, username, clientId, superuser, expiresAt, description, tags };
    const body = await typedBody(
      context,
      options,
      {
        ...common,
        rules: rulesOf(options),
        enabled: !disabled,
        ...(passwordless === undefined ? {} : { passwordless }),
      },
      () => passwordOf(context, passwordStdin),
    );
    const created = await withApi(context, ({ api }) => api.call(ENDPOINTS.createCredential, { body }));
    tell(context, created, 'Made');
    return EXIT.done;
  });
}

const updateSchema = z.object({
  ...attributes,
  ...factAttributes,
  newSecret: z.boolean().default(false),
  keepPrevious: z.coerce.number().int().min(0).optional(),
  enable: z.boolean().default(false),
  disable: z.boolean().default(false),
});
type UpdateOptions = z.output<typeof updateSchema>;

function patchOf(options: UpdateOptions): Readonly<Record<string, unknown>> {
  const { enable, disable, name, username, clientId, superuser, expiresAt, description, tags } = options;
  if (enable && disable) throw new Failure('Wrong usage: --enable or --disable, not both.', EXIT.usage);
  const common = { name, username, clientId, superuser, expiresAt, description, tags };
  const enabled = enable ? true : disable ? false : undefined;
  const patch = { ...common, rules: rulesOf(options), enabled, ...factsPatch(options) };
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/** Both are read from standard input, which holds one. */
async function givenSecret(context: Context, { passwordStdin, keyStdin }: UpdateOptions) {
  if (passwordStdin && keyStdin)
    throw new Failure('Wrong usage: --password-stdin or --key-stdin, not both.', EXIT.usage);
  const secret = await passwordOf(context, passwordStdin || keyStdin);
  return keyStdin ? { key: secret } : { password: secret };
}

export function updateCredential(host: Host): Command {
  const command = withFactOptions(
    withAttributes(newCommand('update', 'change a credential, or give it a new secret')),
  )
    .argument('<credential>', 'id, username, client ID, key identity or name')
    .option('--no-rules-by-cn', 'x509: its own rules alone, whatever the common name')
    .option('--no-skip-validity', 'x509: refuse expired certificates again')
    .option('--new-secret', 'generate a new secret and print it once')
    .option('--keep-previous <seconds>', 'how long the old secret still works')
    .option('--enable', 'enable it')
    .option('--disable', 'disable it; its sessions end');
  return action(host, command, updateSchema, async (context, options, [wanted = '']) => {
    const patch = patchOf(options);
    const secretChanges = options.newSecret || options.passwordStdin || options.keyStdin;
    if (!secretChanges && Object.keys(patch).length === 0)
      throw new Failure('Wrong usage: nothing to change.', EXIT.usage);
    const secret = await givenSecret(context, options);
    const updated = await withApi(context, async ({ api }): Promise<CredentialWithSecretDto> => {
      const found = await findCredential(api, wanted);
      const params = { id: found.id };
      const changed =
        Object.keys(patch).length === 0
          ? found
          : await api.call(ENDPOINTS.updateCredential, { params, body: patch });
      if (!secretChanges) return changed;
      return api.call(ENDPOINTS.resetCredentialSecret, {
        params,
        body: { ...secret, keepPreviousForSeconds: options.keepPrevious },
      });
    });
    tell(context, updated, 'Changed');
    return EXIT.done;
  });
}
