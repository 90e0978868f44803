import type { MismatchHint } from '@gatehouse/ports';
import { iso } from '../../../present/time.ts';
import { fact, inference, quoted } from '../statement.ts';
import { nearStatement } from '../near.ts';
import { type Cause, idOf, userOf, detailText } from './cause.ts';
import { guessesOf, isGuessing } from './guesses.ts';

export const credentialExists: Cause = (_row, { credential }) => [
  credential === null
    ? fact('credential-gone', {}, 'The credential that this was about is gone by now.')
    : fact(
        'credential-exists',
        { name: credential.name },
        `The credential ${quoted(credential.name)} goes by this identity.`,
      ),
];

export const nobodyKnown: Cause = (row, { credential, near, deletion }) => {
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
          { name: deletion.name, by: deletion.entry.actor.name, at: iso(deletion.entry.at) },
          `The credential ${quoted(deletion.name)} had this identity; ${deletion.entry.actor.name} deleted it at ${iso(deletion.entry.at)}.`,
        );
  if (near !== null) return [nearStatement(near, row), deleted];
  return [
    fact('no-credential', values, `No credential names ${names.join(' or ') || 'this client'}.`),
    deleted,
  ];
};

export const secretChanged: Cause = (row, { credential, secretChangedBy }) => {
  const at = credential?.secretChangedAt ?? null;
  if (at === null || at > row.lastAttemptAt) return [];
  const by = secretChangedBy ?? '';
  const who = by === '' ? '' : ` by ${by}`;
  return [fact('secret-changed', { at: iso(at), by }, `Its secret was last changed at ${iso(at)}${who}.`)];
};

/** Changed after the last refusal: what was refused says nothing about the secret of now. */
export const changedSince: Cause = (row, { credential }) => {
  const at = credential?.secretChangedAt ?? null;
  // Who has got in with it has tried.
  if (at === null || at <= row.lastAttemptAt || (row.resolvedAt ?? 0) > at) return [];
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

export const hints: Cause = (row, { credential }, now) =>
  row.evidence.mismatchHints.flatMap((hint) => {
    const until = credential?.previousSecretValidUntil ?? null;
    const ended =
      hint === 'previous-secret' && until !== null && until <= now
        ? fact('previous-secret-ended', { at: iso(until) }, `It stopped being accepted at ${iso(until)}.`)
        : null;
    return [fact(`hint.${hint}`, {}, HINT_TEXTS[hint]), ended];
  });

const STALE_ATTEMPTS_MIN = 3;

const orMore = (count: number, capped: boolean): string => (capped ? `${count} or more` : String(count));

/** How much was tried, where that is more than a device with old settings would. */
export const guessing: Cause = (row) => {
  if (!isGuessing(row)) return [];
  const { usernames, secrets, secretsCapped: capped } = guessesOf(row);
  const passwords = `${orMore(secrets, capped)} different passwords`;
  const tried = usernames < 2 ? passwords : `At least ${usernames} usernames and ${passwords}`;
  const text = `${tried} were tried: probably somebody is guessing.`;
  return [inference('guessing', { secrets, capped, usernames }, text)];
};

export const guessingOrStale: Cause = (row, about, now) => {
  const { distinctSecrets: secrets } = row.evidence;
  if (isGuessing(row)) return guessing(row, about, now);
  if (secrets !== 1 || row.attempts < STALE_ATTEMPTS_MIN) return [];
  return [
    inference(
      'one-secret',
      { attempts: row.attempts },
      `All ${row.attempts} attempts sent the same password: probably a device with old settings, not somebody guessing.`,
    ),
  ];
};

export const unparsable: Cause = (row) => {
  const problem = detailText(row, 'problem');
  return problem === null
    ? []
    : [fact('unparsable', { found: problem }, `What is stored cannot be read: ${problem}.`)];
};

export const withoutSecret: Cause = (row) =>
  row.detail['secretSet'] === false
    ? [fact('no-secret-set', {}, 'It has no secret yet, so no password can match.')]
    : [];
