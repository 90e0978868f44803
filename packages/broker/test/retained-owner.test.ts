import type { Grant } from '@gatehouse/auth-core';
import { expect, test } from 'vitest';
import { DenialBook } from '../src/access/denials.ts';
import { AccessPolicy } from '../src/access/policy.ts';
import { LIMITS } from '../src/config.ts';
import type { Message } from '../src/router/message.ts';
import { RetainedStore } from '../src/router/retained.ts';
import { Router } from '../src/router/router.ts';
import { HeldTotal } from '../src/session/held.ts';
import { Session } from '../src/session/session.ts';
import { publishWill } from '../src/session/will.ts';
import { Counters } from '../src/telemetry/counters.ts';
import { FakeClock } from './support/fake-clock.ts';
import { closedJournal } from './support/messages.ts';

test('a retained message knows whose it is', () => {
  const clock = new FakeClock();
  const counters = new Counters(clock);
  const journal = closedJournal(clock);
  const retained = new RetainedStore(LIMITS, clock, journal);
  const principal = { namespace: 'builtin', subject: 'pump' };
  const grant: Grant = {
    principal,
    superuser: true,
    rules: [],
    credentialId: undefined,
    bindsClientId: false,
    expiresAt: undefined,
    rehash: false,
    anonymous: false,
  };
  const { messages } = counters;
  const session = new Session(
    { id: 1, clientId: 'c', username: 'pump', grant },
    {
      access: new AccessPolicy(),
      limits: LIMITS,
      clock,
      messages,
      bounds: counters.bounds,
      heldTotal: new HeldTotal(),
      journal,
    },
  );
  const peers = { current: undefined };
  const denials = new DenialBook(clock);
  publishWill({ clock, counters, retained, router: new Router(), denials, peers }, session, {
    topic: 't',
    payload: Buffer.from('x'),
    qos: 0,
    retain: true,
    properties: Buffer.alloc(0),
    expirySeconds: undefined,
    delaySeconds: 0,
  });
  const found: Message[] = [];
  retained.walk('t').advance(10, (message) => found.push(message) > 0);
  expect(found).toMatchObject([{ publisher: 'c', principal }]);
});
