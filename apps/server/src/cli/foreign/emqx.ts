import { isAclConf, readEmqxAclConf } from './emqx-acl-conf.ts';
import { readEmqxAcl } from './emqx-acl.ts';
import { readEmqxBanned } from './emqx-banned.ts';
import { readEmqxExport, readEmqxUsers, type EmqxOptions } from './emqx-users.ts';
import { left, linesOf, pairOf, together, type Foreign, type ForeignFile, type Line } from './foreign.ts';
import { isTree, jsonOf } from './tree.ts';

/** A line of `psk.txt`: the key is the raw text behind the first colon. */
function keyOf({ at, text }: Line): Partial<Foreign> {
  const [identity, key] = pairOf(text) ?? [];
  if (identity === undefined || key === undefined) return left(at, 'is not identity:secret');
  return { credentials: [{ at, row: { type: 'psk', identity, psk_key: Buffer.from(key).toString('hex') } }] };
}

/** What of an export is no business of an import of users and rules, where there is any. */
const OTHERS: Readonly<Record<string, string>> = {
  rules: 'rules of the rule engine are not carried over',
  resources: 'resources of the rule engine are not carried over',
  apps: 'applications are not carried over: gatehouse api-keys create',
  users: 'users of the dashboard are not carried over: invite them in the console',
  auth_clientid:
    'users of emqx_auth_clientid (before 4.3) are not carried over: import them into EMQX 4.3 first',
  auth_username:
    'users of emqx_auth_username (before 4.3) are not carried over: import them into EMQX 4.3 first',
};

/** Parts of an export that are carried over. */
const PARTS = ['auth_mnesia', 'acl_mnesia', 'blacklist'] as const;

const countOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

type Options = EmqxOptions & {
  /** Bans that have ended by then are passed over; milliseconds since the epoch. */
  readonly now: number;
};

async function readFile(file: ForeignFile, options: Options): Promise<Foreign> {
  if (isAclConf(file.text)) return readEmqxAclConf(file);
  const first = file.text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .charAt(0);
  if (first === '{') {
    const tree = jsonOf(file.text);
    if (!isTree(tree)) return together([left(file.name, 'is not JSON')]);
    // As `GET /banned` answers.
    if (Array.isArray(tree['data'])) return readEmqxBanned(file.name, 'data', tree['data'], options.now);
    if (PARTS.every((part) => tree[part] === undefined))
      return together([left(file.name, `is no export of EMQX 4.3: it has none of ${PARTS.join(', ')}`)]);
    const notes = Object.entries(OTHERS).flatMap(([key, words]) =>
      countOf(tree[key]) > 0 ? [`${file.name}: ${countOf(tree[key])} ${words}.`] : [],
    );
    return together([
      readEmqxExport(file.name, tree['auth_mnesia'] ?? [], options),
      readEmqxAcl(file.name, tree['acl_mnesia'] ?? []),
      readEmqxBanned(file.name, 'blacklist', tree['blacklist'] ?? [], options.now),
      { notes },
    ]);
  }
  const [header = ''] = file.text.split('\n', 1);
  if (first === '[' || /(?:^|,)"?user_id"?(?:,|\r?$)/.test(header)) return readEmqxUsers(file, options);
  return together(linesOf(file).map(keyOf));
}

/**
 * Reads what `emqx_ctl data export` of 4.3 wrote, `acl.conf`, the bans that the API lists, users as EMQX 5 imports them
 * (CSV or JSON), and `psk.txt`; told apart by how they begin.
 */
export const readEmqx = async (files: readonly ForeignFile[], options: Options): Promise<Foreign> => {
  const isLast = ({ text }: ForeignFile): boolean => isAclConf(text);
  // EMQX asks the rules of the file last.
  const inOrder = [...files.filter((file) => !isLast(file)), ...files.filter(isLast)];
  return together(await Promise.all(inOrder.map((file) => readFile(file, options))));
};
