import { randomBytes } from 'node:crypto';
import { connect as connectUrl } from 'mqtt';
import { connectOnce, sendBytes, type Identity, type Target } from './devices.ts';
import {
  clientHello,
  connectOfLevel,
  httpRequest,
  namelessConnect,
  oversizedConnect,
  sshBanner,
} from './packets.ts';

/** A credential that the demo makes. */
export interface DemoCredential {
  readonly key: string;
  readonly name: string;
  readonly username?: string;
  readonly clientId?: string;
  readonly enabled?: boolean;
  /** Already over when it is made. */
  readonly expired?: boolean;
  /** Given a new secret at once; the demo's client keeps the one before. */
  readonly rotated?: boolean;
  readonly rules?: readonly {
    readonly permission: 'allow';
    readonly action: 'publish' | 'subscribe';
    readonly topic: string;
  }[];
}

/** What a broken client has at hand: where to connect, and the secrets of the demo's credentials by key. */
interface FaultContext {
  readonly target: Target;
  readonly secretOf: (key: string) => string;
}

/** A client that is broken in one way and keeps trying. */
export interface Fault {
  /** What an onlooker is told. */
  readonly what: string;
  readonly address: string;
  /** Client IDs it uses: by them its rows are found again. Empty: it never sends a CONNECT. */
  readonly clientIds: readonly string[];
  readonly everySeconds: number;
  readonly credentials: readonly DemoCredential[];
  attempt(context: FaultContext): Promise<void>;
}

interface Wrong {
  readonly what: string;
  readonly address: string;
  readonly clientId: string;
  readonly username?: string;
  readonly everySeconds: number;
  readonly credential?: Omit<DemoCredential, 'key'>;
  /** From the credential's secret to what the client sends; undefined sends none. */
  readonly password?: (secret: string) => string | undefined;
  readonly identity?: (secret: string) => Partial<Identity>;
  readonly options?: Parameters<typeof connectOnce>[2];
}

/** Of its credential; not the client ID, which it may share with a client that is well. */
const key = (wrong: Wrong): string => `fault ${wrong.clientId}`;

/** A client that speaks MQTT properly and is refused for what it says. */
function refused(wrong: Wrong): Fault {
  // A device whose credential was never made has a secret all the same, and no other.
  const unknown = randomBytes(12).toString('base64url');
  return {
    what: wrong.what,
    address: wrong.address,
    clientIds: [wrong.clientId],
    everySeconds: wrong.everySeconds,
    credentials: wrong.credential === undefined ? [] : [{ key: key(wrong), ...wrong.credential }],
    attempt: async ({ target, secretOf }) => {
      const secret = wrong.credential === undefined ? unknown : secretOf(key(wrong));
      const password = wrong.password === undefined ? secret : wrong.password(secret);
      const identity: Identity = {
        clientId: wrong.clientId,
        address: wrong.address,
        ...(wrong.username === undefined ? {} : { username: wrong.username }),
        ...(password === undefined ? {} : { password }),
        ...wrong.identity?.(secret),
      };
      await connectOnce(target, identity, wrong.options);
    },
  };
}

const raw = (
  what: string,
  address: string,
  everySeconds: number,
  bytes: Uint8Array,
  clientIds: readonly string[] = [],
): Fault => ({
  what,
  address,
  clientIds,
  everySeconds,
  credentials: [],
  attempt: ({ target }) => sendBytes(target, address, bytes),
});

/** Bytes that the oversized CONNECT announces: a megabyte of certificate in the password, say. */
const OVERSIZED_BYTES = 1_500_000;
const MQTT_6 = 6;

const speakMqttBadly: readonly Fault[] = [
  raw(
    'speaks a protocol version that does not exist',
    '127.0.6.41',
    14,
    connectOfLevel(MQTT_6, 'lab-prototype-6'),
    ['lab-prototype-6'],
  ),
  raw('a browser on the MQTT port', '127.0.7.42', 17, httpRequest()),
  raw('TLS on the plain port', '127.0.8.43', 12, clientHello()),
  raw('a port scanner', '127.0.66.6', 19, sshBanner()),
  raw('announces a CONNECT of 1.5 MB', '127.0.9.44', 16, oversizedConnect(OVERSIZED_BYTES)),
];

const nameless: Fault = {
  what: 'wants to be remembered without a client ID',
  address: '127.0.5.30',
  clientIds: [],
  everySeconds: 18,
  credentials: [{ key: 'legacy-scada', name: 'Legacy SCADA', username: 'legacy-scada' }],
  attempt: ({ target, secretOf }) =>
    sendBytes(target, '127.0.5.30', namelessConnect('legacy-scada', secretOf('legacy-scada'))),
};

const GUESSED = ['admin', 'root', 'plc', 'plc', 'plc'];

