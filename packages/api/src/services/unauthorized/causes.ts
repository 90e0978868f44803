import type { ReasonCode } from '@gatehouse/auth-core';
import type { MismatchHint, UnauthorizedClientDetail } from '@gatehouse/ports';
import { iso } from '../../present/time.ts';
import { beganAt, type Circumstances } from './circumstances.ts';
import { fact, inference, quoted, type Statement } from './statement.ts';

type Cause = (
  row: UnauthorizedClientDetail,
  about: Circumstances,
  now: number,
) => readonly (Statement | null)[];

const idOf = (row: UnauthorizedClientDetail): string => row.clientId ?? '';
const userOf = (row: UnauthorizedClientDetail): string => row.username ?? '';

const credentialExists: Cause = (_row, { credential }) => [
  credential === null
    ? fact('credential-gone', {}, 'The credential that this was about is gone by now.')
    : fact(
        'credential-exists',
        { name: credential.name },
        `The credential ${quoted(credential.name)} goes by this identity.`,
      ),
];

const nobodyKnown: Cause = (row, { credential, deletion }) => {
  if (credential !== null) {
    const values = { name: credential.name, at: iso(credential.createdAt) };
    const text = `The credential ${quoted(credential.name)} goes by this identity now; it was made at ${values.at}. The next attempt is decided by it.`;
    return [fact('credential-exists-now', values, text)];
  }
  const names = [
    ...(userOf(row) === '' ? [] : [`the username ${quoted(userOf(row))}`]),
    ...(idOf(row) === '' ? [] : [`the client ID ${quoted(idOf(row))}`]),
  ];
  const values = { username: userOf(row), clientId: idOf(row) };
  const deleted =
    deletion === null
      ? null
      : fact(
          'credential-deleted',
          { name: deletion.target?.name ?? '', by: deletion.actor.name, at: iso(deletion.at) },
          `The credential ${quoted(deletion.target?.name ?? '')} had this identity; ${deletion.actor.name} deleted it at ${iso(deletion.at)}.`,
        );
  return [
    fact('no-credential', values, `No credential names ${names.join(' or ') || 'this client'}.`),
    deleted,
  ];
};

const secretChanged: Cause = (row, { credential, secretChangedBy }) => {
  const at = credential?.secretChangedAt ?? null;
  if (at === null || at > row.lastAttemptAt) return [];
  const by = secretChangedBy ?? '';
  const who = by === '' ? '' : ` by ${by}`;
  return [fact('secret-changed', { at: iso(at), by }, `Its secret was last changed at ${iso(at)}${who}.`)];
};

/** Changed after the last refusal: what was refused says nothing about the secret of now. */
const changedSince: Cause = (row, { credential }) => {
  const at = credential?.secretChangedAt ?? null;
  if (at === null || at <= row.lastAttemptAt) return [];
  return [
    fact(
      'secret-changed-since',
      { at: iso(at) },
      `Its secret has been changed since, at ${iso(at)}; the client has not tried again.`,
    ),
  ];
};

const HINT_TEXTS: Readonly<Record<MismatchHint, string>> = {
  'previous-secret': 'The password that was sent is the secret from before the last change.',
  'trailing-whitespace': 'The password that was sent is right but for blanks or a line break at its end.',
  'hex-or-base64-form': 'The password that was sent is the right one written in hex or base64.',
  'username-password-swapped': 'Username and password are swapped.',
  'password-of-other-identity': 'The password that was sent belongs to another credential.',
};

const hints: Cause = (row, { credential }, now) =>
  row.evidence.mismatchHints.flatMap((hint) => {
    const until = credential?.previousSecretValidUntil ?? null;
    const ended =
      hint === 'previous-secret' && until !== null && until <= now
        ? fact('previous-secret-ended', { at: iso(until) }, `It stopped being accepted at ${iso(until)}.`)
        : null;
    return [fact(`hint.${hint}`, {}, HINT_TEXTS[hint]), ended];
  });

