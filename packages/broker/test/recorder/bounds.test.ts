import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECORDER_LIMITS } from '../../src/recorder/limits.ts';
import { createRecorder } from '../../src/recorder/recorder.ts';
import { login, make, ManualClock, refusal } from './support.ts';

describe('attempts = itemised + aggregated + dropped', () => {
  const action = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('refuse' as const),
        client: fc.nat(12),
        network: fc.nat(6),
        long: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('accept' as const), client: fc.nat(12) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(2_000) }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        { do: 'fail' as const },
        { do: 'heal' as const },
        { do: 'discard' as const },
      ),
    },
  );

  test('at every moment, whatever fails, and the store gets exactly what is counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const limits = {
          entriesMax: 5,
          bytesMax: 20_000,
          reservedBytes: 4_000,
          aggregatesMax: 3,
          batchMax: 2,
          triesMax: 2,
        };
        const { recorder, store, clock } = make({ limits });
        let attempts = 0;
        for (const step of actions) {
          if (step.do === 'refuse') {
            attempts += 1;
            const username = step.long ? 'x'.repeat(1_000) : 'pump';
            recorder.refused(
              refusal({ clientId: `c${step.client}`, ip: `192.0.${step.network}.1`, username }),
            );
          } else if (step.do === 'accept') recorder.accepted(login({ clientId: `c${step.client}` }));
          else if (step.do === 'advance') await clock.advance(step.ms);
          else if (step.do === 'discard') recorder.discardBuffered();
          else store.failing = step.do === 'fail';

          const counters = recorder.counters();
          expect(counters.itemised + counters.aggregated + counters.dropped).toBe(attempts);
          expect(counters.attempts).toBe(attempts);
          expect(counters.entries).toBeLessThanOrEqual(limits.entriesMax);
          expect(counters.bytes).toBeLessThanOrEqual(limits.bytesMax);
        }
        store.failing = false;
        await recorder.flushNow();
        const { itemised, aggregated, entries } = recorder.counters();
        expect([store.itemised, store.aggregated, entries]).toEqual([itemised, aggregated, 0]);
      }),
      { numRuns: 200 },
    );
  });
});

test('a flood of 100 000 distinct client IDs stays within the accounted bytes, and every attempt is counted', async () => {
  const { recorder, store } = make();
  store.hold();
  for (let i = 0; i < 100_000; i++) {
    recorder.refused(
      refusal({ clientId: `flood-${i}`, ref: `ref-${i}`, ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }),
    );
  }
  const counters = recorder.counters();
  expect(counters.attempts).toBe(100_000);
  expect(counters.itemised + counters.aggregated + counters.dropped).toBe(100_000);
  expect(counters.bytes).toBeLessThanOrEqual(RECORDER_LIMITS.bytesMax);
  expect(counters.entries).toBeGreaterThan(15_000);
  expect(counters.entries).toBeLessThanOrEqual(RECORDER_LIMITS.entriesMax);
  expect(counters.dropped).toBe(0);
  store.release();
  await recorder.flushNow();
  expect(store.itemised).toBe(recorder.counters().itemised);
  expect(store.aggregated).toBe(recorder.counters().aggregated);
});

test('an attempt of a known client is always itemised, even when there is no room for more', async () => {
  const { recorder, store } = make({ limits: { entriesMax: 1 } });
  recorder.refused(refusal({ clientId: 'known' }));
  recorder.refused(refusal({ clientId: 'new' }));
  recorder.refused(refusal({ clientId: 'known' }));
  expect(recorder.counters()).toMatchObject({ itemised: 2, aggregated: 1, dropped: 0 });
  await recorder.flushNow();
  expect(store.batches[0]!.aggregates).toEqual([
    {
      network: '192.0.2.0/24',
      reason: 'BASIC_PASSWORD_MISMATCH',
      attempts: 1,
      firstAt: 1_700_000_000_000,
      lastAt: 1_700_000_000_000,
    },
  ]);
});

test('bytes are given back when a batch is stored', async () => {
  const { recorder } = make({ limits: { evidenceKeysMax: 0 } });
  for (let i = 0; i < 500; i++) {
    recorder.refused(refusal({ clientId: `c${i % 50}`, username: `u${i}`, ip: `192.0.2.${i % 256}` }));
  }
  expect(recorder.counters().bytes).toBeGreaterThan(50_000);
  await recorder.flushNow();
  expect(recorder.counters().bytes).toBe(0);
});

test('a flood leaves room for the logins that resolve rows, and for what is only counted', () => {
  const { recorder } = make({ limits: { bytesMax: 100_000, reservedBytes: 20_000 } });
  for (let i = 0; i < 1_000; i++) recorder.refused(refusal({ clientId: `flood-${i}` }));
  const flooded = recorder.counters();
  expect(flooded).toMatchObject({ dropped: 0 });
  expect(flooded.bytes).toBeLessThan(85_000);
  recorder.accepted(login());
  expect(recorder.counters().bytes).toBeGreaterThan(flooded.bytes);
});

test('remembered logins are bounded, and long ones are not remembered', () => {
  const { recorder } = make({ limits: { loginsKnownMax: 10, loginsPendingMax: 0 } });
  for (let i = 0; i < 1_000; i++) recorder.accepted(login({ clientId: `c${i}`, username: 'x'.repeat(i) }));
  expect(recorder.counters().bytes).toBeLessThan(20 * 3_000);
});

test('attempts of records that the store could not keep are counted as dropped', async () => {
  const recorder = createRecorder({
    flush: () => Promise.resolve({ skippedAttempts: 2 }),
    clock: new ManualClock(),
    node: 'test',
  });
  for (const clientId of ['a', 'b', 'b']) recorder.refused(refusal({ clientId }));
  await recorder.flushNow();
  expect(recorder.counters()).toMatchObject({ attempts: 3, itemised: 1, dropped: 2 });
});
