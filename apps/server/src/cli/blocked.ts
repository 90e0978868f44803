import { ENDPOINTS, type BlockDto, type BlockKindDto } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import { ApiFailure, type ApiClient } from './api-client.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { table } from './output.ts';
import { safe } from '../safe-text.ts';
import { collectPages, PAGE } from './paging.ts';
import { withApi } from './with-api.ts';

const targets = {
  clientId: z.string().optional(),
  username: z.string().optional(),
  ip: z.string().optional(),
  cidr: z.string().optional(),
  fingerprint: z.string().optional(),
  pattern: z.string().optional(),
} satisfies Record<BlockKindDto, z.ZodType>;
const addOptions = z.object({
  ...targets,
  expires: z.string().optional(),
  comment: z.string().optional(),
});
const KINDS = Object.keys(targets) as readonly BlockKindDto[];

/** The one thing that is to be blocked. */
function targetOf(options: z.output<typeof addOptions>): {
  readonly kind: BlockKindDto;
  readonly value: string;
} {
  const given = KINDS.flatMap((kind) => {
    const value = options[kind];
    return value === undefined ? [] : [{ kind, value }];
  });
  const [only, ...others] = given;
  if (only === undefined || others.length > 0) {
    throw new Failure(
      'Wrong usage: give one of --client-id, --username, --ip, --cidr, --fingerprint, --pattern.',
      EXIT.usage,
    );
  }
  return only;
}

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const duration = /^(\d{1,6})([smhd])$/;
const isUnit = (text: string | undefined): text is keyof typeof UNIT_MS =>
  text !== undefined && text in UNIT_MS;

/** ISO 8601 as given, or a duration from now on. */
function endOf(expires: string | undefined): string | undefined {
  const [, count, unit] = duration.exec(expires ?? '') ?? [];
  return isUnit(unit) ? new Date(Date.now() + Number(count) * UNIT_MS[unit]).toISOString() : expires;
}

function add(host: Host): Command {
  const command = newCommand('add', 'block clients; open sessions that it meets are closed')
    .option('--client-id <id>', 'exactly this client ID')
    .option('--username <name>', 'exactly this username, or name that a client proves')
    .option('--ip <address>', 'this IPv4 or IPv6 address')
    .option('--cidr <network>', 'all addresses of a network, e.g. 203.0.113.0/24')
    .option('--fingerprint <sha256>', 'the client certificate with this SHA-256 fingerprint')
    .option('--pattern <re2>', 'client IDs and usernames that match as a whole')
    .option('--expires <when>', 'ISO 8601, or how long: 30m, 12h, 7d (default: never)')
    .option('--comment <text>', 'why');
  return action(host, command, addOptions, async (context, options) => {
    const body = { ...targetOf(options), expiresAt: endOf(options.expires), comment: options.comment };
    const made = await withApi(context, ({ api }) => api.call(ENDPOINTS.createBlock, { body }));
    context.out.answer(made, () => [made.id]);
    if (!context.out.json) context.out.note(`Blocked ${made.kind} ${safe(made.value)}.`);
    return EXIT.done;
  });
}

const headings = ['id', 'kind', 'value', 'ends', 'hits', 'last hit', 'by', 'comment'];
const rowOf = (block: BlockDto) => [
  block.id,
  block.kind,
  block.value,
  block.expired ? 'ended' : block.expiresAt,
  block.hits,
  block.lastHitAt,
  block.createdBy,
  block.comment,
];

function list(host: Host): Command {
  const command = newCommand('list', 'list blocks, with how often each refused')
    .option('--search <text>', 'value or comment contains')
    .option('--limit <count>', 'rows at most', '1000');
  const schema = z.object({
    search: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(1_000_000),
  });
  return action(host, command, schema, async (context, { search, limit }) => {
    const items = await withApi(context, ({ api }) =>
      collectPages(limit, (paging) => api.call(ENDPOINTS.listBlocks, { query: { search, ...paging } })),
    );
    context.out.answer({ items }, () => table(headings, items.map(rowOf)));
    return EXIT.done;
  });
}

/** The block that an operator means: by id, else by its exact value. */
async function findBlock(api: ApiClient, wanted: string): Promise<BlockDto> {
  try {
    return await api.call(ENDPOINTS.getBlock, { params: { id: wanted } });
  } catch (error) {
    if (!(error instanceof ApiFailure) || (error.code !== 'not-found' && error.code !== 'invalid-input'))
      throw error;
  }
  const page = await api.call(ENDPOINTS.listBlocks, { query: { limit: PAGE, search: wanted.slice(0, 256) } });
  const found = page.items.filter(({ value }) => value === wanted);
  const [only, ...others] = found;
  if (only === undefined) throw new Failure(`There is no block with the id or value "${safe(wanted)}".`);
  if (others.length > 0) {
    const ids = found.map(({ id, kind }) => `${id} (${kind})`).join(', ');
    throw new Failure(`"${safe(wanted)}" is the value of ${found.length} blocks: give an id: ${ids}.`);
  }
  return only;
}

function remove(host: Host): Command {
  const command = newCommand('remove', 'remove blocks; whom they met is let in again').argument(
    '<block...>',
    'ids or values, as `list` shows them',
  );
  return action(host, command, z.object({}), async (context, _options, wanted) => {
    const removed = await withApi(context, async ({ api }) => {
      const ids: string[] = [];
      for (const one of wanted) {
        const { id } = await findBlock(api, one);
        await api.call(ENDPOINTS.deleteBlock, { params: { id } });
        ids.push(id);
      }
      return ids;
    });
    context.out.answer({ removed }, () => [`Removed ${removed.length}.`]);
    return EXIT.done;
  });
}

export const blockedCommand = (host: Host): Command =>
  newGroup('blocked', 'clients that may not connect at all')
    .addCommand(add(host))
    .addCommand(list(host))
    .addCommand(remove(host));