/** Different secrets from which on it looks like guessing rather than a device with old settings. */
const GUESSING_SECRETS_MIN = 4;
const STALE_ATTEMPTS_MIN = 3;

const guessingOrStale: Cause = (row) => {
  const { distinctSecrets: secrets, distinctSecretsCapped } = row.evidence;
  if (secrets >= GUESSING_SECRETS_MIN) {
    const count = distinctSecretsCapped ? `${secrets} or more` : String(secrets);
    return [
      inference(
        'guessing',
        { secrets, capped: distinctSecretsCapped },
        `${count} different passwords were tried: probably somebody is guessing.`,
      ),
    ];
  }
  if (secrets !== 1 || row.attempts < STALE_ATTEMPTS_MIN) return [];
  return [
    inference(
      'one-secret',
      { attempts: row.attempts },
      `All ${row.attempts} attempts sent the same password: probably a device with old settings, not somebody guessing.`,
    ),
  ];
};

const detailText = (row: UnauthorizedClientDetail, key: string): string | null => {
  const value = row.detail[key];
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : String(value);
};

const unparsable: Cause = (row) => {
  const found = detailText(row, 'unparsable') ?? detailText(row, 'found');
  return found === null ? [] : [fact('unparsable', { found }, `What is stored cannot be read: ${found}.`)];
};

const disabled: Cause = (_row, { credential, disabledBy }) => {
  if (credential === null) return [];
  const { name } = credential;
  if (credential.enabled)
    return [fact('enabled-since', { name }, `The credential ${quoted(name)} has been enabled since.`)];
  const who = disabledBy === null ? '' : ` ${disabledBy} switched it off.`;
  return [
    fact('disabled', { name, by: disabledBy ?? '' }, `The credential ${quoted(name)} is disabled.${who}`),
  ];
};

const expired: Cause = (_row, { credential }, now) => {
  if (credential === null) return [];
  const { name, expiresAt } = credential;
  if (expiresAt === null || expiresAt > now) {
    return [fact('extended-since', { name }, `The credential ${quoted(name)} is valid again.`)];
  }
  return [
    fact(
      'expired',
      { name, at: iso(expiresAt) },
      `The credential ${quoted(name)} was valid until ${iso(expiresAt)}.`,
    ),
  ];
};

const overBudget: Cause = (row) => {
  const until = row.detail['until'];
  const failures = row.detail['failures'];
  return [
    typeof failures === 'number'
      ? fact(
          'failures',
          { failures, ip: row.ip },
          `${failures} attempts failed before this one, so no further password is tried for a while.`,
        )
      : null,
    typeof until === 'number'
      ? fact('slowed-until', { at: iso(until) }, `Passwords are tried again from ${iso(until)} on.`)
      : null,
  ];
};

const noUsername: Cause = (row) => [
  fact(
    'no-username',
    { clientId: idOf(row) },
    'The client sent no username, and nothing else about it was recognised.',
  ),
];

const everyoneIgnored: Cause = (row) => {
  const asked = row.trace.filter((step) => step.outcome !== 'not-asked');
  if (asked.length === 0) return [fact('nobody-asked', {}, 'No authenticator is enabled on this chain.')];
  const names = asked.map((step) => step.authenticator).join(', ');
  return [fact('all-ignored', { authenticators: names }, `None of ${names} knows this client.`)];
};

const willTopic: Cause = (row) => {
  const topic = detailText(row, 'topic') ?? detailText(row, 'willTopic');
  return topic === null
    ? []
    : [
        fact(
          'will-topic',
          { topic },
          `The will names the topic ${quoted(topic)}, which no rule of the credential allows.`,
        ),
      ];
};

const sessionOwner: Cause = (row) => {
  const clientId = idOf(row);
  if (clientId === '') return [];
  const text = `A session with the client ID ${quoted(clientId)} belongs to another identity.`;
  return [fact('session-held', { clientId }, text)];
};

