// The real programs that tests talk to: installed with apt-get on Debian as root, named otherwise.
import { accessSync, chmodSync, constants, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

/** What the tests need beyond Node, and the Debian package that brings it. */
const PROGRAMS = [
  {
    name: 'chromium',
    package: 'chromium-headless-shell',
    found: () => onPath('chromium-headless-shell'),
    // The one with windows takes longer, and does as well.
    instead: { package: 'chromium', found: () => onPath('chromium') },
  },
  { name: 'curl', package: 'curl', found: () => onPath('curl') },
  { name: 'mosquitto_pub', package: 'mosquitto-clients', found: () => onPath('mosquitto_pub') },
  { name: 'openssl', package: 'openssl', found: () => onPath('openssl') },
  {
    name: 'Python paho-mqtt',
    package: 'python3-paho-mqtt',
    found: () => existsSync('/usr/lib/python3/dist-packages/paho/mqtt/client.py'),
  },
  { name: 'slapd', package: 'slapd', found: () => onPath('slapd') },
  { name: 'strace', package: 'strace', found: () => onPath('strace') },
  { name: 'prlimit', package: 'util-linux', found: () => onPath('prlimit') },
  { name: 'MariaDB server', package: 'mariadb-server', found: () => onPath('mariadbd') },
  { name: 'Redis server', package: 'redis-server', found: () => onPath('redis-server') },
  { name: 'NATS server', package: 'nats-server', found: () => onPath('nats-server') },
  { name: 'PostgreSQL server', package: 'postgresql', found: () => postgresBin() !== undefined },
];

/** Programs of the bench only. */
const BENCH_PROGRAMS = [
  { name: 'mosquitto', package: 'mosquitto', found: () => onPath('mosquitto') },
  { name: 'Chromium with windows', package: 'chromium', found: () => onPath('chromium') },
];

/** Programs of the faults only. */
const FAULT_PROGRAMS = [{ name: 'faketime', package: 'faketime', found: () => onPath('faketime') }];

function onPath(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => folder !== '' && isExecutable(join(folder, name)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function postgresBin() {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return undefined;
  const versions = readdirSync(base).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(base, version, 'bin'))
    .find((folder) => isExecutable(join(folder, 'initdb')));
}

/**
 * Installs what is missing where that is possible.
 * @returns {Promise<string[]>} what is still missing, as text to print.
 */
export async function ensurePrograms(say, { bench = false, faults = false } = {}) {
  const wanted = [...PROGRAMS, ...(bench ? BENCH_PROGRAMS : []), ...(faults ? FAULT_PROGRAMS : [])];
  let missing = wanted.filter((program) => !program.found());
  if (missing.length > 0 && isExecutable('/usr/bin/apt-get') && process.getuid?.() === 0) {
    const packages = missing.map((program) => program.package);
    say(`Installing Debian packages for the tests: ${packages.join(' ')} …`);
    const apt = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await run('apt-get', ['update', '-q', '-o', 'DPkg::Lock::Timeout=300'], apt);
    const options = ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=600'];
    const install = (names) => run('apt-get', [...options, ...names], apt);
    const result = await install(packages);
    if (result.code !== 0) {
      say(result.output);
      // A package that the mirror lacks keeps out all that were asked for with it.
      for (const { package: name, instead } of missing) {
        const alone = await install([name]);
        if (alone.code !== 0 && instead !== undefined && !instead.found()) await install([instead.package]);
      }
    }
    missing = wanted.filter((program) => !program.found());
  }
  missing = missing.filter(({ instead }) => instead?.found() !== true);
  return missing.map((program) => `${program.name} (Debian package ${program.package})`);
}

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts a throwaway PostgreSQL on a free port.
 * @returns {Promise<{ url: string, stop: () => Promise<void> } | undefined>} undefined when it is not installed.
 */
export async function startPostgres(say) {
  const bin = postgresBin();
  if (bin === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pg-'));
  const asRoot = process.getuid?.() === 0;
  chmodSync(folder, 0o755);
  if (asRoot) await run('chown', ['postgres', folder]);
  const as = (command, args) =>
    asRoot ? run('runuser', ['-u', 'postgres', '--', command, ...args]) : run(command, args);
  const data = join(folder, 'data');
  const initialised = await as(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-sync',
  ]);
  const port = await freePort();
  const server = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`;
  const started = await as(join(bin, 'pg_ctl'), [
    '-D',
    data,
    '-o',
    server,
    '-l',
    join(folder, 'log'),
    '-w',
    'start',
  ]);
  if (initialised.code !== 0 || started.code !== 0) {
    say(`PostgreSQL did not start:\n${initialised.output}${started.output}`);
    return undefined;
  }
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await as(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
