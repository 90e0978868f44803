import { ENDPOINTS, type AccessRuleDto, type AccessWhoDto } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { table } from './output.ts';
import { safe } from '../safe-text.ts';
import { withApi } from './with-api.ts';

/** Rules that one page carries. */
const PAGE = 1_000;

const conditions = {
  username: z.string().optional(),
  clientId: z.string().optional(),
  ip: z.string().optional(),
  tag: z.string().optional(),
  cn: z.string().optional(),
};
const topicList = z.array(z.string()).min(1);
const phase = z.enum(['before', 'after']).optional();
const index = z.coerce.number().int().min(1).optional();
const addOptions = z.object({
  ...conditions,
  action: z.enum(['publish', 'subscribe', 'all']).default('all'),
  phase,
  place: index,
  comment: z.string().optional(),
});

type AddOptions = z.output<typeof addOptions>;

/** What is named has to hold together; nothing named: everybody. */
function whoOf({ username, clientId, ip, tag, cn }: AddOptions): AccessWhoDto {
  const named = [
    ...(username === undefined ? [] : [{ username }]),
    ...(clientId === undefined ? [] : [{ clientId }]),
    ...(ip === undefined ? [] : [{ ip }]),
    ...(tag === undefined ? [] : [{ tag }]),
    ...(cn === undefined ? [] : [{ cn }]),
  ];
  const [only, ...others] = named;
  if (only === undefined) return 'all';
  return others.length === 0 ? only : { and: named };
}

const placeOf = (place: number | undefined) => (place === undefined ? {} : { index: place - 1 });

function add(host: Host): Command {
  const command = newCommand('add', 'add a rule; open sessions are held against it')
    .argument('<permission>', 'allow or deny')
    .argument(
      '<topic...>',
      'topic filters; %u, %c and ${cn} stand for one level, "eq TOPIC" is that very text',
    )
    .option('--username <name>', 'about clients of this username')
    .option('--client-id <id>', 'about this client ID')
    .option('--ip <address>', 'about clients at this address or in this network (CIDR)')
    .option('--tag <tag>', 'about clients whose credential has this tag')
    .option('--cn <name>', 'about clients whose certificate has this common name')
    .option('--action <action>', 'publish, subscribe or all (default: all)')
    .option('--phase <phase>', 'before or after the client’s own rules (default: deny before, allow after)')
    .option('--place <number>', 'its place in its phase, from 1 (default: last)')
    .option('--comment <text>', 'why');
  return action(host, command, addOptions, async (context, options, [permission, ...topics]) => {
    if (permission !== 'allow' && permission !== 'deny')
      throw new Failure('Wrong usage: begin with allow or deny.', EXIT.usage);
    const body = {
      permission,
      topics: topicList.parse(topics),
      who: whoOf(options),
      action: options.action,
      ...(options.phase === undefined ? {} : { phase: options.phase }),
      ...placeOf(options.place),
      ...(options.comment === undefined ? {} : { comment: options.comment }),
    };
    const made = await withApi(context, ({ api }) => api.call(ENDPOINTS.createAccessRule, { body }));
    context.out.answer(made, () => [made.id]);
    return EXIT.done;
  });
}

const headings = ['id', 'phase', 'place', 'rule', 'action', 'who', 'topics', 'comment'];
const rowOf = (rule: AccessRuleDto) => [
  rule.id,
  rule.phase,
  rule.index + 1,
  rule.permission,
  rule.action,
  rule.who === 'all' ? 'all' : JSON.stringify(rule.who),
  rule.topics.join(' '),
  rule.comment,
];

function list(host: Host): Command {
  const command = newCommand('list', 'list the rules in the order in which they are asked').option(
    '--search <text>',
    'topics, conditions or comment contain',
  );
  return action(host, command, z.object({ search: z.string().optional() }), async (context, { search }) => {
    const { items, noMatch } = await withApi(context, async ({ api }) => {
      const found: AccessRuleDto[] = [];
      let cursor: string | undefined;
      for (;;) {
        const page = await api.call(ENDPOINTS.listAccessRules, { query: { search, limit: PAGE, cursor } });
        found.push(...page.items);
        if (page.next === null) return { items: found, noMatch: page.noMatch };
        cursor = page.next;
      }
    });
    context.out.answer({ items, noMatch }, () => [
      ...table(headings, items.map(rowOf)),
      `Where no rule matches: ${noMatch}.`,
    ]);
    return EXIT.done;
  });
}

function move(host: Host): Command {
  const command = newCommand('move', 'put a rule at another place')
    .argument('<id>', 'as `list` shows it')
    .option('--phase <phase>', 'before or after the client’s own rules')
    .option('--place <number>', 'its place there, from 1 (default: last)');
  return action(host, command, z.object({ phase, place: index }), async (context, options, [id = '']) => {
    const body = {
      ...(options.phase === undefined ? {} : { phase: options.phase }),
      ...placeOf(options.place),
    };
    const moved = await withApi(context, ({ api }) =>
      api.call(ENDPOINTS.moveAccessRule, { params: { id }, body }),
    );
    context.out.answer(moved, () => [`${safe(moved.id)}: ${moved.phase}, place ${moved.index + 1}`]);
    return EXIT.done;
  });
}

function remove(host: Host): Command {
  const command = newCommand('remove', 'remove rules').argument('<id...>', 'as `list` shows them');
  return action(host, command, z.object({}), async (context, _options, ids) => {
    await withApi(context, async ({ api }) => {
      for (const id of ids) await api.call(ENDPOINTS.deleteAccessRule, { params: { id } });
    });
    context.out.answer({ removed: ids }, () => [`Removed ${ids.length}.`]);
    return EXIT.done;
  });
}

export const rulesCommand = (host: Host): Command =>
  newGroup('rules', 'access rules for all clients')
    .addCommand(add(host))
    .addCommand(list(host))
    .addCommand(move(host))
    .addCommand(remove(host));
