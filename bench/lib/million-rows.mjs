// The rows that bench/table-million.mjs fills its store with, and the filters that it asks for.

/** The time that the rows end at, in milliseconds. */
export const NOW = 1_790_000_000_000;
const THREE_DAYS_MS = 3 * 86_400_000;
const REASONS = [
  ['BASIC_NO_CREDENTIALS', 40],
  ['BASIC_PASSWORD_MISMATCH', 30],
  ['TLS_CERT_EXPIRED', 10],
  ['ANONYMOUS_DENIED', 8],
  ['PROTOCOL_NOT_MQTT', 6],
  ['CREDENTIAL_DISABLED', 3],
  ['TOO_MANY_FAILURES', 2],
  ['JWT_EXPIRED', 0.9],
  ['CREDENTIAL_EXPIRED', 0.09],
  ['PSK_KEY_MISMATCH', 0.01],
];
const LISTENERS = [
  ['tcp', 70],
  ['tls', 20],
  ['ws', 9],
  ['wss', 1],
];
const PROTOCOLS = [
  [4, 60],
  [5, 35],
  [3, 4],
  [0, 1],
];

/** A generator that gives the same rows in every run. */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function weighted(table, roll) {
  const total = table.reduce((sum, [, weight]) => sum + weight, 0);
  let left = roll * total;
  for (const [value, weight] of table) {
    left -= weight;
    if (left < 0) return value;
  }
  return table[0][0];
}

/** Refused clients, the same in every run, the last of them at `now`. */
export function* refusedClients(count, now = NOW) {
  const next = random(42);
  for (let index = 0; index < count; index += 1) {
    const listener = weighted(LISTENERS, next());
    const site = Math.floor(next() * 500);
    const lastAt = now - Math.floor(next() ** 2 * THREE_DAYS_MS);
    const clientId = `plant-${site}-sensor-${Math.floor(next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')}-${index}`;
    const address = [10, 100 + (site >> 6), site & 63, Math.floor(next() * 250)];
    yield {
      id: index + 1,
      clientId,
      username: next() < 0.3 ? '' : `user-${Math.floor(next() * 50_000)}`,
      ip: address.join('.'),
      ipKey: `00000000000000000000ffff${Buffer.from(address).toString('hex')}`,
      reason: weighted(REASONS, next()),
      listener,
      protocol: weighted(PROTOCOLS, next()),
      password: Number(next() < 0.7),
      tls: Number(listener === 'tls' || listener === 'wss'),
      resolved: Number(next() < 0.1),
      firstAt: lastAt - Math.floor(next() * 3_600_000),
      lastAt,
      attempts: 1 + Math.floor(1 / (next() + 0.0005)),
      detail: `site ${site}`,
    };
  }
}

const HOUR_MS = 3_600_000;
/** What a user of the console can ask for, by what it is called in the results. */
export const FILTERS = {
  none: {},
  'clientId eq': { clientId: { op: 'eq', value: 'plant-7-sensor-none' } },
  'clientId starts, narrow': { clientId: { op: 'starts', value: 'plant-77-sensor-a' } },
  'clientId starts, broad': { clientId: { op: 'starts', value: 'plant-1' } },
  'clientId contains, narrow': { clientId: { op: 'contains', value: 'sensor-abcd' } },
  'clientId contains, broad': { clientId: { op: 'contains', value: 'sensor' } },
  'clientId contains, middling': { clientId: { op: 'contains', value: 'abc' } },
  'username eq': { username: { op: 'eq', value: 'user-4711' } },
  'username starts, broad': { username: { op: 'starts', value: 'user-1' } },
  'username contains': { username: { op: 'contains', value: 'er-47' } },
  'ip address': { ip: { include: ['10.101.3.7'] } },
  'ip /24': { ip: { include: ['10.101.3.0/24'] } },
  'ip /9, broad': { ip: { include: ['10.0.0.0/9'] } },
  'ip excluded': { ip: { exclude: ['10.101.3.0/24'] } },
  'reason common': { reason: { include: ['BASIC_NO_CREDENTIALS'] } },
  'reason 1 %': { reason: { include: ['JWT_EXPIRED'] } },
  'reason 0.01 %': { reason: { include: ['PSK_KEY_MISMATCH'] } },
  'reason excluded': { reason: { exclude: ['BASIC_NO_CREDENTIALS', 'BASIC_PASSWORD_MISMATCH'] } },
  family: { family: { include: ['policy'] } },
  'detail contains': { detail: { op: 'contains', value: 'site 77' } },
  'detail contains, reason': { detail: { op: 'contains', value: 'EXPIRED' } },
  passwordProvided: { passwordProvided: false },
  tlsUsed: { tlsUsed: true },
  protocol: { protocol: { include: [3] } },
  'listener 1 %': { listener: { include: ['wss'] } },
  'state open': { state: { include: ['open'] } },
  'state resolved': { state: { include: ['resolved'] } },
  'last hour': { from: NOW - HOUR_MS },
  'older than two days': { to: NOW - 48 * HOUR_MS },
  'search, narrow': { search: 'sensor-abcd' },
  'search, broad': { search: 'sensor' },
  'search, ip': { search: '10.101.3' },
  'search, nothing': { search: 'no such thing' },
  'search, two letters': { search: 'pl' },
  'open + tls + last day': { state: { include: ['open'] }, tlsUsed: true, from: NOW - 24 * HOUR_MS },
  'open + search broad + reason 1 %': {
    state: { include: ['open'] },
    search: 'sensor',
    reason: { include: ['JWT_EXPIRED'] },
  },
  'broad prefix + broad ip, empty': {
    clientId: { op: 'starts', value: 'plant-1' },
    ip: { include: ['10.107.0.0/16'] },
  },
  'last hour + username broad': { from: NOW - HOUR_MS, username: { op: 'starts', value: 'user-1' } },
};
