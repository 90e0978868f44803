import type { Credential, Store } from '@gatehouse/ports';
import { fact, quoted, type Statement } from './statement.ts';

/** What a client goes by; empty texts stand for nothing. */
interface Names {
  readonly username: string | null;
  readonly clientId: string | null;
}

/** A credential that has one name of the client and wants another of the other, so that the lookup passes it by. */
export interface Near {
  readonly credential: Credential;
  /** The name in which they differ. */
  readonly differs: 'username' | 'clientId';
  /** Another spelling of the same, or the only one of its kind: the client is probably meant by it. */
  readonly isMeant: boolean;
}

const NEAR_READ = 20;

/** What people mistype is what is between letters and digits, and their case. */
const spelling = (name: string | null): string => (name ?? '').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The credential that is nearest to these names, for a client that none goes by; null: none has either. */
export const findNear = async (
  { credentials }: Pick<Store, 'credentials'>,
  names: Names,
): Promise<Near | null> => {
  const found = (await credentials.findNear(names, NEAR_READ)).map((credential) => ({
    credential,
    differs: credential.username === names.username ? ('clientId' as const) : ('username' as const),
  }));
  const same = found.find(({ credential, differs }) => {
    const spelt = spelling(credential[differs]);
    return spelt !== '' && spelt === spelling(names[differs]);
  });
  const nearest = same ?? found[0];
  if (nearest === undefined) return null;
  const ofItsKind = found.filter(({ differs }) => differs === nearest.differs).length;
  return { ...nearest, isMeant: nearest === same || ofItsKind === 1 };
};

/** What it has and what it wants instead; the console links it to the credential by its ID. */
export const nearStatement = ({ credential, differs }: Near, names: Names): Statement => {
  const { id: credentialId, name } = credential;
  const wants = credential[differs] ?? '';
  const sent = names[differs] ?? '';
  const instead = sent === '' ? 'was sent without one' : `was sent with ${quoted(sent)}`;
  return differs === 'clientId'
    ? fact(
        'credential-other-client-id',
        { credentialId, name, wants, sent },
        `The credential ${quoted(name)} has this username, but expects the client ID ${quoted(wants)}; it ${instead}.`,
      )
    : fact(
        'credential-other-username',
        { credentialId, name, wants, sent },
        `The credential ${quoted(name)} has this client ID, but expects the username ${quoted(wants)}; it ${instead}.`,
      );
};