/** Somebody at one address who tries one password after the other. */
const guesser: Fault = {
  what: 'guesses passwords in bursts',
  address: '127.0.99.9',
  clientIds: [...new Set(GUESSED)].map((name) => `probe-${name}`),
  everySeconds: 6,
  credentials: [{ key: 'plc', name: 'PLC gateway', username: 'plc' }],
  attempt: async ({ target }) => {
    for (const name of GUESSED) {
      const password = randomBytes(4).toString('hex');
      await connectOnce(target, {
        clientId: `probe-${name}`,
        username: name,
        password,
        address: '127.0.99.9',
      });
    }
  },
};

const wrongPath: Fault = {
  what: 'asks for a WebSocket path that is not there',
  address: '127.0.0.1',
  clientIds: [],
  everySeconds: 21,
  credentials: [],
  attempt: async ({ target }) => {
    if (target.wsPort === null) return;
    const client = connectUrl(`ws://${target.host}:${target.wsPort}/ws`, { reconnectPeriod: 0 });
    client.on('error', () => undefined);
    await new Promise<void>((resolve) => client.once('close', () => resolve()));
    await client.endAsync(true).catch(() => undefined);
  },
};

const ownRules = (topic: string) => [{ permission: 'allow', action: 'publish', topic }] as const;

/** Every way to be refused that exists by now. */
export const FAULTS: readonly Fault[] = [
  refused({
    what: 'still has the secret before the last rotation (retries like a clock)',
    address: '127.0.1.21',
    clientId: 'pump-station-07',
    username: 'pump-station-07',
    everySeconds: 5,
    credential: { name: 'Pump station 07', username: 'pump-station-07', rotated: true },
  }),
  refused({
    what: 'has a password that somebody made up',
    address: '127.0.2.31',
    clientId: 'hvac-roof-2',
    username: 'hvac-roof-2',
    everySeconds: 16,
    credential: { name: 'HVAC roof 2', username: 'hvac-roof-2' },
    password: () => 'Summer2024!',
  }),
  refused({
    what: 'uses the client ID of a client that is well',
    address: '127.0.4.32',
    clientId: 'valve-waterworks-01',
    username: 'valve-spare',
    everySeconds: 15,
    credential: { name: 'Spare valve', username: 'valve-spare' },
  }),
  refused({
    what: 'was never registered',
    address: '127.0.1.22',
    clientId: 'meter-4471',
    username: 'meter-4471',
    everySeconds: 9,
  }),
  refused({
    what: 'was never registered either',
    address: '127.0.1.22',
    clientId: 'meter-4472',
    username: 'meter-4472',
    everySeconds: 11,
  }),
  refused({
    what: 'sends no password',
    address: '127.0.2.23',
    clientId: 'thermostat-lobby',
    username: 'thermostat-lobby',
    everySeconds: 10,
    credential: { name: 'Thermostat lobby', username: 'thermostat-lobby' },
    password: () => undefined,
  }),
  refused({
    what: 'sends neither username nor password',
    address: '127.0.2.24',
    clientId: 'esp32-8C4B14',
    everySeconds: 13,
    password: () => undefined,
  }),
  refused({
    what: 'was disabled',
    address: '127.0.3.25',
    clientId: 'forklift-12',
    username: 'forklift-12',
    everySeconds: 12,
    credential: { name: 'Forklift 12', username: 'forklift-12', enabled: false },
  }),
  refused({
    what: 'has a credential that is over',
    address: '127.0.4.26',
    clientId: 'contractor-tablet',
    username: 'contractor-tablet',
    everySeconds: 15,
    credential: { name: 'Contractor tablet', username: 'contractor-tablet', expired: true },
  }),
  refused({
    what: 'has username and password swapped',
    address: '127.0.2.27',
    clientId: 'cold-room-3',
    everySeconds: 14,
    credential: { name: 'Cold room 3', username: 'cold-room-3', clientId: 'cold-room-3' },
    identity: (secret) => ({ username: secret, password: 'cold-room-3' }),
  }),
  refused({
    what: 'has a line break behind its password',
    address: '127.0.3.28',
    clientId: 'gateway-east',
    username: 'gateway-east',
    everySeconds: 8,
    credential: { name: 'Gateway east', username: 'gateway-east' },
    password: (secret) => `${secret}\n`,
  }),
  refused({
    what: 'leaves a will where it must not publish',
    address: '127.0.1.29',
    clientId: 'conveyor-2',
    username: 'conveyor-2',
    everySeconds: 13,
    credential: { name: 'Conveyor 2', username: 'conveyor-2', rules: ownRules('line/2/#') },
    options: { will: { topic: 'alarms/all', payload: Buffer.from('offline'), qos: 1, retain: true } },
  }),
  nameless,
  guesser,
  wrongPath,
  ...speakMqttBadly,
];
