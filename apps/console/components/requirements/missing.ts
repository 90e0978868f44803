import type { AuthenticatorDto, CertificateAuthorityDto, ChainDto } from '@gatehouse/contract';
import { namesIn } from '../authentication/chain-entries.ts';

/** What clients come with, that a listener and its chain have to ask for. */
export type Proof = 'issued' | 'x509' | 'psk' | 'scram';

export type Requirement = 'listener' | 'ownCa' | 'chain' | 'credential';

export interface Check {
  readonly what: Requirement;
  readonly met: boolean;
}

export interface Found {
  readonly listeners: CertificateAuthorityDto['listeners'];
  readonly chains: readonly ChainDto[];
  readonly authenticators: readonly AuthenticatorDto[];
  /** Stored credentials that may match; undefined where that is not asked. */
  readonly credentials: number | undefined;
}

type Listener = Found['listeners'][number];

/** The type of authenticator that has to be in the chain. */
export const typeOf = (proof: Proof): 'x509' | 'psk' | 'scram' => (proof === 'issued' ? 'x509' : proof);

/** What has to be in place so that clients get in with it, and whether it is. */
export function checksOf(proof: Proof, found: Found): readonly Check[] {
  const asking = found.listeners.filter((one) => asksFor(proof, one));
  const able = proof === 'issued' ? asking.filter((one) => one.clients?.trustsOwnCa === true) : asking;
  const names = proof === 'scram' ? undefined : able.map(({ listener }) => listener);
  const checks: Check[] = proof === 'scram' ? [] : [{ what: 'listener', met: asking.length > 0 }];
  if (proof === 'issued' && asking.length > 0) checks.push({ what: 'ownCa', met: able.length > 0 });
  checks.push({ what: 'chain', met: isAsked(typeOf(proof), names, found) });
  const { credentials } = found;
  if (proof === 'issued' && credentials !== undefined && !hasOwnList(found)) {
    checks.push({ what: 'credential', met: credentials > 0 });
  }
  return checks;
}

function asksFor(proof: Proof, { clients, takesPreSharedKeys }: Listener): boolean {
  if (proof === 'psk') return takesPreSharedKeys;
  return clients !== null && clients.problem === null;
}

/** Whether a chain of these listeners asks an authenticator of the type; of any listener where none is named. */
function isAsked(
  type: string,
  listeners: readonly string[] | undefined,
  { chains, authenticators }: Found,
): boolean {
  const able = new Set(
    authenticators.filter((one) => one.type === type && one.enabled).map(({ name }) => name),
  );
  return chains
    .filter((chain) => listeners === undefined || listeners.length === 0 || meets(chain, listeners))
    .some((chain) => namesIn(chain.steps).some((name) => able.has(name)));
}

const meets = (chain: ChainDto, listeners: readonly string[]): boolean =>
  chain.listeners.some((name) => listeners.includes(name));

/** An authenticator's own list of certificates may match what no stored credential does. */
const hasOwnList = ({ authenticators }: Found): boolean =>
  authenticators.some(({ type, settings }) => {
    const { credentials } = settings;
    return type === 'x509' && Array.isArray(credentials) && credentials.length > 0;
  });
