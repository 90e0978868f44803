import { iso } from '../../../present/time.ts';
import { fact, quoted } from '../statement.ts';
import { type Cause, idOf, detailText } from './cause.ts';

export const disabled: Cause = (_row, { credential, disabledBy }) => {
  if (credential === null) return [];
  const { name } = credential;
  if (credential.enabled)
    return [fact('enabled-since', { name }, `The credential ${quoted(name)} has been enabled since.`)];
  const who = disabledBy === null ? '' : ` ${disabledBy} switched it off.`;
  return [
    fact('disabled', { name, by: disabledBy ?? '' }, `The credential ${quoted(name)} is disabled.${who}`),
  ];
};

export const expired: Cause = (_row, { credential }, now) => {
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

export const overBudget: Cause = (row, { slowedUntil }) => {
  const told = row.detail['until'];
  const until = typeof slowedUntil === 'number' ? iso(slowedUntil) : told;
  const failures = row.detail['failures'];
  return [
    typeof failures === 'number'
      ? fact(
          'failures',
          { failures, ip: row.ip },
          `${failures} attempts failed before this one, so no further password is tried for a while.`,
        )
      : null,
    slowedUntil === null
      ? fact(
          'slowed-no-longer',
          {},
          'It is not slowed any more: the next attempt is decided by its password again.',
        )
      : null,
    slowedUntil !== null && typeof until === 'string'
      ? fact('slowed-until', { at: until }, `Passwords are tried again from ${until} on.`)
      : null,
  ];
};

export const noUsername: Cause = (row) => [
  fact(
    'no-username',
    { clientId: idOf(row) },
    'The client sent no username, and nothing else about it was recognised.',
  ),
];

/** Nobody looked at anything else of it, whatever it had to show. */
export const quickDenied: Cause = ({ certificate, pskIdentity, listener }) => {
  const asked = `${listener} refuses clients without one before any authenticator is asked`;
  if (certificate !== null) {
    const { subject } = certificate;
    const text = `The client sent no username, and ${asked}: its certificate ${quoted(subject)} was not looked at.`;
    return [fact('quick-denied-certificate', { subject, listener }, text)];
  }
  if (pskIdentity !== null && pskIdentity !== '') {
    const text = `The client sent no username, and ${asked}: the identity ${quoted(pskIdentity)}, whose key it proved, was not looked at.`;
    return [fact('quick-denied-psk', { identity: pskIdentity, listener }, text)];
  }
  return [fact('quick-denied', { listener }, `The client sent no username, and ${asked}.`)];
};

export const everyoneIgnored: Cause = (row) => {
  const asked = row.trace.filter((step) => step.outcome !== 'not-asked');
  if (asked.length === 0) return [fact('nobody-asked', {}, 'No authenticator is enabled on this chain.')];
  const names = asked.map((step) => step.authenticator).join(', ');
  return [fact('all-ignored', { authenticators: names }, `None of ${names} knows this client.`)];
};

export const willTopic: Cause = (row) => {
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

export const sessionOwner: Cause = (row, { sessionHeld }) => {
  const clientId = idOf(row);
  if (clientId === '') return [];
  if (sessionHeld === false) {
    const free = `No session has the client ID ${quoted(clientId)} any more: the next attempt gets it.`;
    return [fact('session-free', { clientId }, free)];
  }
  const text = `A session with the client ID ${quoted(clientId)} belongs to another identity.`;
  return [fact('session-held', { clientId }, text)];
};

export const failedStep: Cause = (row) => {
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
