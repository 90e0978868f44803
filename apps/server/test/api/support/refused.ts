import { createHash } from 'node:crypto';
import type { AttemptBatch, AttemptDelta, Evidence } from '@gatehouse/ports';
import type { Harness } from './harness.ts';

const NO_EVIDENCE: Evidence = {
  distinctSecrets: 1,
  distinctSecretsCapped: false,
  mismatchHints: [],
  interval: null,
  lastGoodLogin: null,
};

type Last = AttemptDelta['last'];
export interface Refusal extends Partial<Last> {
  readonly attempts?: number;
  readonly evidence?: Partial<Evidence>;
}

let refs = 0;

/** What the recorder flushes about one refused client. */
export const deltaOf = (refusal: Refusal, now: number): AttemptDelta => {
  const { attempts = 1, evidence = {}, ...facts } = refusal;
  const last: Last = {
    ref: `ref-${String(++refs)}`,
    at: now,
    reason: 'BASIC_PASSWORD_MISMATCH',
    detail: {},
    connackCode: 0x86,
    authenticator: 'builtin',
    clientId: 'pump-7',
    clientIdTruncated: false,
    username: 'pump-7',
    passwordProvided: true,
    tlsUsed: false,
    ip: '10.4.0.17',
    listener: 'tcp',
    protocol: 5,
    keepAliveSeconds: 60,
    cleanStart: true,
    certificate: null,
    pskIdentity: null,
    trace: [],
    ...facts,
  };
  return {
    key: createHash('sha256')
      .update(last.clientId ?? last.ip)
      .digest('hex'),
    attempts,
    firstAt: last.at,
    last,
    history: {
      ips: [last.ip],
      samples: [
        {
          ref: last.ref,
          at: last.at,
          reason: last.reason,
          ip: last.ip,
          username: last.username,
          listener: last.listener,
          connackCode: last.connackCode,
          passwordProvided: last.passwordProvided,
          tlsUsed: last.tlsUsed,
          protocol: last.protocol,
        },
      ],
      signatures: [
        {
          username: last.username,
          network: `${last.ip.split('.').slice(0, 3).join('.')}.0/24`,
          reason: last.reason,
          listener: last.listener,
          attempts,
          firstAt: last.at,
          lastAt: last.at,
          resolved: false,
        },
      ],
    },
    evidence: { ...NO_EVIDENCE, ...evidence },
  };
};

/** Records refusals as the recorder's flush does, tells open streams, and gives the rows' ids in order. */
export const refuse = async (house: Harness, ...refusals: readonly Refusal[]): Promise<string[]> => {
  const deltas = refusals.map((refusal) => deltaOf(refusal, house.clock.now()));
  const batch: AttemptBatch = { deltas, aggregates: [], logins: [], node: 'node-a' };
  const { changes } = await house.store.unauthorized.flush(batch, house.clock.now());
  house.api.live.publish(changes);
  return deltas.map((delta) => {
    const change = changes.find(
      (one) => one.row.clientId === delta.last.clientId && one.row.ip === delta.last.ip,
    );
    return change?.row.id ?? '';
  });
};
