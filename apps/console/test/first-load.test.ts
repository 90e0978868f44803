import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ROLE_SCOPES } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SIGNED_IN = 'test=signed-in';
const SESSION = {
  name: 'Olga Owner',
  role: 'owner',
  scopes: ROLE_SCOPES.owner,
  csrfToken: 'none',
  user: { id: 'u1', email: 'olga@example.com', name: 'Olga Owner', role: 'owner' },
};

const STYLE_KB_MAX = 11;

/** Knows who asks, and nothing else: the page is drawn without rows, with all of its script. */
const api = createServer((request, response) => {
  const signedIn = (request.headers.cookie ?? '').includes(SIGNED_IN);
  const known = request.url === '/api/v1/setup' ? { needed: false } : undefined;
  const body = request.url === '/api/v1/session' && signedIn ? SESSION : known;
  response.writeHead(body === undefined ? (signedIn ? 404 : 401) : 200, {
    'content-type': 'application/json',
  });
  response.end(JSON.stringify(body ?? {}));
});

/** The built console, as it is run for real. */
let child: ChildProcess | undefined;
let origin = '';

const listening = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  const apiPort = await listening(api);
  const program = spawn(process.execPath, [fileURLToPath(new URL('../server.mjs', import.meta.url))], {
    env: { ...process.env, PORT: '0', GATEHOUSE_API_URL: `http://127.0.0.1:${String(apiPort)}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = program;
  for await (const line of createInterface({ input: program.stdout })) {
    const port = /"listening":(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    origin = `http://127.0.0.1:${port}`;
    return;
  }
  throw new Error('the console did not start: is it built?');
});

afterAll(async () => {
  if (child !== undefined && child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  api.close();
});

async function htmlOf(path: string): Promise<string> {
  const page = await fetch(`${origin}${path}`, { headers: { cookie: path === '/login' ? '' : SIGNED_IN } });
  return await page.text();
}

/** Bytes, gzipped, of all that the tags ask for by an attribute, each once. */
async function gzipped(tags: readonly string[], attribute: 'src' | 'href'): Promise<number> {
  const url = new RegExp(`\\b${attribute}="([^"]+)"`);
  const urls = new Set(tags.flatMap((tag) => url.exec(tag)?.[1] ?? []));
  const sizes = await Promise.all(
    [...urls].map(async (one) => {
      const file = await fetch(new URL(one, origin));
      return gzipSync(Buffer.from(await file.arrayBuffer())).length;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Every script that the page's own HTML asks for; those for old browsers left out. */
const scriptBytes = async (path: string): Promise<number> => {
  const tags = (await htmlOf(path)).match(/<script\b[^>]*>/g) ?? [];
  return gzipped(
    tags.filter((tag) => !/nomodule/i.test(tag)),
    'src',
  );
};

const styleBytes = async (path: string): Promise<number> =>
  gzipped((await htmlOf(path)).match(/<link\b[^>]*\brel="stylesheet"[^>]*>/g) ?? [], 'href');

// Next's own runtime and React are 136 kB of each (docs/adr/0016): what we add to them must not grow unseen.
describe('script that a page loads before it can be used', () => {
  it.each([
    ['/login', 140],
    ['/setup', 140],
    ['/', 202],
    ['/unauthorized', 232],
    ['/credentials', 205],
    ['/credentials/new', 205],
    ['/authentication', 205],
    ['/authentication/new', 205],
    ['/certificates', 205],
    ['/access', 205],
    ['/clients', 205],
    ['/subscriptions', 201],
    ['/retained', 201],
    ['/messages', 201],
    ['/audit', 202],
    ['/try', 196],
    ['/start', 193],
    ['/settings/api-keys', 195],
    ['/settings/users', 195],
    ['/settings/limits', 194],
  ])('%s stays within %d kB', async (path, kilobytesMax) => {
    const bytes = await scriptBytes(path);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes / 1_000).toBeLessThanOrEqual(kilobytesMax);
  });
});

// One sheet for all pages, so that it is fetched once; a page with a sheet of its own would show here.
describe('style that a page loads before it can be drawn', () => {
  it.each(['/login', '/', '/unauthorized', '/credentials', '/authentication'])(
    '%s stays within 11 kB',
    async (path) => {
      const bytes = await styleBytes(path);
      expect(bytes).toBeGreaterThan(5_000);
      expect(bytes / 1_000).toBeLessThanOrEqual(STYLE_KB_MAX);
    },
  );
});
