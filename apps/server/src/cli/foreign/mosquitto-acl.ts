import { isTopicFilter } from '@gatehouse/auth-core';
import type { CreateAccessRule, ImportRowInput } from '@gatehouse/contract';
import { left, together, type Foreign, type Line } from './foreign.ts';

type Access = 'read' | 'write' | 'readwrite' | 'deny';
interface Topic {
  readonly at: string;
  readonly access: Access;
  readonly topic: string;
}

/** An `acl_file`, read. */
export interface MosquittoAcl {
  /** What a user may do, as an import writes it. */
  readonly topicsOf: (username: string) => Pick<ImportRowInput, 'publish' | 'subscribe'>;
  /** Patterns, rules about users that are not among those, and what cannot be carried over. */
  readonly othersThan: (users: ReadonlySet<string | undefined>) => Foreign;
}

const LINE = /^\s*(user|topic|pattern)\s+(.*\S)\s*$/;
const ACCESS = /^(read|write|readwrite|deny)\s+(.+)$/;

/** A word that is no access is the beginning of a topic: `topic a/#` grants both. */
function topicOf({ at }: Line, rest: string): Topic {
  const [, access, topic] = ACCESS.exec(rest) ?? [];
  return access === undefined || topic === undefined
    ? { at, access: 'readwrite', topic: rest }
    : { at, access: access as Access, topic };
}

const isDeny = ({ access }: Topic): boolean => access === 'deny';
/** mosquitto asks its denials first, wherever they stand. */
const inOrder = (topics: readonly Topic[]): readonly Topic[] => [
  ...topics.filter(isDeny),
  ...topics.filter((topic) => !isDeny(topic)),
];

const PLACEHOLDER = /%[cu]|\$\{(?:username|clientid|cn)\}/;

/** As our rules write it: what is a placeholder here and was none there is taken literally. */
function ownTopic({ topic }: Topic, isPattern: boolean): string | undefined {
  if (!isTopicFilter(topic)) return undefined;
  const isForeign = isPattern ? /\$\{(?:username|clientid|cn)\}/.test(topic) : PLACEHOLDER.test(topic);
  if (!isForeign) return topic;
  return /[+#]/.test(topic) ? undefined : `eq ${topic}`;
}

const UNWRITABLE = 'the topic is no filter, or has wildcards beside what is a placeholder here';

const ACTIONS = { read: 'subscribe', write: 'publish', readwrite: 'all', deny: 'all' } as const;

function ruleOf(
  topic: Topic,
  who: CreateAccessRule['who'],
  more: Partial<CreateAccessRule>,
): Partial<Foreign> {
  const written = ownTopic(topic, more.phase !== undefined);
  if (written === undefined) return left(topic.at, UNWRITABLE);
  const rule: CreateAccessRule = {
    permission: isDeny(topic) ? 'deny' : 'allow',
    who,
    action: ACTIONS[topic.access],
    topics: [written],
    comment: 'mosquitto',
    ...more,
  };
  return { rules: [{ at: topic.at, rule }] };
}

/** What of a user's topics an import's columns cannot write. */
const unwritable = (topics: readonly Topic[]): Foreign =>
  together(topics.filter((one) => ownTopic(one, false) === undefined).map(({ at }) => left(at, UNWRITABLE)));

function columnsOf(topics: readonly Topic[]): Pick<ImportRowInput, 'publish' | 'subscribe'> {
  const texts = (actions: readonly Access[]): string[] =>
    inOrder(topics).flatMap((one) => {
      const written = actions.includes(one.access) ? ownTopic(one, false) : undefined;
      return written === undefined ? [] : [`${isDeny(one) ? '!' : ''}${written}`];
    });
  return {
    publish: texts(['write', 'readwrite', 'deny']),
    subscribe: texts(['read', 'readwrite', 'deny']),
  };
}

/** Reads the lines of `acl_file`s. A user without any may do nothing, as in mosquitto. */
export function readAcl(lines: readonly Line[]): MosquittoAcl {
  const users = new Map<string, Topic[]>();
  const patterns: Topic[] = [];
  const problems: Partial<Foreign>[] = [];
  let user: Topic[] | undefined;
  for (const line of lines) {
    const [, word, rest] = LINE.exec(line.text) ?? [];
    if (word === undefined || rest === undefined) {
      problems.push(left(line.at, 'is none of user, topic, pattern'));
    } else if (word === 'user') {
      user = users.get(rest) ?? [];
      users.set(rest, user);
    } else if (word === 'pattern') patterns.push(topicOf(line, rest));
    else if (user === undefined) {
      problems.push(left(line.at, 'it is about clients without a username, which no rule here names'));
    } else user.push(topicOf(line, rest));
  }
  return {
    topicsOf: (username) => columnsOf(users.get(username) ?? []),
    othersThan: (known) => {
      const parts = [...users].map(([username, topics]) =>
        known.has(username)
          ? unwritable(topics)
          : together(inOrder(topics).map((one) => ruleOf(one, { username }, {}))),
      );
      // A user's own topics are asked before any pattern.
      const general = inOrder(patterns).map((one) => ruleOf(one, 'all', { phase: 'after' }));
      return together([...problems, ...parts, ...general]);
    },
  };
}
