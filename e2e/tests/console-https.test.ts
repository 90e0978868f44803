import { readdirSync } from 'node:fs';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClientPki } from '../../packages/broker/test/support/client-pki.ts';
import { startServer, type Server } from '../support/server.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The address of each page of the console, from the files that make them; a parameter gets a value nobody has. */
const PAGES = readdirSync(new URL('../../apps/console/app', import.meta.url), { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('page.tsx'))
  .map((file) =>
    file
      .replace(/\/?page\.tsx$/, '')
      .replace(/\(\w+\)\/?/g, '')
      .replace(/\[[^\]]+\]/g, 'none'),
  )
  .map((path) => `/${path}`)
  .toSorted();

/** Leads on whoever need not set up an authenticator app. */
const NOT_FOR_ALL = '/enrol';
/** There is nothing there: no such page, no such guide, and what only who builds the console sees. */
const NOWHERE = ['/dev/components', '/help/none', '/none'];
/** Leads on whoever is signed in. */
const FOR_STRANGERS = '/login';

/** The sources that a page may have, by directive; `NONCE` stands for that of the answer. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'nonce-NONCE' 'strict-dynamic'",
  "style-src 'self' 'nonce-NONCE'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const policyOf = (answer: Answer | undefined): string => String(answer?.headers['content-security-policy']);
const nonceOf = (answer: Answer | undefined): string => /'nonce-([^']+)'/.exec(policyOf(answer))?.[1] ?? '';

describe('the console over https', () => {
  const pki = new ClientPki();
  const authority = pki.make({ subject: '/CN=Console CA', isAuthority: true });
  const certificate = pki.make({
    subject: '/CN=localhost',
    issuer: authority,
    alternativeNames: 'DNS:localhost,IP:127.0.0.1',
    usage: 'serverAuth',
  });
  let server: Server;
  let origin: string;
  let setCookie: string;
  const answers = new Map<string, Answer>();

  const send = (method: string, path: string, headers: OutgoingHttpHeaders = {}, body?: object) =>
    new Promise<Answer>((resolve, reject) => {
      request(
        `${origin}${path}`,
        { method, ca: authority.cert, headers: { 'content-type': 'application/json', ...headers } },
        (response) => {
          const { statusCode = 0, headers: answered } = response;
          text(response).then(
            (content) => resolve({ status: statusCode, headers: answered, body: content }),
            reject,
          );
        },
      )
        .on('error', reject)
        .end(body === undefined ? undefined : JSON.stringify(body));
    });
  const problemOf = ({ status, body }: Answer): unknown => [
    status,
    (JSON.parse(body) as { code: string }).code,
  ];

  beforeAll(async () => {
    server = await startServer({
      console: true,
      set: [`console.tls.key=${certificate.keyFile}`, `console.tls.cert=${certificate.certFile}`],
    });
    const link = new URL(server.setupLink());
    origin = link.origin;
    const token = new URLSearchParams(link.hash.slice(1)).get('token');
    const owner = { email: 'owner@example.com', name: 'Olga Owner', password: 'seven quiet herons at dusk' };
    const made = await send('POST', '/api/v1/setup', { origin }, { token, ...owner });
    expect(made.status).toBe(201);
    setCookie = made.headers['set-cookie']?.join('\n') ?? '';
    const cookie = setCookie.split(';')[0] ?? '';
    for (const path of PAGES)
      answers.set(path, await send('GET', path, path === FOR_STRANGERS ? {} : { cookie }));
  });
  afterAll(async () => {
    await server.stop();
    pki.remove();
  });

  test('keeps the session in a cookie of this host, over TLS, out of reach of scripts and of other sites', () => {
    expect(setCookie).toMatch(/^__Host-gatehouse=[\w-]{43}; /);
    const attributes = setCookie.split('; ').slice(1).toSorted();
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Strict', 'Secure']);
  });

  test.each(PAGES)('%s has a policy that names this origin alone, with a nonce of its own', (path) => {
    const answer = answers.get(path);
    expect(answer?.status).toBe(path === NOT_FOR_ALL ? 307 : NOWHERE.includes(path) ? 404 : 200);
    const nonce = nonceOf(answer);
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
    expect(policyOf(answer).replaceAll(nonce, 'NONCE')).toBe(POLICY);
    expect([...answers.values()].filter((other) => nonceOf(other) === nonce)).toHaveLength(1);
  });

  test.each(PAGES)(
    '%s has no script without that nonce, no inline style or handler, and no address elsewhere',
    (path) => {
      const answer = answers.get(path);
      const nonce = nonceOf(answer);
      const tags = answer?.body.match(/<[a-z][^>]*>/gi) ?? [];
      const scripts = tags.filter((tag) => tag.startsWith('<script'));
      expect(scripts.length).toBeGreaterThan(0);
      expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
      expect(tags.filter((tag) => /\s(?:style|on[a-z]+)=/i.test(tag) || tag.startsWith('<style'))).toEqual(
        [],
      );
      const addresses = tags.flatMap((tag) => /\s(?:src|href|action)="([^"]*)"/.exec(tag)?.[1] ?? []);
      expect(addresses.filter((address) => new URL(address, origin).origin !== origin)).toEqual([]);
    },
  );

  test.each(['/', '/login', '/api/v1/session'])(
    '%s tells the browser to stay with TLS, not to sniff, frame, cache or refer, and lets no other origin read it',
    async (path) => {
      const { headers } = await send('GET', path, { origin: 'https://elsewhere.example' });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['strict-transport-security']).toMatch(/^max-age=31536000/);
      expect(headers['cache-control']).toContain('no-store');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    },
  );

  test('takes a write of the session from no other origin, and none without its CSRF token', async () => {
    const cookie = setCookie.split(';')[0] ?? '';
    const write = (headers: OutgoingHttpHeaders) =>
      send('POST', '/api/v1/credentials', { cookie, ...headers }, { username: 'from-elsewhere' });
    expect(problemOf(await write({ origin: 'https://elsewhere.example' }))).toEqual([403, 'origin-denied']);
    expect(problemOf(await write({ origin }))).toEqual([403, 'csrf-failed']);
  });
});
