import fc from 'fast-check';
import { generate, type IConnectPacket } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { maskConnect } from '../../src/protocol/mask-connect.ts';
import {
  WATCH_LIMITS,
  WatchBook,
  type WatchedAttempt,
  type WatchLimits,
} from '../../src/recorder/watches.ts';
import { ManualClock } from './support.ts';

const attempt = (over: Partial<WatchedAttempt> = {}): WatchedAttempt => ({
  at: 1_000,
  outcome: 'refused',
  reason: 'BASIC_PASSWORD_MISMATCH',
  ref: 'ref-1',
  clientId: 'pump-7',
  username: 'pump',
  ip: '192.0.2.7',
  port: 40_000,
  listener: 'tcp',
  protocol: 4,
  connect: Buffer.from('10', 'hex'),
  ...over,
});

const PUMP = { kind: 'clientId', value: 'pump-7' } as const;

function book(limits: Partial<WatchLimits> = {}) {
  const clock = new ManualClock();
  const watches = new WatchBook(clock, limits);
  const started = (target: Parameters<WatchBook['start']>[0]) => {
    const watch = watches.start(target);
    if (watch === null) throw new Error('no watch was started');
    return watch;
  };
  return { clock, watches, started };
}

describe('a watch', () => {
  test('holds every attempt of its client or address, refused and accepted, uncoalesced', () => {
    const { watches, started } = book();
    const byClient = started(PUMP);
    const byIp = started({ kind: 'ip', value: '192.0.2.9' });
    for (let i = 0; i < 3; i++) watches.observe(attempt());
    watches.observe(attempt({ outcome: 'accepted', reason: null, ip: '192.0.2.9' }));
    watches.observe(attempt({ clientId: 'other', ip: '192.0.2.9' }));
    watches.observe(attempt({ clientId: 'other' }));
    expect(watches.read(byClient.id, 0)?.entries.map(({ outcome }) => outcome)).toEqual([
      'refused',
      'refused',
      'refused',
      'accepted',
    ]);
    expect(watches.read(byIp.id, 0)?.entries).toHaveLength(2);
    expect(watches.read(byClient.id, 3)?.entries.map(({ sequence }) => sequence)).toEqual([4]);
    expect(watches.wants('other', '192.0.2.7')).toBe(false);
  });

  test('ends after 15 minutes, can be read for 15 more, and is gone then', async () => {
    const { clock, watches, started } = book();
    const { id } = started(PUMP);
    watches.observe(attempt());
    await clock.advance(WATCH_LIMITS.runningMs);
    expect(watches.wants('pump-7', '192.0.2.7')).toBe(false);
    watches.observe(attempt());
    expect(watches.read(id, 0)?.entries).toHaveLength(1);
    await clock.advance(WATCH_LIMITS.runningMs);
    expect(watches.read(id, 0)).toBeNull();
    expect(watches.list()).toEqual([]);
  });

  test('is the same for whoever asks for the same target while it runs', async () => {
    const { clock, started } = book();
    const { id } = started(PUMP);
    expect(started(PUMP).id).toBe(id);
    await clock.advance(WATCH_LIMITS.runningMs);
    expect(started(PUMP).id).not.toBe(id);
  });

  test('is one of at most so many; one that ended makes room', async () => {
    const { clock, watches } = book({ watchesMax: 2 });
    expect(watches.start({ kind: 'ip', value: '192.0.2.1' })).not.toBeNull();
    expect(watches.start({ kind: 'ip', value: '192.0.2.2' })).not.toBeNull();
    expect(watches.start({ kind: 'ip', value: '192.0.2.3' })).toBeNull();
    await clock.advance(WATCH_LIMITS.runningMs);
    expect(watches.start({ kind: 'ip', value: '192.0.2.3' })).not.toBeNull();
    expect(watches.list()).toHaveLength(2);
  });

  test('is bounded in attempts and bytes: the oldest gives way and is counted', () => {
    const { watches, started } = book({ entriesMax: 3, connectBytesMax: 10, heldBytesMax: 20 });
    const { id } = started(PUMP);
    for (let i = 0; i < 5; i++) watches.observe(attempt({ connect: undefined }));
    expect(watches.read(id, 0)).toMatchObject({ watch: { entries: 3, forgotten: 2 } });
    for (let i = 0; i < 3; i++) watches.observe(attempt({ connect: Buffer.alloc(50, 1) }));
    const { entries = [] } = watches.read(id, 0) ?? {};
    expect(
      entries.map(({ sequence, connectHex, connectBytes }) => [sequence, connectHex, connectBytes]),
    ).toEqual([
      [7, '01'.repeat(10), 50],
      [8, '01'.repeat(10), 50],
    ]);
  });

  test('that is stopped is forgotten', () => {
    const { watches, started } = book();
    const { id } = started(PUMP);
    expect(watches.stop(id)).toBe(true);
    expect(watches.stop(id)).toBe(false);
    expect(watches.wants('pump-7', '192.0.2.7')).toBe(false);
  });
});

