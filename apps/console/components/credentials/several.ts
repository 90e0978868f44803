import type { CreateCredential } from '@gatehouse/contract';
import { toCreate, type Draft, type SecretChoice } from './draft';

/** Credentials that one form makes at most: they are made one by one, and the page stays open meanwhile. */
export const SEVERAL_MAX = 200;
/** The number that was written, if so many can be made. */
export function countOf(text: string): number | undefined {
  const count = Number(text);
  return text.trim() !== '' && Number.isInteger(count) && count >= 1 && count <= SEVERAL_MAX
    ? count
    : undefined;
}

/** What stands for the number of one of several in a name. */
const NUMBER = '{n}';
const DIGITS_MIN = 2;

/** The texts that tell one credential from the next. */
const NAMES = ['name', 'username', 'clientId', 'identity'] as const;

/** Whether so many of this draft can be made: a certificate is one client's. */
export const canBeSeveral = ({ type }: Pick<Draft, 'type'>): boolean => type !== 'x509';

/**
 * The drafts of several: in each name `{n}` is the number, with leading zeros; where none has it, the number follows each
 * name that is given.
 *
 * @example numbered({ ...draft, username: 'installer' }, 20)[0].username // 'installer-01'
 */
export function numbered(draft: Draft, count: number): readonly Draft[] {
  if (count === 1) return [draft];
  const digits = Math.max(DIGITS_MIN, String(count).length);
  const isPlaced = NAMES.some((name) => draft[name].includes(NUMBER));
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(digits, '0');
    const fill = (text: string): string => {
      if (isPlaced) return text.replaceAll(NUMBER, number);
      return text === '' ? '' : `${text}-${number}`;
    };
    const { name, username, clientId, identity } = draft;
    return {
      ...draft,
      name: fill(name),
      username: fill(username),
      clientId: fill(clientId),
      identity: fill(identity),
    };
  });
}

/** The bodies of their creation. One password for many would be everybody's: each gets its own. */
export const bodiesOf = (draft: Draft, secret: SecretChoice, count: number): readonly CreateCredential[] =>
  numbered(draft, count).map((one) =>
    toCreate(one, count > 1 && secret.kind === 'choose' ? { kind: 'generate' } : secret),
  );
