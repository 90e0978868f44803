import { describe, expect, test } from 'vitest';
import { clientAddress, normalizeAddress, parseTrustedProxies } from '../src/listeners/address.ts';
import { AcceptGate } from '../src/listeners/gate.ts';
import { FakeClock } from './support/fake-clock.ts';

describe('addresses', () => {
  test.each([
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:DB8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['192.0.2.7', '192.0.2.7'],
    [undefined, ''],
  ])('%s is recorded as %s', (given, expected) => {
    expect(normalizeAddress(given)).toBe(expected);
  });

  test.each([
    ['nobody is trusted', [], '203.0.113.1', '127.0.0.1'],
    ['one proxy', ['127.0.0.1'], '203.0.113.1', '203.0.113.1'],
    ['two proxies in a row', ['127.0.0.0/8', '10.0.0.0/8'], '203.0.113.1, 10.1.2.3', '203.0.113.1'],
    ['a client that forges a hop', ['127.0.0.0/8'], '198.51.100.9, 203.0.113.1', '203.0.113.1'],
    ['no header', ['127.0.0.1'], undefined, '127.0.0.1'],
    ['rubbish in the header', ['127.0.0.1'], 'unknown', '127.0.0.1'],
    ['IPv6 behind IPv4', ['127.0.0.1', '::1/128'], '2001:db8::7', '2001:db8::7'],
  ])('behind proxies: %s', (_what, proxies, header, expected) => {
    expect(clientAddress('127.0.0.1', header, parseTrustedProxies(proxies))).toBe(expected);
  });

  test('a trusted proxy that is no address is named', () => {
    expect(() => parseTrustedProxies(['loopback'])).toThrow(/"loopback"/);
  });
});

describe('the accept gate', () => {
  const bounds = {
    connectionsMax: 10,
    connectionsPerIpMax: 2,
    halfOpenMax: 3,
    halfOpenPerIpMax: 0,
    acceptRatePerSecondMax: 4,
  };

  test('lets so many in per second, with a burst of one second', () => {
    const clock = new FakeClock();
    const gate = new AcceptGate({ ...bounds, halfOpenMax: 100, connectionsPerIpMax: 0 }, clock);
    const enter = () => gate.enter('192.0.2.1').admitted;
    expect([enter(), enter(), enter(), enter(), enter()]).toEqual([true, true, true, true, false]);
    clock.advance(250);
    expect([enter(), enter()]).toEqual([true, false]);
    clock.advance(60_000);
    expect([enter(), enter(), enter(), enter(), enter()]).toEqual([true, true, true, true, false]);
  });

  test('counts each place once, however often it is given back', () => {
    const gate = new AcceptGate({ ...bounds, acceptRatePerSecondMax: 100 }, new FakeClock());
    const places = ['192.0.2.1', '192.0.2.1', '192.0.2.2'].map((ip) => {
      const result = gate.enter(ip);
      if (!result.admitted) throw new Error(result.bound);
      return result.place;
    });
    expect(gate.enter('192.0.2.3')).toEqual({ admitted: false, bound: 'halfOpenMax' });
    for (const place of places) {
      place.online();
      place.online();
    }
    expect([gate.open, gate.halfOpen]).toEqual([3, 0]);
    expect(gate.enter('192.0.2.1')).toEqual({ admitted: false, bound: 'connectionsPerIpMax' });
    for (const place of places) {
      place.release();
      place.release();
    }
    expect([gate.open, gate.halfOpen]).toEqual([0, 0]);
    expect(gate.enter('192.0.2.1').admitted).toBe(true);
  });

  test('one address cannot hold every half-open place', () => {
    const limits = { ...bounds, connectionsPerIpMax: 0, halfOpenMax: 10, halfOpenPerIpMax: 2 };
    const gate = new AcceptGate({ ...limits, acceptRatePerSecondMax: 100 }, new FakeClock());
    const first = gate.enter('192.0.2.1');
    gate.enter('192.0.2.1');
    expect(gate.enter('192.0.2.1')).toEqual({ admitted: false, bound: 'halfOpenPerIpMax' });
    expect(gate.enter('192.0.2.2').admitted).toBe(true);
    if (first.admitted) first.place.online();
    expect(gate.enter('192.0.2.1').admitted).toBe(true);
  });

  test('a connection of a trusted proxy counts for the address it names, once that is known', () => {
    const limits = { ...bounds, connectionsPerIpMax: 1, halfOpenMax: 10, acceptRatePerSecondMax: 100 };
    const gate = new AcceptGate(limits, new FakeClock());
    const places = [1, 2, 3].map(() => {
      const result = gate.enter(undefined);
      if (!result.admitted) throw new Error(result.bound);
      return result.place;
    });
    const moved = ['192.0.2.1', '192.0.2.1', '192.0.2.2'].map((ip, index) => places[index]?.move(ip));
    expect(moved).toEqual([undefined, 'connectionsPerIpMax', undefined]);
    for (const place of places) place.release();
    expect(gate.open).toBe(0);
    expect(gate.enter('192.0.2.1').admitted).toBe(true);
  });
});
