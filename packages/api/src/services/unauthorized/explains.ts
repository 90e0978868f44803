import type { ReasonCode, TraceStep } from '@gatehouse/auth-core';
import type { AuditEntry, Credential, UnauthorizedClientDetail } from '@gatehouse/ports';
import { z } from 'zod';

/** What a change is held against. */
interface Refused {
  readonly row: UnauthorizedClientDetail;
  readonly credential: Credential | null;
  /** The listeners of each chain. */
  readonly listenersOf: Readonly<Record<string, readonly string[]>>;
}

type Explains = (entry: AuditEntry, refused: Refused) => boolean;

/** Reasons that are about the secret that was sent. */
const ABOUT_SECRET: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'BASIC_PASSWORD_MISMATCH',
  'BASIC_PASSWORD_MISSING',
  'BASIC_CREDENTIALS_UNPARSABLE',
  'SCRAM_PROOF_MISMATCH',
  'SCRAM_REAUTH_FAILED',
  'SCRAM_CREDENTIALS_UNPARSABLE',
  'PSK_KEY_MISMATCH',
  'TOO_MANY_FAILURES',
]);

/** The step that refused; undefined where nobody did and the chain was gone through to its end. */
const denierOf = ({ trace }: UnauthorizedClientDetail): TraceStep | undefined => {
  const denying = trace.filter((step) => (step.detail?.['treatedAs'] ?? step.outcome) === 'deny');
  return denying.find(({ type }) => type !== 'require') ?? denying[0];
};

const many = z.object({ credentials: z.array(z.object({ id: z.string() })) });
const names = (value: unknown, id: string): boolean => {
  const parsed = many.safeParse(value);
  return parsed.success && parsed.data.credentials.some((one) => one.id === id);
};

const parts = z
  .object({ enabled: z.boolean(), expiresAt: z.string().nullable(), rules: z.array(z.unknown()) })
  .partial();

/** Whether an edit of a credential changed what the refusal is about. */
function editExplains({ before, after }: AuditEntry, reason: ReasonCode): boolean {
  const [was, is] = [parts.safeParse(before), parts.safeParse(after)];
  if (!was.success || !is.success) return true;
  const changed = (name: keyof z.output<typeof parts>): boolean =>
    JSON.stringify(was.data[name]) !== JSON.stringify(is.data[name]);
  switch (reason) {
    case 'CREDENTIAL_DISABLED':
      return changed('enabled') && is.data.enabled === false;
    case 'CREDENTIAL_EXPIRED':
      return changed('expiresAt');
    case 'WILL_NOT_AUTHORIZED':
      return changed('rules');
    default:
      // Under another name, another match or without a password it may not be found or admit any more.
      return !ABOUT_SECRET.has(reason);
  }
}

const ofCredential: Explains = (entry, { row, credential }) => {
  const { action, target, before, after } = entry;
  const { reason } = row;
  if (action === 'credential.disable-many') {
    return reason === 'CREDENTIAL_DISABLED' && credential !== null && names(after, credential.id);
  }
  if (credential === null || target?.id !== credential.id) return false;
  switch (action) {
    case 'credential.disable':
      return reason === 'CREDENTIAL_DISABLED';
    case 'credential.reset-secret':
    case 'credential.create':
    case 'credential.import':
      return ABOUT_SECRET.has(reason);
    case 'credential.update':
      return editExplains({ ...entry, before, after }, reason);
    default:
      return false;
  }
};

const steps = z.object({ steps: z.array(z.union([z.string(), z.object({ require: z.array(z.string()) })])) });
const namesIn = (value: unknown): readonly string[] | undefined => {
  const parsed = steps.safeParse(value);
  return parsed.success
    ? parsed.data.steps.flatMap((one) => (typeof one === 'string' ? [one] : one.require))
    : undefined;
};

/** The step that refused is new, or one that stood before it does so no longer; where nobody refused: one is gone. */
const ofChain: Explains = ({ target, before, after }, { row, listenersOf }) => {
  if (listenersOf[target?.id ?? '']?.includes(row.listener) !== true) return false;
  const [was, is] = [namesIn(before), namesIn(after)];
  if (was === undefined || is === undefined) return false;
  const denier = denierOf(row)?.authenticator;
  if (denier === undefined) return was.some((name) => !is.includes(name));
  const stood = was.indexOf(denier);
  if (stood === -1) return true;
  const ahead = is.slice(0, is.indexOf(denier));
  return was.slice(0, stood).some((name) => !ahead.includes(name));
};

const settings = z.object({ settings: z.object({ enabled: z.boolean().optional() }) });
const isOff = (value: unknown): boolean => settings.safeParse(value).data?.settings.enabled === false;

/** It was switched off, or its settings changed and it was asked; both before the one that refused, or the same. */
const ofAuthenticator: Explains = ({ target, before, after }, { row }) => {
  const place = row.trace.findIndex((step) => step.authenticator === target?.id);
  const step = row.trace[place];
  if (step === undefined) return false;
  const denier = denierOf(row);
  if (denier !== undefined && row.trace.indexOf(denier) < place) return false;
  const switchedOff = isOff(after) && !isOff(before);
  return switchedOff || (step.outcome !== 'not-asked' && step.outcome !== 'busy');
};

const policy = z.object({ policy: z.string() });

/** Stricter than it was, and nobody else refused. */
const ofAnonymous: Explains = ({ before, after }, { row }) => {
  if (denierOf(row) !== undefined) return false;
  const [was, is] = [policy.safeParse(before).data?.policy, policy.safeParse(after).data?.policy];
  if (row.reason === 'ANONYMOUS_QUICK_DENIED') return is === 'quick_deny' && was !== is;
  return was === 'allow' && is !== 'allow';
};

/** Global rules decide about nobody's login but for the will. */
const ofAccessRule: Explains = ({ action, after }, { row }) =>
  row.reason === 'WILL_NOT_AUTHORIZED' &&
  !(action === 'access-rule.create' && z.object({ permission: z.literal('allow') }).safeParse(after).success);

/** A CA that is trusted no more; of which certificates only its operator knows. */
const ofCa: Explains = (_entry, { row }) =>
  row.reason === 'TLS_CERT_UNTRUSTED' || row.reason === 'X509_PEER_UNVERIFIED';

const BY_KIND: Readonly<Record<string, { readonly actions: RegExp; readonly explains: Explains }>> = {
  credential: {
    actions: /\.(?:create|import|update|reset-secret|disable|disable-many)$/,
    explains: ofCredential,
  },
  // What was reverted is as it was before: only what came of the first change is to blame.
  chain: { actions: /\.update$/, explains: ofChain },
  authenticator: { actions: /\.update$/, explains: ofAuthenticator },
  anonymous: { actions: /\.update$/, explains: ofAnonymous },
  ca: { actions: /\.distrust$/, explains: ofCa },
  'access-rule': { actions: /\.(?:create|update|delete|move)$/, explains: ofAccessRule },
};

/** Whether a change may be why this client is refused; it says nothing of when. */
export const explainsRefusal: Explains = (entry, refused) => {
  const [noun = ''] = entry.action.split('.');
  const kind = BY_KIND[noun];
  return kind !== undefined && kind.actions.test(entry.action) && kind.explains(entry, refused);
};
