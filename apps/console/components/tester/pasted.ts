import type { Attempt } from './attempt';

/** What of a listener says that an address or a command is about it. */
export interface KnownListener {
  readonly name: string;
  readonly transport: string;
  readonly port: number | null;
}

/** What a pasted text says of a client; what it says nothing of is absent. */
interface Said {
  clientId?: string;
  username?: string;
  password?: string;
  protocol?: number;
  port?: number;
  transport?: string;
  pskIdentity?: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const TRANSPORTS: Readonly<Record<string, string>> = {
  'mqtt:': 'tcp',
  'tcp:': 'tcp',
  'mqtts:': 'tls',
  'ssl:': 'tls',
  'tls:': 'tls',
  'ws:': 'ws',
  'wss:': 'wss',
};
const PROTOCOLS: Readonly<Record<string, number>> = {
  mqttv31: 3,
  31: 3,
  '3.1': 3,
  mqttv311: 4,
  311: 4,
  '3.1.1': 4,
  mqttv5: 5,
  50: 5,
  '5.0': 5,
};

/**
 * What the form is filled with from a certificate, a command of mosquitto's or MQTTX's, an address or JSON; undefined
 * where it is none of them. Of a private key nothing is kept.
 */
export function readPasted(
  text: string,
  listeners: readonly KnownListener[],
): { readonly kind: 'certificate' | 'connection'; readonly part: Partial<Attempt> } | undefined {
  const certificates = text.match(CERTIFICATE);
  if (certificates !== null) {
    const secured = listeners.find(({ transport }) => transport === 'tls' || transport === 'wss');
    const listener = secured === undefined ? {} : { listener: secured.name };
    return { kind: 'certificate', part: { certificate: certificates.join('\n'), ...listener } };
  }
  const said = ofJson(text) ?? ofUrl(text.trim()) ?? ofCommand(wordsOf(text));
  if (said === undefined || Object.keys(said).length === 0) return undefined;
  return { kind: 'connection', part: partOf(said, listeners) };
}

function partOf(
  { username, password, port, transport, ...rest }: Said,
  listeners: readonly KnownListener[],
): Partial<Attempt> {
  const named =
    listeners.find((one) => one.port === port) ?? listeners.find((one) => one.transport === transport);
  return {
    clientId: '',
    ...rest,
    username: username ?? '',
    withUsername: username !== undefined,
    password: password ?? '',
    withPassword: password !== undefined,
    ...(named === undefined ? {} : { listener: named.name }),
  };
}

function ofUrl(text: string): Said | undefined {
  if (!/^[a-z]+:\/\/\S+$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const transport = TRANSPORTS[url.protocol];
  if (transport === undefined) return undefined;
  return {
    transport,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.username === '' ? {} : { username: decoded(url.username) }),
    ...(url.password === '' ? {} : { password: decoded(url.password) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Words of a shell: quotes hold them together, a backslash takes the next character as it is. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g) ?? [];
  return words
    .filter((word) => !/^\\\s$/.test(word))
    .map((word) =>
      word.replaceAll(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g, (_all, double, single, escaped) =>
        typeof single === 'string'
          ? single
          : String(double ?? escaped ?? '').replaceAll(/\\(["\\$`])/g, '$1'),
      ),
    );
}

/** Options that tell something of the client, as mosquitto and MQTTX name them. */
const OPTIONS: Readonly<Record<string, (value: string) => Said | undefined>> = {
  '-i': (clientId) => ({ clientId }),
  '--id': (clientId) => ({ clientId }),
  '--client-id': (clientId) => ({ clientId }),
  '-u': (username) => ({ username }),
  '--username': (username) => ({ username }),
  '-P': (password) => ({ password }),
  '--pw': (password) => ({ password }),
  '--password': (password) => ({ password }),
  '-p': (port) => ({ port: Number(port) }),
  '--port': (port) => ({ port: Number(port) }),
  '-V': protocolOf,
  '--protocol-version': protocolOf,
  '--mqtt-version': protocolOf,
  '--psk-identity': (pskIdentity) => ({ pskIdentity, transport: 'tls' }),
  '--cafile': () => ({ transport: 'tls' }),
  '--cert': () => ({ transport: 'tls' }),
  '-L': ofUrl,
  '--url': ofUrl,
};

function protocolOf(text: string): Said | undefined {
  const protocol = PROTOCOLS[text] ?? Number(text);
  return [3, 4, 5].includes(protocol) ? { protocol } : undefined;
}

function ofCommand(words: readonly string[]): Said | undefined {
  const said: Said = {};
  words.forEach((word, index) => {
    const [, name = word, own] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    const value = own ?? words[index + 1];
    if (Object.hasOwn(OPTIONS, name) && value !== undefined) Object.assign(said, OPTIONS[name]?.(value));
  });
  return said;
}

/** Names that clients' own settings have for the same. */
const MEMBERS: Readonly<Record<string, string>> = {
  clientid: '-i',
  id: '-i',
  username: '-u',
  user: '-u',
  password: '-P',
  port: '-p',
  protocol: '-V',
  protocolversion: '-V',
  mqttversion: '-V',
  pskidentity: '--psk-identity',
  url: '-L',
};

function ofJson(text: string): Said | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const members = Object.entries(value ?? {}).flatMap(([key, member]: [string, unknown]) => {
      const option = MEMBERS[key.toLowerCase().replaceAll(/[_-]/g, '')];
      const isPlain = typeof member === 'string' || typeof member === 'number';
      return option === undefined || !isPlain ? [] : [option, String(member)];
    });
    return ofCommand(members);
  } catch {
    return undefined;
  }
}
