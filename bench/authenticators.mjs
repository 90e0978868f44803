// What each authenticator costs: accepts and refusals per second, their p99 and the server's CPU, all in one run.
import { createHmac, generateKeyPairSync, pbkdf2Sync, sign } from 'node:crypto';
import { BACKENDS, PASSWORD } from './lib/backends.mjs';
import { cpuSeconds, machineFacts, percentile, round } from './lib/machine.mjs';
import { writeResult } from './lib/results.mjs';
import { startServer } from './lib/server.mjs';
import { attempt, connectPacket, inParallel, storm } from './lib/storm.mjs';
import { PROVING } from './lib/proving.mjs';

const IN_FLIGHT = 32;
/** As many as the hash workers have, twice: more would be told "busy" after two seconds of waiting. */
const IN_FLIGHT_SLOW = 4;
/** Devices where a login costs microseconds, and where it costs a slow hash of tens of milliseconds. */
const FAST = Number(process.env.BENCH_DEVICES ?? 4_000);
const SLOW = Math.max(64, Math.round(FAST / 20));
const WARM_UP = 500;
const only = process.argv.slice(2);

const namesOf = (count) => Array.from({ length: count }, (_, index) => `device-${index}`);
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HMAC_SECRET = 'a-secret-of-the-bench-with-32-bytes-and-more';

function tokensBy(alg, signer) {
  return (username) => {
    const input = `${part({ alg, typ: 'JWT' })}.${part({ sub: username })}`;
    return `${input}.${signer(input).toString('base64url')}`;
  };
}

/** A built-in credential store whose passwords were all stored by one rule. */
const builtin = (credential, count) => ({
  count,
  passwordOf: () => PASSWORD,
  async prepare(server) {
    const hashes = await credential(server);
    const rows = namesOf(count).map((username) => ({ username, ...hashes }));
    const { created } = await server.api('POST', '/credentials/import', rows);
    if (created !== count) throw new Error(`${created} of ${count} credentials were made`);
    return ['builtin'];
  },
});

const backed = (type, more = {}) => ({
  count: FAST,
  passwordOf: () => PASSWORD,
  async prepare(server, closers) {
    const backend = await BACKENDS[type](namesOf(FAST));
    closers.push(backend.stop);
    await server.api('POST', '/authenticators', {
      name: 'devices',
      settings: { ...backend.settings, ...more },
    });
    return ['devices'];
  },
});

function tokens(alg) {
  const family = alg.slice(0, 2);
  const pair =
    family === 'RS'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = family === 'RS' ? pair.privateKey : { key: pair.privateKey, dsaEncoding: 'ieee-p1363' };
  const signer =
    family === 'HS'
      ? (input) => createHmac('sha256', HMAC_SECRET).update(input).digest()
      : (input) => sign('sha256', Buffer.from(input), key);
  const settings =
    family === 'HS'
      ? { secret: HMAC_SECRET }
      : { public_key: pair.publicKey.export({ type: 'spki', format: 'pem' }) };
  return {
    count: FAST,
    passwordOf: tokensBy(alg, signer),
    // The same length, and signed by nobody.
    wrongOf: tokensBy(alg, () => Buffer.alloc(family === 'HS' ? 32 : family === 'RS' ? 256 : 64, 7)),
    async prepare(server) {
      await server.api('POST', '/authenticators', { name: 'tokens', settings: { type: 'jwt', ...settings } });
      return ['tokens'];
    },
  };
}

const storedAs = (password_hash) => () => Promise.resolve({ password_hash });
const PBKDF2_ITERATIONS = 600_000;

/** `public`, as the tools write it that such stores come from. */
const HASHES = {
  sha256: 'sha256:efa1f375d76194fa51a3556a97e641e61685f914d446979da50a551a4333ffd7',
  bcrypt: '$2b$10$zaLdwd3qYs5AUbKPlEB1ieM/HlfPVGwkCibErfzNoSXlfFGkH.tYG',
  pbkdf2: pbkdf2('of-the-bench'),
};

function pbkdf2(salt) {
  const hash = pbkdf2Sync(PASSWORD, salt, PBKDF2_ITERATIONS, 32, 'sha256');
  const written = (bytes) => Buffer.from(bytes).toString('base64').replaceAll('=', '');
  return `$pbkdf2-sha256$i=${PBKDF2_ITERATIONS}$${written(salt)}$${written(hash)}`;
}

