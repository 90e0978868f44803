import { type FixAction, type ReasonCode, REASONS } from '@gatehouse/auth-core';
import type { fixOption } from '@gatehouse/contract';
import type { UnauthorizedClientDetail } from '@gatehouse/ports';
import type { z } from 'zod';
import { guessesOf, isGuesser } from './causes/guesses.ts';
import { unreadProof } from './causes/unread-proof.ts';
import { beganAt, type Circumstances } from './circumstances.ts';

export type FixOption = z.output<typeof fixOption>;

/** What the catalogue names, and what only the circumstances of a case can. */
type Fix =
  | Exclude<FixAction, 'none'>
  | 'revert-change'
  | 'edit-access-rules'
  | 'edit-credential'
  | 'renew-certificate'
  | 'show-certificate';

const LABELS: Readonly<Record<Fix, string>> = {
  'revert-change': 'Revert the change',
  'create-credential': 'Create credential from this attempt',
  'reset-secret': 'Set a new secret',
  'accept-previous-secret': 'Accept the old secret for 24 h',
  'enable-credential': 'Enable the credential',
  'extend-credential': 'Extend the credential',
  'release-session': 'Release the session',
  'add-rules-for-cn': 'Add rules for this CN',
  'trust-ca': 'Trust this CA',
  'install-ca': 'Get the CA certificate',
  'edit-authenticator': 'Edit the authenticator',
  'edit-chain': 'Edit the chain',
  'edit-anonymous-policy': 'Edit the anonymous policy',
  'edit-listener': 'Which setting',
  'edit-rules': 'Edit the rules',
  unblock: 'Remove the block',
  'forgive-failures': 'Forgive the failures',
  'edit-credential': 'Correct the credential',
  'edit-access-rules': 'Edit the access rules',
  'renew-certificate': 'Renew the certificate',
  'show-certificate': 'Show the certificate',
  block: 'Block',
  'open-in-tester': 'Open in tester',
};

/** Actions on an existing credential: without one they have no object. */
const ON_CREDENTIAL: ReadonlySet<string> = new Set<Fix>([
  'reset-secret',
  'accept-previous-secret',
  'enable-credential',
  'extend-credential',
  'edit-rules',
]);

/** Every fix that may be offered: what the console has buttons for. */
export const FIXES = Object.keys(LABELS) as readonly Fix[];

/** The setting of a listener that a refusal is about, under `listeners.NAME`; what is not here has none that mends it. */
const LISTENER_SETTINGS: Readonly<Partial<Record<ReasonCode, string>>> = {
  TLS_CRL_UNAVAILABLE: 'crl',
  TLS_CERT_REQUIRED: 'fail_if_no_peer_cert',
  TLS_VERSION_UNSUPPORTED: 'min_version',
  TLS_NO_SHARED_CIPHER: 'ciphers',
  TLS_HANDSHAKE_TIMEOUT: 'handshake_timeout_ms',
  WS_PATH_NOT_FOUND: 'path',
  WS_ORIGIN_DENIED: 'origins',
  PROXY_HEADER_INVALID: 'proxy_protocol',
  LISTENER_ADDRESS_DENIED: 'access',
};
/** Bounds that a refusal is about, under `limits`. */
const LIMIT_SETTINGS: Readonly<Partial<Record<ReasonCode, string>>> = {
  PROTOCOL_CONNECT_TIMEOUT: 'connectTimeoutMs',
  PROTOCOL_PACKET_TOO_LARGE: 'preAuthPacketBytesMax',
};

/** The setting that mends a refusal; undefined where none does. */
const settingOf = ({ reason, listener, detail }: UnauthorizedClientDetail): string | undefined => {
  const { bound } = detail;
  const reached = reason === 'QUOTA_EXCEEDED' && typeof bound === 'string' ? bound : undefined;
  const [ofListener, limit] = [LISTENER_SETTINGS[reason], LIMIT_SETTINGS[reason] ?? reached];
  if (limit !== undefined) return `limits.${limit}`;
  return ofListener === undefined ? undefined : `listeners.${listener}.${ofListener}`;
};

const DAY_SECONDS = 86_400;
const NAME_CHARS_MAX = 200;

