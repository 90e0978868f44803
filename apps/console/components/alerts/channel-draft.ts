import type { AlertChannelDto } from '@gatehouse/contract';

export const CHANNEL_KINDS = ['webhook', 'email', 'mqtt'] as const;
export const SECURITIES = ['starttls', 'tls', 'none'] as const;
/** What is written as a text, by kind. */
export const CHANNEL_TEXTS = {
  webhook: ['url', 'secret'],
  email: ['host', 'port', 'username', 'password', 'from', 'recipients'],
  mqtt: [],
} as const;
type ChannelKind = (typeof CHANNEL_KINDS)[number];
export type TextName = (typeof CHANNEL_TEXTS)[ChannelKind][number];

export interface ChannelDraft {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly texts: Readonly<Partial<Record<TextName, string>>>;
  readonly security: (typeof SECURITIES)[number];
  readonly ca: string;
  readonly retain: boolean;
}

const EMPTY: ChannelDraft = {
  name: '',
  kind: 'webhook',
  texts: { port: '587' },
  security: 'starttls',
  ca: '',
  retain: true,
};

/** A channel as its form shows it: whatever is secret about it is left empty, which leaves it as it is. */
export function channelDraftOf(channel: AlertChannelDto | null): ChannelDraft {
  if (channel === null) return EMPTY;
  const { name, target } = channel;
  const draft = { ...EMPTY, name, kind: target.kind };
  switch (target.kind) {
    case 'webhook':
      return { ...draft, texts: {} };
    case 'mqtt':
      return { ...draft, retain: target.retain };
    case 'email': {
      const { host, port, username, from, to, security, ca } = target;
      const texts = { host, port: String(port), username, from, recipients: to.join(', ') };
      return { ...draft, texts, security, ca };
    }
  }
}

/** What was left empty is not sent: the server says what it needs. */
const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** Where messages go, as the API takes it. */
function targetOf({ kind, texts, security, ca, retain }: ChannelDraft): object {
  switch (kind) {
    case 'mqtt':
      return { kind, retain };
    case 'webhook':
      return { kind, url: given(texts.url), secret: given(texts.secret) };
    case 'email':
      return {
        kind,
        host: texts.host ?? '',
        port: Number(texts.port),
        security,
        username: texts.username ?? '',
        password: given(texts.password),
        from: texts.from ?? '',
        to: (texts.recipients ?? '').split(',').map((one) => one.trim()),
        ca,
      };
  }
}

export const channelBodyOf = (draft: ChannelDraft) => ({ name: draft.name, target: targetOf(draft) });
