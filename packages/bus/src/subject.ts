// Topics, filters and names as NATS subjects: total, injective, reversible (scale-reliability-security.md, 1.5).
//
//   gatehouse.<cluster>.t.…              topics of clients
//   gatehouse.<cluster>.s.…              topics whose first level starts with `$`, which `#` and `+` must not reach
//   gatehouse.<cluster>.l                topics that are too long for a subject, whole inside the message
//   gatehouse.<cluster>.c.…              what nodes tell each other; no topic leads here

/** The first token of everything of ours, so that a NATS can be shared with others. */
const ROOT = 'gatehouse';
/** A NATS server reads lines of 4096 bytes by default: the command, this, and the address of an answer have to fit. */
export const SUBJECT_BYTES_MAX = 3_072;
/** An empty level, which no encoded level is. */
const EMPTY = '%';
/** What a token keeps: letters, digits, `-`, `_`, and beyond ASCII whatever is seen. */
const PLAIN_TOPIC = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
// oxlint reads a range of control characters as a mistake; these are what is kept, so the rest is what is not.
const ESCAPED = /(?![A-Za-z0-9_-])[\p{ASCII}\p{Z}\p{C}]/gu;
const ESCAPE = /%(?:u([0-9A-F]{4})|([0-9A-F]{2}))/g;
const HEX = 16;
const ASCII_END = 0x80;

const escape = (character: string): string =>
  // Beyond 16 bits there are two units.
  Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index);
    const hex = unit.toString(HEX).toUpperCase();
    return unit < ASCII_END ? `%${hex.padStart(2, '0')}` : `%u${hex.padStart(4, '0')}`;
  }).join('');

/** One name or topic level as one token of a subject. */
export const encodeToken = (text: string): string => (text === '' ? EMPTY : text.replace(ESCAPED, escape));

/** The text that `encodeToken` made this of. */
export const decodeToken = (token: string): string =>
  token === EMPTY
    ? ''
    : token.replace(ESCAPE, (_, wide: string | undefined, narrow: string | undefined) =>
        String.fromCharCode(parseInt(wide ?? narrow ?? '', HEX)),
      );

const encodeTopic = (topic: string): string =>
  PLAIN_TOPIC.test(topic) ? topic.replaceAll('/', '.') : topic.split('/').map(encodeToken).join('.');

const fits = (subject: string): boolean =>
  subject.length <= SUBJECT_BYTES_MAX && Buffer.byteLength(subject) <= SUBJECT_BYTES_MAX;

/** The subjects of one cluster. */
export interface Subjects {
  /** Of a topic; undefined when it is too long for one: it goes to `long` then. */
  readonly ofTopic: (topic: string) => string | undefined;
  /** The topic of a subject that `ofTopic` made. */
  readonly toTopic: (subject: string) => string;
  /**
   * What to listen to for a filter. One that is too long is left out: it matches only topics that are too long themselves,
   * because every topic that matches has a subject at least as long.
   */
  readonly ofFilter: (filter: string) => readonly string[];
  /** Where topics go that are too long for a subject. */
  readonly long: string;
  /** All that topics and filters may lead to lies below one of these. */
  readonly roots: readonly string[];
  /** To all nodes. */
  readonly toAll: (kind: string) => string;
  /** To one node. */
  readonly toNode: (node: string, kind: string) => string;
  /** What one node is asked. */
  readonly askNode: (node: string, kind: string) => string;
  /** Where answers to a node go; a token of its own follows. */
  readonly answersTo: (node: string) => string;
}

/** The subjects of a cluster, by its id: no subject of one reaches another. */
export function subjectsOf(cluster: string): Subjects {
  const root = `${ROOT}.${encodeToken(cluster)}`;
  const [topics, dollar] = [`${root}.t.`, `${root}.s.`];
  const rootOf = (topic: string): string => (topic.startsWith('$') ? dollar : topics);
  return {
    ofTopic: (topic) => {
      const subject = rootOf(topic) + encodeTopic(topic);
      return fits(subject) ? subject : undefined;
    },
    // Both roots are of one length.
    toTopic: (subject) => subject.slice(topics.length).split('.').map(decodeToken).join('/'),
    ofFilter: (filter) => {
      if (PLAIN_TOPIC.test(filter)) return [topics + encodeTopic(filter)].filter(fits);
      const tokens = filter.split('/').map((level) => (level === '+' ? '*' : encodeToken(level)));
      if (!filter.endsWith('#')) return [rootOf(filter) + tokens.join('.')].filter(fits);
      const parents = tokens.slice(0, -1);
      // `a/#` is `a` and all below it.
      return [
        ...(parents.length === 0 ? [] : [rootOf(filter) + parents.join('.')]),
        rootOf(filter) + [...parents, '>'].join('.'),
      ].filter(fits);
    },
    long: `${root}.l`,
    roots: [`${root}.t`, `${root}.s`],
    toAll: (kind) => `${root}.c.all.${kind}`,
    toNode: (node, kind) => `${root}.c.node.${encodeToken(node)}.${kind}`,
    askNode: (node, kind) => `${root}.c.ask.${encodeToken(node)}.${kind}`,
    answersTo: (node) => `${root}.c.answer.${encodeToken(node)}`,
  };
}
