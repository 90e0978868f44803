import { iso } from '../../../present/time.ts';
import { fact, inference, quoted } from '../statement.ts';
import { beganAt } from '../circumstances.ts';
import { idOf, userOf, type Cause } from './cause.ts';
import { isGuessing } from './guesses.ts';

const REGULARITY_MIN = 0.8;

/** One fault, many devices: the others that the same change keeps out. */
export const othersSince: Cause = (_row, { precededBy, othersRefusedSince: clients }) => {
  if (precededBy === null || clients === 0) return [];
  const at = iso(precededBy.at);
  const text =
    clients === 1
      ? 'Another client of that credential has been refused since.'
      : `At least ${clients} other clients of that credential have been refused since.`;
  return [fact('others-refused-since', { clients, at }, text)];
};

/** Less regular than this, and often enough to tell, is no machine's rhythm. */
const IRREGULARITY_MAX = 0.4;
const IRREGULAR_ATTEMPTS_MIN = 5;
/** Shorter gaps between attempts are several in a second, whatever their rhythm; seconds. */
const RAPID_BELOW_S = 0.5;

export const isRapid = ({ medianSeconds }: { readonly medianSeconds: number }): boolean =>
  medianSeconds < RAPID_BELOW_S;

export const regular: Cause = (row) => {
  const { interval } = row.evidence;
  if (interval === null) return [];
  if (isRapid(interval)) {
    const text = 'It tries several times a second, at least in bursts: probably a program, not a person.';
    return [inference('rapid', {}, text)];
  }
  const seconds = Math.round(interval.medianSeconds * 10) / 10;
  if (interval.regularity <= IRREGULARITY_MAX && row.attempts >= IRREGULAR_ATTEMPTS_MIN) {
    return [
      inference(
        'irregular',
        { seconds },
        `It tries at no fixed interval, ${seconds} s apart in the middle: probably started by hand, not a retry loop.`,
      ),
    ];
  }
  if (interval.regularity < REGULARITY_MIN) return [];
  // A program that guesses keeps time as well as a device that retries.
  const [key, who] = isGuessing(row)
    ? (['regular-guesses', 'a program'] as const)
    : (['regular', 'a retry loop'] as const);
  return [
    inference(
      key,
      { seconds },
      `It tries every ${seconds} s, like clockwork: probably ${who}, not a person.`,
    ),
  ];
};

/** Two may be a device's old and new one; from `isGuessing` on more is said. */
const SEVERAL_SECRETS_MIN = 3;

export const severalSecrets: Cause = (row) => {
  const { distinctSecrets: secrets } = row.evidence;
  if (row.reason !== 'BASIC_PASSWORD_MISMATCH' || secrets < SEVERAL_SECRETS_MIN || isGuessing(row)) return [];
  const text = `${secrets} different passwords were tried: probably somebody types them, or several devices use this client ID.`;
  return [inference('several-secrets', { secrets }, text)];
};

export const lastGood: Cause = (row) => {
  const last = row.evidence.lastGoodLogin;
  if (last === null) return [];
  const at = iso(last.at);
  // Found by the username alone: another client's login says whose name this is, and nothing of this client.
  if (last.clientId !== row.clientId) {
    const values = {
      username: last.username ?? userOf(row),
      clientId: last.clientId,
      at,
      ip: last.ip,
      own: idOf(row),
    };
    const text = `The username ${quoted(values.username)} was last used successfully at ${at}, by another client: ${quoted(last.clientId)} from ${last.ip}. No login of this client ID is known.`;
    return [fact('last-good-login-of-other', values, text)];
  }
  const differs = last.differs.join(', ');
  const text =
    differs === ''
      ? `It last got in at ${at}, in the same way as now.`
      : `It last got in at ${at}; different now: ${differs}.`;
  return [fact('last-good-login', { at, differs, ip: last.ip }, text)];
};

export const severalNetworks: Cause = (row) => {
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

export const othersAdmitted: Cause = (row, { othersOfIpAdmitted: others }) => {
  if (others === null) return [];
  const { clients } = others;
  const at = iso(others.lastAt);
  const text =
    clients === 1
      ? `Another client of ${row.ip} that was refused before got in at ${at}.`
      : `${clients} other clients of ${row.ip} that were refused before got in since, the latest at ${at}.`;
  return [fact('others-of-ip-admitted', { ip: row.ip, clients, at }, text)];
};

export const preceded: Cause = (row, { precededBy }) => {
  if (precededBy === null) return [];
  // With the credential the client became known; that makes no password wrong.
  if (precededBy.action === 'credential.create' && row.reason === 'BASIC_PASSWORD_MISMATCH') return [];
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