/** What a credential would be made of: of the type that the reason is about. */
const credentialPrefill = (
  row: UnauthorizedClientDetail,
  username: string | null,
  clientId: string | null,
): FixOption['prefill'] => {
  const { certificate, pskIdentity, reason } = row;
  if (reason.startsWith('X509_') && certificate !== null) {
    const { commonName, fingerprint } = certificate;
    return commonName === undefined
      ? { type: 'x509', by: 'fingerprint', value: fingerprint }
      : { type: 'x509', by: 'cn', value: commonName, fingerprint };
  }
  if (reason.startsWith('PSK_')) return { type: 'psk', identity: pskIdentity };
  // By username where there is one, so that the device may still change its client ID.
  return {
    ...(reason.startsWith('SCRAM_') ? { type: 'scram' } : {}),
    name: (username ?? clientId ?? '').slice(0, NAME_CHARS_MAX),
    username,
    clientId: username === null ? clientId : null,
  };
};

/** Whether there is anything to make a credential of. */
const isIdentified = (row: UnauthorizedClientDetail, isNamed: boolean): boolean => {
  if (row.reason.startsWith('X509_')) return row.certificate !== null;
  if (row.reason.startsWith('PSK_')) return (row.pskIdentity ?? '') !== '';
  return (row.username ?? '') !== '' || (isNamed && !row.reason.startsWith('SCRAM_'));
};

const prefillOf = (
  action: Fix,
  row: UnauthorizedClientDetail,
  about: Circumstances,
): FixOption['prefill'] => {
  const username = row.username === '' ? null : row.username;
  const clientId = row.clientId === '' || row.clientIdTruncated ? null : row.clientId;
  switch (action) {
    case 'create-credential':
      return credentialPrefill(row, username, clientId);
    case 'accept-previous-secret':
      return { forSeconds: DAY_SECONDS };
    case 'open-in-tester':
      return { username, clientId, ip: row.ip, listener: row.listener, protocol: row.protocol };
    case 'block':
      // Who guesses takes other names tomorrow, and those of today may be a device's.
      return isGuesser(row)
        ? { ...guessesOf(row).from, fingerprint: row.certificate?.fingerprint ?? null }
        : { clientId, username, ip: row.ip, fingerprint: row.certificate?.fingerprint ?? null };
    case 'unblock':
      return { block: String(row.detail['block'] ?? '') };
    case 'release-session':
      return { clientId };
    case 'edit-authenticator':
    case 'add-rules-for-cn':
      return {
        authenticator: row.authenticator,
        cn: row.certificate?.commonName ?? null,
        // Of the authenticator's own settings, where that is whence it comes.
        credential: String(row.detail['credential'] ?? ''),
      };
    case 'trust-ca':
      return { listener: row.listener };
    case 'revert-change':
      return { ...about.revertible };
    case 'edit-access-rules':
      return { rule: about.precededBy?.target?.id ?? null };
    case 'renew-certificate':
    case 'show-certificate':
      return { serial: about.certificate?.replacedBy ?? about.certificate?.serial ?? null };
    case 'edit-listener':
      return { setting: settingOf(row) ?? null };
    default:
      return {};
  }
};

/** What the register of the private CA has for a certificate that has ended or was revoked. */
const certificateFixes = ({ reason, ...row }: UnauthorizedClientDetail, about: Circumstances): Fix[] => {
  const { certificate } = about;
  const isAbout =
    reason === 'TLS_CERT_REVOKED' || reason === 'TLS_CERT_EXPIRED' || reason === 'X509_AUTH_FAILURE';
  if (certificate === null || !isAbout) return [];
  const hasEnded = certificate.notAfter <= row.lastAttemptAt;
  return certificate.revokedAt === null && certificate.replacedBy === null && hasEnded
    ? ['renew-certificate']
    : ['show-certificate'];
};

/** Whether the secret before the last change may be what it sends: not where that was refused when it was in force. */
const mayHavePrevious = (row: UnauthorizedClientDetail, about: Circumstances): boolean => {
  if (!about.hasPreviousSecret) return false;
  const changedAt = about.credential?.secretChangedAt ?? null;
  if (changedAt === null || beganAt(row) >= changedAt) return true;
  const { distinctSecrets } = row.evidence;
  return sentPrevious(row) && distinctSecrets > 1 && row.lastAttemptAt >= changedAt;
};

const sentPrevious = ({ evidence }: UnauthorizedClientDetail): boolean =>
  evidence.mismatchHints.includes('previous-secret');

