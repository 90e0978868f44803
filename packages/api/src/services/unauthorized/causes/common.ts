import { iso } from '../../../present/time.ts';
import { fact, inference } from '../statement.ts';
import { beganAt } from '../circumstances.ts';
import type { Cause } from './cause.ts';

const REGULARITY_MIN = 0.8;

/** Less regular than this, and often enough to tell, is no machine's rhythm. */
const IRREGULARITY_MAX = 0.4;
const IRREGULAR_ATTEMPTS_MIN = 5;

export const regular: Cause = (row) => {
  const { interval } = row.evidence;
  if (interval === null) return [];
  const seconds = Math.round(interval.medianSeconds * 10) / 10;
  if (interval.regularity <= IRREGULARITY_MAX && row.attempts >= IRREGULAR_ATTEMPTS_MIN) {
    return [
      inference(
        'irregular',
        { seconds },
        `It tries at no fixed interval, ${seconds} s apart in the middle: probably started by hand, not a retry loop.`,
      ),
    ];
  }
  if (interval.regularity < REGULARITY_MIN) return [];
  return [
    inference(
      'regular',
      { seconds },
      `It tries every ${seconds} s, like clockwork: probably a retry loop, not a person.`,
    ),
  ];
};

export const lastGood: Cause = (row) => {
  const last = row.evidence.lastGoodLogin;
  if (last === null) return [];
  const at = iso(last.at);
  const differs = last.differs.join(', ');
  const text =
    differs === ''
      ? `It last got in at ${at}, in the same way as now.`
      : `It last got in at ${at}; different now: ${differs}.`;
  return [fact('last-good-login', { at, differs, ip: last.ip }, text)];
};

export const severalNetworks: Cause = (row) => {
  const networks = new Set(row.signatures.filter((one) => !one.resolved).map((one) => one.network)).size;
  return networks < 2
    ? []
    : [
        inference(
          'several-networks',
          { networks },
          `Attempts come from ${networks} networks: probably more than one party uses this client ID.`,
        ),
      ];
};

export const othersAdmitted: Cause = (row, { othersOfIpAdmitted: clients }) =>
  clients === 0
    ? []
    : [
        fact(
          'others-of-ip-admitted',
          { ip: row.ip, clients },
          `${clients} other clients of ${row.ip} were refused before and get in now.`,
        ),
      ];

export const preceded: Cause = (row, { precededBy }) => {
  if (precededBy === null) return [];
  const values = {
    action: precededBy.action,
    by: precededBy.actor.name,
    at: iso(precededBy.at),
    began: iso(beganAt(row)),
  };
  return [
    inference(
      'preceded-by',
      values,
      `The refusals began at ${values.began}, after ${values.action} by ${values.by} at ${values.at}: probably because of it.`,
    ),
  ];
};
