import { type AclSubject, fillLevel } from './acl/substitute.ts';
import { isTopicName, levelsOf } from './acl/topic.ts';

/** Characters of a mountpoint, its placeholders filled in: it is stored with the session and precedes every topic. */
export const MOUNTPOINT_CHARACTERS_MAX = 1_024;

/** A mountpoint for one client, or why there is none. */
export type Mounted =
  | { readonly mountpoint: string | undefined }
  /** The text itself is none, whoever the client is. */
  | { readonly unusable: string }
  /** A name of this client cannot be a level of a topic: it would reach beyond its own space. */
  | { readonly refused: string };

type Names = Pick<AclSubject, 'username' | 'clientId' | 'commonName'>;

/** Stands for any name while the text is judged. */
const ANY_NAME: Names = { username: 'x', clientId: 'x', commonName: 'x' };

const fill = (text: string, names: Names): string | undefined => {
  const levels = levelsOf(text).map((level) => fillLevel(level, names));
  return levels.includes(undefined) ? undefined : levels.join('/');
};

/** What the mountpoint of a session has to be, placeholders filled in; undefined when it is. */
function problemOf(mountpoint: string): string | undefined {
  if (mountpoint.length > MOUNTPOINT_CHARACTERS_MAX) return 'is too long';
  // Without it `tenant-1` and the topic `0/x` would be a topic of `tenant-10`.
  if (!mountpoint.endsWith('/')) return 'does not end with /';
  if (!isTopicName(mountpoint)) return 'holds +, # or a null character';
  // What begins so is the server's own, or shared.
  return mountpoint.startsWith('$') ? 'begins with $' : undefined;
}

/** What is wrong with a text that is to be the mountpoint of many; undefined when nothing is. Empty text is none. */
export const mountpointTemplateProblem = (text: string): string | undefined =>
  text === '' ? undefined : problemOf(fill(text, ANY_NAME) ?? text);

/**
 * Reads the mountpoint that a backend gives a client: text that ends with `/` and precedes every topic that the client
 * names, with `%c`, `%u`, `${clientid}`, `${username}` and `${cn}` for its names. Empty text is none.
 *
 * @example
 * readMountpoint('tenant-7/%c/', { username: 'pump', clientId: 'p-1', commonName: undefined });
 * // → { mountpoint: 'tenant-7/p-1/' }
 */
export function readMountpoint(text: string, names: Names): Mounted {
  if (text === '') return { mountpoint: undefined };
  const unusable = mountpointTemplateProblem(text);
  if (unusable !== undefined) return { unusable: `the mountpoint ${unusable}` };
  const mountpoint = fill(text, names);
  if (mountpoint === undefined) {
    return { refused: 'a name that the mountpoint takes is absent, or holds +, # or /' };
  }
  const problem = problemOf(mountpoint);
  return problem === undefined
    ? { mountpoint }
    : { refused: `with the client’s names the mountpoint ${problem}` };
}