const SCENARIOS = {
  'builtin, SHA-256': builtin(storedAs(HASHES.sha256), FAST),
  'builtin, bcrypt (2^10)': builtin(storedAs(HASHES.bcrypt), SLOW),
  'builtin, PBKDF2-SHA-256 (600 000)': builtin(storedAs(HASHES.pbkdf2), SLOW),
  'builtin, argon2id (19 MiB, t=2)': builtin(() => Promise.resolve({ password: PASSWORD }), SLOW),
  'jwt, HS256': tokens('HS256'),
  'jwt, ES256': tokens('ES256'),
  'jwt, RS256': tokens('RS256'),
  http: backed('http'),
  mysql: backed('mysql'),
  postgresql: backed('postgresql'),
  redis: backed('redis'),
  'mongodb (wire server of the tests)': backed('mongodb'),
  'ldap, {SSHA} compared': backed('ldap'),
  'ldap, login as the client': backed('ldap', { bind_as_user: true }),
  ...PROVING(namesOf, FAST),
};

async function measure(server, count, attemptOf, isExpected) {
  const inFlight = count === SLOW ? IN_FLIGHT_SLOW : IN_FLIGHT;
  const times = [];
  const others = new Map();
  const cpu = cpuSeconds(server.pid);
  const started = performance.now();
  await inParallel(count, inFlight, attemptOf, ({ code, ms }) => {
    if (isExpected(code)) times.push(ms);
    else others.set(code, (others.get(code) ?? 0) + 1);
  });
  const seconds = (performance.now() - started) / 1_000;
  return {
    perSecond: Math.round(count / seconds),
    p50Ms: round(percentile(times, 0.5)),
    p99Ms: round(percentile(times, 0.99)),
    cpuMsEach: round(((cpuSeconds(server.pid) - cpu) * 1_000) / count, 3),
    ...(others.size === 0 ? {} : { unexpected: Object.fromEntries(others) }),
  };
}

/** How devices log in with username and password: packets made before the clock runs. */
function byPassword(server, { count, passwordOf, wrongOf = () => 'not-the-password' }) {
  const { tcp } = server.ports;
  const packets = (secretOf, prefix) =>
    namesOf(count).map((username) =>
      connectPacket({ clientId: `${prefix}${username}`, username, password: secretOf(username) }),
    );
  const right = packets(passwordOf, '');
  const wrong = packets(wrongOf, 'wrong-');
  return { accepted: (i) => attempt(tcp, right[i]), refused: (i) => attempt(tcp, wrong[i]) };
}

async function run(scenario) {
  const server = await startServer([
    'limits.acceptRatePerSecondMax=1000000',
    'limits.connectionsPerIpMax=100000',
    'auth.guessing.exempt=["127.0.0.0/8"]',
    ...(scenario.set?.() ?? []),
  ]);
  const closers = [];
  try {
    const { count, prepare, attempts = byPassword, isRefused = (code) => code > 0 } = scenario;
    const steps = await prepare(server, closers);
    await server.api('PUT', '/chains/default', { steps });
    const { accepted, refused } = attempts(server, scenario);
    // The path is warm, the devices of the measurement are not: these are nobody's.
    await storm(
      server.ports.tcp,
      WARM_UP,
      IN_FLIGHT,
      (i) => connectPacket({ clientId: `warm-${i}`, username: `warm-${i}`, password: 'x' }),
      () => undefined,
    );
    const isAccepted = (code) => code === 0;
    return {
      devices: count,
      accepts: await measure(server, count, accepted, isAccepted),
      acceptsAgain: await measure(server, count, accepted, isAccepted),
      refusals: await measure(server, count, refused, isRefused),
    };
  } finally {
    await server.stop();
    for (const close of closers) await close();
  }
}

const results = {};
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (only.length > 0 && !only.some((wanted) => name.startsWith(wanted))) continue;
  results[name] = await run(scenario);
  const { accepts, acceptsAgain, refusals } = results[name];
  const brief = ({ perSecond, p99Ms, cpuMsEach, unexpected }) =>
    `${perSecond}/s p99 ${p99Ms} ms ${cpuMsEach} ms${unexpected ? ` ${JSON.stringify(unexpected)}` : ''}`;
  console.log(
    `${name}: accepts ${brief(accepts)} · again ${brief(acceptsAgain)} · refusals ${brief(refusals)}`,
  );
}
const peer = results['builtin, SHA-256']?.accepts.perSecond;
for (const result of Object.values(results)) {
  if (peer !== undefined) result.acceptsToSha256 = round(result.accepts.perSecond / peer, 2);
}
if (only.length === 0)
  writeResult('authenticators', { machine: machineFacts(), inFlight: IN_FLIGHT, results });