/** What mends it, in the order of its promise. */
const repairsOf = (row: UnauthorizedClientDetail, about: Circumstances): readonly (Fix | 'none')[] => {
  const first = unreadProof(row) === null ? REASONS[row.reason].fix.action : 'edit-chain';
  const previous: readonly Fix[] =
    first === 'reset-secret' && mayHavePrevious(row, about) ? ['accept-previous-secret'] : [];
  const repair: readonly FixAction[] =
    about.credential === null && ON_CREDENTIAL.has(first) ? ['create-credential'] : [first];
  // Somebody has made one since: another with the same identity would only conflict.
  const made = about.credential !== null && first === 'create-credential';
  const near: readonly Fix[] = about.near === null ? [] : ['edit-credential'];
  return [
    ...(about.revertible === null ? [] : (['revert-change'] as const)),
    ...(about.precededBy?.target?.kind === 'access-rule' ? (['edit-access-rules'] as const) : []),
    ...certificateFixes(row, about),
    ...(sentPrevious(row) ? previous : []),
    ...(about.near?.isMeant === true ? near : []),
    ...(made ? (['reset-secret'] as const) : repair),
    ...near,
    ...previous,
  ];
};

/** The fixes in the order of their promise; the first is the primary one. */
const actionsOf = (row: UnauthorizedClientDetail, about: Circumstances): readonly Fix[] => {
  // Who is kept out already need not be kept out twice.
  const block: readonly Fix[] = about.block === null ? ['block'] : [];
  const ordered: readonly (Fix | 'none')[] = [
    ...(isGuesser(row) ? block : []),
    // Who has got in since has nothing to be mended.
    ...(row.state === 'resolved' ? [] : repairsOf(row, about)),
    ...(row.clientId === null ? [] : (['open-in-tester'] as const)),
    ...block,
  ];
  return [...new Set(ordered)].filter((action): action is Fix => action !== 'none');
};

/** Whether a credential is already as a fix would make it. */
const isDone = (action: Fix, { credential }: Circumstances, now: number): boolean => {
  if (credential === null) return false;
  const { enabled, expiresAt, previousSecretValidUntil } = credential;
  if (action === 'enable-credential') return enabled;
  if (action === 'extend-credential') return expiresAt === null || expiresAt > now;
  return action === 'accept-previous-secret' && (previousSecretValidUntil ?? 0) > now;
};

const isAvailable = (
  action: Fix,
  row: UnauthorizedClientDetail,
  about: Circumstances,
  now: number,
): boolean => {
  if (isDone(action, about, now)) return false;
  if (action === 'unblock') return about.block !== null;
  // Once forgiven there is nothing left to forgive.
  if (action === 'forgive-failures') return about.slowedUntil !== null;
  if (ON_CREDENTIAL.has(action)) return about.credential !== null;
  const named = row.clientId !== null && row.clientId !== '' && !row.clientIdTruncated;
  if (action === 'release-session') return named && about.sessionHeld !== false;
  if (action === 'edit-authenticator' || action === 'add-rules-for-cn') return row.authenticator !== null;
  if (action === 'edit-listener') return settingOf(row) !== undefined;
  if (action === 'trust-ca' || action === 'install-ca') return true;
  return action !== 'create-credential' || isIdentified(row, named);
};

/** The credential that a fix is about. */
const credentialOf = (action: Fix, { credential, near }: Circumstances): string | null => {
  if (action === 'edit-credential') return near?.credential.id ?? null;
  return ON_CREDENTIAL.has(action) || action === 'add-rules-for-cn' ? (credential?.id ?? null) : null;
};

/** The buttons of the drawer; at most one is primary, and it can be pressed. */
export const fixesOf = (row: UnauthorizedClientDetail, about: Circumstances, now: number): FixOption[] => {
  const actions = actionsOf(row, about).map((action) => ({
    action,
    available: isAvailable(action, row, about, now),
  }));
  const primary =
    row.state === 'resolved'
      ? undefined
      : actions.find((one) => one.available && one.action !== 'open-in-tester');
  return actions.map((one) => ({
    action: one.action,
    label: LABELS[one.action],
    primary: one === primary,
    available: one.available,
    credentialId: credentialOf(one.action, about),
    prefill: prefillOf(one.action, row, about),
  }));
};