const failedStep: Cause = (row) => {
  const step = row.trace.find((one) => one.outcome === 'error');
  if (step === undefined) return [];
  return [
    fact(
      'step-failed',
      { authenticator: step.authenticator, ms: step.ms },
      `${step.authenticator} could not answer (${step.ms} ms).`,
    ),
  ];
};

/** What is particular to a reason; the others speak through the catalogue's text and what is common to all. */
const BY_REASON: Readonly<Partial<Record<ReasonCode, readonly Cause[]>>> = {
  BASIC_NO_CREDENTIALS: [nobodyKnown],
  BASIC_PASSWORD_MISMATCH: [credentialExists, secretChanged, changedSince, hints, guessingOrStale],
  BASIC_PASSWORD_MISSING: [credentialExists],
  BASIC_CREDENTIALS_UNPARSABLE: [credentialExists, unparsable],
  CREDENTIAL_DISABLED: [disabled],
  CREDENTIAL_EXPIRED: [expired],
  TOO_MANY_FAILURES: [overBudget, guessingOrStale],
  ANONYMOUS_DENIED: [noUsername],
  ANONYMOUS_QUICK_DENIED: [noUsername],
  CHAIN_EXHAUSTED: [everyoneIgnored],
  WILL_NOT_AUTHORIZED: [willTopic],
  SESSION_OWNED_BY_OTHER: [sessionOwner],
  AUTHENTICATOR_ERROR: [failedStep],
};

const REGULARITY_MIN = 0.8;

const regular: Cause = (row) => {
  const { interval } = row.evidence;
  if (interval === null || interval.regularity < REGULARITY_MIN) return [];
  const seconds = Math.round(interval.medianSeconds * 10) / 10;
  return [
    inference(
      'regular',
      { seconds },
      `It tries every ${seconds} s, like clockwork: probably a retry loop, not a person.`,
    ),
  ];
};

const lastGood: Cause = (row) => {
  const last = row.evidence.lastGoodLogin;
  if (last === null) return [];
  const at = iso(last.at);
  const differs = last.differs.join(', ');
  const text =
    differs === ''
      ? `It last got in at ${at}, in the same way as now.`
      : `It last got in at ${at}; different now: ${differs}.`;
  return [fact('last-good-login', { at, differs, ip: last.ip }, text)];
};

const severalNetworks: Cause = (row) => {
  const networks = new Set(row.signatures.filter((one) => !one.resolved).map((one) => one.network)).size;
  return networks < 2
    ? []
    : [
        inference(
          'several-networks',
          { networks },
          `Attempts come from ${networks} networks: probably more than one party uses this client ID.`,
        ),
      ];
};

const othersAdmitted: Cause = (row, { othersOfIpAdmitted: clients }) =>
  clients === 0
    ? []
    : [
        fact(
          'others-of-ip-admitted',
          { ip: row.ip, clients },
          `${clients} other clients of ${row.ip} were refused before and get in now.`,
        ),
      ];

const preceded: Cause = (row, { precededBy }) => {
  if (precededBy === null) return [];
  const values = {
    action: precededBy.action,
    by: precededBy.actor.name,
    at: iso(precededBy.at),
    began: iso(beganAt(row)),
  };
  return [
    inference(
      'preceded-by',
      values,
      `The refusals began at ${values.began}, after ${values.action} by ${values.by} at ${values.at}: probably because of it.`,
    ),
  ];
};

const COMMON: readonly Cause[] = [preceded, lastGood, regular, severalNetworks, othersAdmitted];

const isStatement = (statement: Statement | null): statement is Statement => statement !== null;

/** Statements particular to the row's reason, then those that hold for any. */
export const causesOf: (
  row: UnauthorizedClientDetail,
  about: Circumstances,
  now: number,
) => { readonly particular: readonly Statement[]; readonly common: readonly Statement[] } = (
  row,
  about,
  now,
) => {
  const run = (causes: readonly Cause[]) =>
    causes.flatMap((cause) => cause(row, about, now)).filter(isStatement);
  return { particular: run(BY_REASON[row.reason] ?? []), common: run(COMMON) };
};
