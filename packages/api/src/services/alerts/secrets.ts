import type { AlertTargetInput } from '@gatehouse/contract';
import type { AlertTarget, SecretBox, StoredAlertChannel } from '@gatehouse/ports';
import { z } from 'zod';
import type { ChannelHas } from '../../present/alert.ts';
import { invalidField } from '../../problem.ts';

/** What is secret about a channel; sealed under its id. */
const channelSecrets = z.object({
  url: z.string().optional(),
  secret: z.string().optional(),
  password: z.string().optional(),
});
export type ChannelSecrets = z.output<typeof channelSecrets>;

/** The secrets of a channel; none where they were sealed under another key. */
export const openSecrets = (
  box: SecretBox,
  { id, sealed }: Pick<StoredAlertChannel, 'id' | 'sealed'>,
): ChannelSecrets => {
  const text = sealed === null ? undefined : box.open(sealed, `alert-channel:${id}`);
  return text === undefined ? {} : channelSecrets.parse(JSON.parse(text));
};

export const hasOf = ({ secret, password }: ChannelSecrets): ChannelHas => ({
  secret: secret !== undefined,
  password: password !== undefined,
});

/** The channel as it was; a new one has no target. */
export interface Before {
  readonly target: AlertTarget | null;
  readonly secrets: ChannelSecrets;
}
export const NOTHING_BEFORE: Before = { target: null, secrets: {} };

/** A password is for the server that it was given for: who may only change settings must not have it sent elsewhere. */
const isSameServer = (before: AlertTarget | null, now: AlertTarget): boolean =>
  before?.kind === 'email' &&
  now.kind === 'email' &&
  before.host === now.host &&
  before.port === now.port &&
  before.security === now.security &&
  before.ca === now.ca;

/** What is kept of a target as it was sent: the plain part, and the secrets sealed. */
export const sealTarget = (
  box: SecretBox,
  id: string,
  input: AlertTargetInput,
  before: Before,
): { readonly target: AlertTarget; readonly sealed: string | null } => {
  const { target, secrets } = splitTarget(input, before);
  const kept = Object.values(secrets).some((one) => one !== undefined);
  return { target, sealed: kept ? box.seal(JSON.stringify(secrets), `alert-channel:${id}`) : null };
};

/** Absent: as before; null: none. */
const chosen = (sent: string | null | undefined, before: string | undefined): string | undefined =>
  sent === undefined ? before : (sent ?? undefined);

function splitTarget(
  input: AlertTargetInput,
  { target: old, secrets: before }: Before,
): { readonly target: AlertTarget; readonly secrets: ChannelSecrets } {
  switch (input.kind) {
    case 'mqtt':
      return { target: input, secrets: {} };
    case 'webhook': {
      const url = input.url ?? before.url;
      if (url === undefined) throw invalidField('target.url', 'is missing');
      const { origin, username, password } = new URL(url);
      if (username !== '' || password !== '') {
        throw invalidField('target.url', 'carries a name or password; put a token into the path or query');
      }
      return {
        target: { kind: 'webhook', origin },
        secrets: { url, secret: chosen(input.secret, before.secret) },
      };
    }
    case 'email': {
      const { password: sent, ...target } = input;
      if (sent === undefined && before.password !== undefined && !isSameServer(old, target)) {
        throw invalidField('target.password', 'has to be given again for another server');
      }
      const password = target.username === '' ? undefined : chosen(sent, before.password);
      if (password !== undefined && target.security === 'none') {
        throw invalidField('target.security', 'a password is not sent without TLS');
      }
      return { target, secrets: { password } };
    }
  }
}
