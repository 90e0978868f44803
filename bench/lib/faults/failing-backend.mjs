// A backend of authenticators that is silent, refuses connections or answers garbage, while devices that another
// authenticator of the same chain admits log in.
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { percentile, round } from '../machine.mjs';
import { startGoodDevice } from '../good-device.mjs';
import { attempt, connectPacket } from '../storm.mjs';

/** Thirty seconds altogether for each type of backend (quality.md, reliability). */
const PHASE_SECONDS = 10;
const BASELINE_SECONDS = 5;
const VICTIMS_PER_SECOND = 100;
const GOOD_EVERY_MS = 20;
const OPEN_SESSIONS = 50;
const P99_MS_MAX = 100;
const SETTLE_MS = 1_000;

const settingsOf = {
  http: (port) => ({ type: 'http', contract: 'status', url: `http://127.0.0.1:${port}/auth` }),
  mysql: (port) => ({ type: 'mysql', server: `127.0.0.1:${port}` }),
  postgresql: (port) => ({ type: 'postgresql', server: `127.0.0.1:${port}` }),
  redis: (port) => ({ type: 'redis', servers: [`127.0.0.1:${port}`] }),
  mongodb: (port) => ({ type: 'mongodb', servers: [`127.0.0.1:${port}`] }),
  ldap: (port) => ({ type: 'ldap', servers: [`127.0.0.1:${port}`], base_dn: 'uid=${username},dc=example' }),
};

/** What of each family says that the backend failed; `busy` is told to the client and recorded as no refusal. */
const FAILED = /_(?:TIMEOUT|UNREACHABLE|BAD_RESPONSE|BAD_RESULT)$/;

/** Listens on a port of its own and behaves as told: `silence` or `garbage`; `refuse` closes the port. */
async function startImpostor() {
  const sockets = new Set();
  let mode = 'silence';
  const noise = Buffer.from('\x16\x03\x01 this is no backend \xff\xfe\r\n\r\n', 'latin1');
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', () => mode === 'garbage' && socket.write(noise));
    if (mode === 'garbage') socket.write(noise);
  });
  const listen = (port) => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address();
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    async become(next) {
      cut();
      if (next === 'refuse') await new Promise((resolve) => server.close(resolve));
      else if (!server.listening) await listen(port);
      mode = next;
    },
    stop() {
      cut();
      server.close();
    },
  };
}

/** Sessions that stay; resolves to how many have been closed so far. */
async function openSessions(port, credential) {
  let closed = 0;
  const sockets = await Promise.all(
    Array.from(
      { length: OPEN_SESSIONS },
      (_, index) =>
        new Promise((resolve) => {
          const socket = connect({ port, host: '127.0.0.1' }, () =>
            socket.write(connectPacket({ ...credential, clientId: `open-${index}`, keepAliveSeconds: 0 })),
          );
          socket.once('data', () => resolve(socket));
          socket.on('error', () => undefined);
          socket.on('close', () => (closed += 1));
        }),
    ),
  );
  return {
    closed: () => closed,
    stop: () => sockets.forEach((socket) => socket.destroy()),
  };
}

/** Devices that only the backend knows, at a steady rate; resolves to how often each CONNACK code was given. */
async function victims(port, seconds, tag) {
  const codes = {};
  const pending = [];
  for (let made = 0; made < seconds * VICTIMS_PER_SECOND; made += 1) {
    const name = `${tag}-${made}`;
    const packet = connectPacket({ clientId: name, username: name, password: 'any' });
    pending.push(attempt(port, packet).then(({ code }) => (codes[code] = (codes[code] ?? 0) + 1)));
    await pause(1_000 / VICTIMS_PER_SECOND);
  }
  await Promise.all(pending);
  return codes;
}

async function phase(server, good, tag, seconds, isFailing) {
  const device = startGoodDevice(server.ports.tcp, good, GOOD_EVERY_MS);
  const answers = isFailing ? await victims(server.ports.tcp, seconds, tag) : await pause(seconds * 1_000);
  const times = await device.stop();
  return {
    logins: times.length,
    p50Ms: round(percentile(times, 0.5)),
    p99Ms: round(percentile(times, 0.99)),
    ...(isFailing ? { answers } : {}),
  };
}

/** The reasons that were recorded for the victims of a phase. */
async function reasonsOf(server, tag) {
  const page = await server.api('GET', `/unauthorized-clients?clientId=starts:${tag}-&limit=100`);
  return [...new Set(page.items.map(({ reason }) => reason))];
}

async function one(server, type, credential) {
  const impostor = await startImpostor();
  const good = connectPacket({ ...credential, clientId: 'good-device' });
  const sessions = await openSessions(server.ports.tcp, credential);
  try {
    await server.api('POST', '/authenticators', { name: type, settings: settingsOf[type](impostor.port) });
    await server.api('PUT', '/chains/default', { steps: ['builtin', type] });
    const phases = { [`${type}, baseline`]: await phase(server, good, type, BASELINE_SECONDS, false) };
    const misses = [];
    for (const mode of ['silence', 'refuse', 'garbage']) {
      await impostor.become(mode);
      const tag = `${type}-${mode}`;
      const measured = await phase(server, good, tag, PHASE_SECONDS, true);
      await pause(SETTLE_MS);
      const reasons = await reasonsOf(server, tag);
      phases[`${type}, ${mode}`] = { ...measured, reasons: reasons.join(' ') };
      if (measured.p99Ms >= P99_MS_MAX) misses.push(`${tag}: p99 ${measured.p99Ms} ms`);
      const wrong = reasons.filter((reason) => !FAILED.test(reason));
      if (wrong.length > 0) misses.push(`${tag}: recorded as ${wrong.join(', ')}`);
      if (measured.answers[0] !== undefined) misses.push(`${tag}: ${measured.answers[0]} were admitted`);
    }
    if (sessions.closed() > 0) misses.push(`${type}: ${sessions.closed()} open sessions were closed`);
    return { phases, misses };
  } finally {
    sessions.stop();
    impostor.stop();
  }
}

/**
 * Resolves to what was measured, with `misses` in words.
 * @param {object} server
 * @param {{username: string, password: string}[]} users
 */
export async function failingBackend(server, [credential]) {
  const phases = {};
  const misses = [];
  for (const type of Object.keys(settingsOf)) {
    const result = await one(server, type, credential);
    Object.assign(phases, result.phases);
    misses.push(...result.misses);
  }
  return { victimsPerSecond: VICTIMS_PER_SECOND, p99MsMax: P99_MS_MAX, phases, misses };
}
