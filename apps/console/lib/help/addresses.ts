import { posix } from 'node:path';

/** Folders of `docs/` that the console shows, and where their pages stand below `/help`. */
const SHELVES = [
  { folder: 'reasons', prefix: ['reasons'] },
  { folder: 'reference', prefix: ['reference'] },
  { folder: 'guides', prefix: [] },
] as const;

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const PAGE = /\.md$/;
const FRONT = 'README.md';

/** Files that may be meant by what follows `/help/`, relative to `docs/`; none leads out of it. */
export function filesOf(segments: readonly string[]): readonly string[] {
  if (segments.length === 0 || !segments.every((segment) => SEGMENT.test(segment))) return [];
  const shelf = SHELVES.find(({ prefix }) => prefix.every((part, index) => segments[index] === part));
  if (shelf === undefined) return [];
  const path = posix.join(shelf.folder, ...segments.slice(shelf.prefix.length));
  return path === shelf.folder ? [posix.join(path, FRONT)] : [`${path}.md`, posix.join(path, FRONT)];
}

/** Where the console shows a file of `docs/`; undefined where it does not. */
export function addressOf(file: string): string | undefined {
  const shelf = SHELVES.find(({ folder }) => file.startsWith(`${folder}/`));
  if (shelf === undefined || !PAGE.test(file)) return undefined;
  const within = file.slice(shelf.folder.length + 1).replace(PAGE, '');
  const path = within === 'README' ? '' : within.replace(/\/README$/, '');
  return ['/help', ...shelf.prefix, path].filter((part) => part !== '').join('/');
}

/** What a link in a file leads to: within the console, elsewhere, or nowhere that the console shows. */
export type Target =
  | { readonly kind: 'here'; readonly href: string }
  | { readonly kind: 'elsewhere'; readonly href: string }
  | { readonly kind: 'nowhere' };

/** Resolves a link as it stands in a file of `docs/`. */
export function targetOf(href: string, file: string): Target {
  if (/^https?:\/\//.test(href)) return { kind: 'elsewhere', href };
  const [path = '', hash = ''] = href.split('#');
  const anchor = hash === '' ? '' : `#${hash}`;
  if (path === '') return { kind: 'here', href: anchor };
  const address = addressOf(posix.join(posix.dirname(file), path));
  return address === undefined ? { kind: 'nowhere' } : { kind: 'here', href: `${address}${anchor}` };
}