describe('a CONNECT that is shown', () => {
  const secret = fc.uint8Array({ minLength: 8, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
  const word = fc.stringMatching(/^[a-f]{0,12}$/);
  const packet = fc.record({
    version: fc.constantFrom(3 as const, 4 as const, 5 as const),
    clientId: word,
    username: word,
    secret,
    will: fc.boolean(),
    inProperties: fc.boolean(),
  });

  const frameOf = (bytes: Buffer) => ({
    bytes,
    header: bytes.findIndex((byte, at) => at > 0 && byte < 0x80) + 1,
  });
  const connectOf = ({
    version,
    clientId,
    username,
    secret: password,
    will,
    inProperties,
  }: {
    version: 3 | 4 | 5;
    clientId: string;
    username: string;
    secret: Buffer;
    will: boolean;
    inProperties: boolean;
  }): Buffer => {
    const connect: IConnectPacket = {
      cmd: 'connect',
      protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
      protocolVersion: version,
      clientId: `c${clientId}`,
      clean: true,
      keepalive: 60,
      username,
      password,
      ...(will ? { will: { topic: 'left', payload: password, qos: 0, retain: false } } : {}),
      ...(version === 5 && inProperties
        ? {
            properties: {
              sessionExpiryInterval: 7,
              authenticationMethod: 'M',
              authenticationData: password,
              userProperties: { token: password.toString('hex') },
            },
          }
        : {}),
    };
    return generate(connect);
  };

  /** Runs of the secret that are too long to be there by chance. */
  const holds = (shown: Buffer, password: Buffer): boolean =>
    [password, Buffer.from(password.toString('hex')), Buffer.from(password.toString('base64'))].some((form) =>
      shown.includes(form),
    );

  test('never shows the password, wherever the client put it, and shows what is none', () => {
    fc.assert(
      fc.property(packet, (facts) => {
        fc.pre(facts.secret.some((byte) => byte !== 0x2a));
        const bytes = connectOf(facts);
        const shown = maskConnect(frameOf(bytes), true);
        expect(shown).toHaveLength(bytes.length);
        expect(holds(shown, facts.secret)).toBe(false);
        expect(shown.includes(Buffer.from(`c${facts.clientId}`))).toBe(true);
        expect(shown.subarray(-facts.secret.length).every((byte) => byte === 0x2a)).toBe(true);
      }),
    );
  });

  test('never shows it either when the packet breaks off', () => {
    fc.assert(
      fc.property(packet, fc.nat(), (facts, at) => {
        fc.pre(facts.secret.some((byte) => byte !== 0x2a));
        const bytes = connectOf(facts);
        const frame = frameOf(bytes);
        const cut = bytes.subarray(0, Math.max(frame.header, at % bytes.length));
        expect(holds(maskConnect({ ...frame, bytes: cut }, true), facts.secret)).toBe(false);
      }),
    );
  });

  test('shows nothing from the client ID on when the packet is damaged', () => {
    fc.assert(
      fc.property(packet, fc.nat(), fc.nat(255), (facts, at, value) => {
        const bytes = connectOf(facts);
        const { header } = frameOf(bytes);
        bytes[header + (at % (bytes.length - header))] = value;
        const shown = maskConnect({ bytes, header }, false);
        expect(shown.subarray(header + 12).every((byte) => byte === 0x2a)).toBe(true);
      }),
    );
  });

  test('does not show a username that is a token', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
    const bytes = generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: 'c',
      clean: true,
      username: token,
    });
    expect(maskConnect(frameOf(bytes), true).includes('eyJ')).toBe(false);
  });
});
