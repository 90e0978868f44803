import type { Credential, CredentialIdentity } from '@gatehouse/ports';
import type { Session } from '../database.ts';
import { marks, text } from '../sql.ts';
import { factColumns } from './credential-facts.ts';
import { credentialFromRow } from './credential-record.ts';
import { breathe } from '../write-queue.ts';

/** Identities asked for with one statement. */
const IDENTITIES_PER_STATEMENT = 100;

/** Where an identity is looked for. Each names the index it goes by as the migrations do: a bound type would hide it. */
const PLACES = {
  username: { where: "type = 'basic' AND client_id IS NULL", by: ['username'] },
  clientId: { where: "type = 'basic' AND username IS NULL", by: ['client_id'] },
  both: {
    where: "type = 'basic' AND username IS NOT NULL AND client_id IS NOT NULL",
    by: ['username', 'client_id'],
  },
  x509: { where: "type = 'x509' AND identity IS NOT NULL", by: ['identity'] },
  scram: { where: "type = 'scram' AND identity IS NOT NULL", by: ['identity'] },
  psk: { where: "type = 'psk' AND identity IS NOT NULL", by: ['identity'] },
} as const satisfies Readonly<Record<string, { readonly where: string; readonly by: readonly string[] }>>;

type Place = keyof typeof PLACES;

interface Sought {
  readonly place: Place;
  readonly values: readonly string[];
}

/** Undefined for one that has no name to be found by. */
function soughtOf({ facts = { type: 'basic' }, username, clientId }: CredentialIdentity): Sought | undefined {
  if (facts.type !== 'basic') {
    const { identity } = factColumns(facts, username);
    return identity === null ? undefined : { place: facts.type, values: [identity] };
  }
  if (username !== null && clientId !== null) return { place: 'both', values: [username, clientId] };
  if (username !== null) return { place: 'username', values: [username] };
  return clientId === null ? undefined : { place: 'clientId', values: [clientId] };
}

const keyOf = ({ place, values }: Sought): string => JSON.stringify([place, ...values]);

/** The credentials that have these identities within their types, in the order asked; null where there is none. */
export async function byIdentities(
  session: Pick<Session, 'sql'>,
  asked: readonly CredentialIdentity[],
): Promise<readonly (Credential | null)[]> {
  const sought = asked.map(soughtOf);
  const found = new Map<string, Credential>();
  for (const place of Object.keys(PLACES) as Place[]) {
    const here = sought.filter((one): one is Sought => one?.place === place);
    for (let start = 0; start < here.length; start += IDENTITIES_PER_STATEMENT) {
      if (start > 0) await breathe();
      const some = here.slice(start, start + IDENTITIES_PER_STATEMENT).flatMap(({ values }) => values);
      for (const [key, credential] of await select(session, place, some)) found.set(key, credential);
    }
  }
  return sought.map((one) => (one === undefined ? null : (found.get(keyOf(one)) ?? null)));
}

/** The credential that has this identity within its type. */
export async function byIdentity(
  session: Pick<Session, 'sql'>,
  asked: CredentialIdentity,
): Promise<Credential | null> {
  const [found = null] = await byIdentities(session, [asked]);
  return found;
}

async function select(
  { sql }: Pick<Session, 'sql'>,
  place: Place,
  values: readonly string[],
): Promise<readonly (readonly [string, Credential])[]> {
  const { where, by } = PLACES[place];
  const list =
    by.length === 1
      ? `${by[0]} IN (${marks(values.length)})`
      : `(${by.join(', ')}) IN (VALUES ${values
          .filter((_, index) => index % by.length === 0)
          .map(() => `(${marks(by.length)})`)
          .join(', ')})`;
  const rows = await sql.all(`SELECT * FROM credentials WHERE ${where} AND ${list}`, values);
  return rows.map((row) => [
    keyOf({ place, values: by.map((column) => text(row, column)) }),
    credentialFromRow(row),
  ]);
}
