import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createOutboundPolicy } from '@gatehouse/connectors';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ClientPki } from '../../../../packages/broker/test/support/client-pki.ts';
import { mailOf, sendMail } from '../../src/alerts/email.ts';
import type { AlertMessageBody } from '../../src/alerts/message.ts';

const BODY: AlertMessageBody = {
  version: 1,
  event: 'firing',
  id: 'a',
  at: '2026-11-23T06:00:00.000Z',
  summary: '12 refusals per minute',
  rule: { id: 'r', name: 'Storm', kind: 'refusalRate' },
  subject: '',
  value: 12,
  peak: 12,
  items: [],
  itemsTotal: 0,
  firedAt: '2026-11-23T06:00:00.000Z',
  resolvedAt: null,
  link: 'https://console.test/unauthorized',
  node: 'a',
  topic: 'r',
};
const HOSTILE = 'pump\r\nBcc: thief@evil.test\r\n\r\n.\r\nQUIT\u2028\u202Etxt\0';

const pki = new ClientPki();
const authority = pki.make({ subject: '/CN=Mail CA', isAuthority: true });
const certificate = pki.make({
  subject: '/CN=mail',
  issuer: authority,
  alternativeNames: 'DNS:localhost',
  usage: 'serverAuth',
});
afterAll(() => {
  pki.remove();
});

const servers: SMTPServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface MailServerOptions {
  readonly password?: string;
  /** With a certificate of its own: from the first byte, or once a client asks for it. */
  readonly tls?: 'tls' | 'starttls';
}

async function mailServer({ password: right, tls }: MailServerOptions = {}) {
  const mails: { readonly to: string[]; readonly raw: string; readonly encrypted: boolean }[] = [];
  const server = new SMTPServer({
    disabledCommands: [
      ...(tls === 'starttls' ? [] : ['STARTTLS' as const]),
      ...(right === undefined ? ['AUTH' as const] : []),
    ],
    ...(tls === undefined ? { allowInsecureAuth: true } : { key: certificate.key, cert: certificate.cert }),
    secure: tls === 'tls',
    logger: false,
    onAuth: ({ password }, _session, done) =>
      password === right ? done(null, { user: 'u' }) : done(new Error('no')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, raw: Buffer.concat(chunks).toString(), encrypted: session.secure });
        done();
      });
    },
  });
  // A client that hangs up in the handshake is an error to the server, and what a test may be about.
  server.on('error', () => undefined);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { port, mails };
}

const target = (port: number) => ({
  kind: 'email' as const,
  host: '127.0.0.1',
  port,
  security: 'none' as const,
  username: '',
  from: 'gatehouse@house.test',
  to: ['ops@house.test', 'night@house.test'],
  ca: '',
});
const OPEN = createOutboundPolicy({ allow: [], deny: [] });

test('a real mail server gets one mail for all recipients, whatever client IDs say', async () => {
  const { port, mails } = await mailServer();
  const body = { ...BODY, items: [{ value: '10.0.0.0/24', clientId: HOSTILE }], subject: HOSTILE };
  expect(await sendMail(OPEN, target(port), undefined, body)).toEqual({ ok: true });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.to).toEqual(['ops@house.test', 'night@house.test']);
  const [head = '', ...rest] = (mails[0]?.raw ?? '').split('\r\n\r\n');
  expect(head).toContain('Subject: [Gatehouse FIRING] Storm: 12 refusals per minute');
  expect(head).not.toMatch(/bcc|evil/i);
  expect(rest.join('')).toContain('10.0.0.0/24');
});

test('no rule name or value can end a header or turn its text around', () => {
  const { subject, text } = mailOf({ ...BODY, rule: { ...BODY.rule, name: HOSTILE }, summary: HOSTILE });
  expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(text.split('\n').some((line) => line.startsWith('Bcc'))).toBe(false);
});

test('a server that the outbound policy denies is not connected to', async () => {
  const { port, mails } = await mailServer();
  const denied = createOutboundPolicy({ allow: [], deny: ['127.0.0.0/8'] });
  expect(await sendMail(denied, target(port), undefined, BODY)).toMatchObject({
    ok: false,
    failure: expect.stringContaining('outbound.deny') as string,
  });
  expect(mails).toEqual([]);
});

test('STARTTLS that is asked for and not offered fails; nothing is sent in the clear', async () => {
  const { port, mails } = await mailServer();
  const outcome = await sendMail(OPEN, { ...target(port), security: 'starttls' }, undefined, BODY);
  expect(outcome.ok).toBe(false);
  expect(mails).toEqual([]);
});

test('a password that is not taken is told without the password', async () => {
  const { port } = await mailServer({ password: 'right' });
  const outcome = await sendMail(OPEN, { ...target(port), username: 'u' }, 'wrong-secret', BODY);
  expect(outcome).toMatchObject({ ok: false });
  expect(JSON.stringify(outcome)).not.toContain('wrong-secret');
  expect(await sendMail(OPEN, { ...target(port), username: 'u' }, 'right', BODY)).toEqual({ ok: true });
});

describe.each(['starttls', 'tls'] as const)('a mail server that speaks TLS (%s)', (tls) => {
  const trusted = (port: number) => ({
    ...target(port),
    security: tls,
    host: 'localhost',
    ca: authority.cert,
    username: 'u',
  });

  test('gets mail and password encrypted, once its certificate is vouched for by the CA that was given', async () => {
    const { port, mails } = await mailServer({ tls, password: 'right' });
    expect(await sendMail(OPEN, trusted(port), 'right', BODY)).toEqual({ ok: true });
    expect(mails.map(({ encrypted }) => encrypted)).toEqual([true]);
  });

  test('gets nothing when no CA that is trusted vouches for it, or when it is of another name', async () => {
    const { port, mails } = await mailServer({ tls, password: 'right' });
    for (const wrong of [{ ca: '' }, { host: '127.0.0.1' }])
      expect(await sendMail(OPEN, { ...trusted(port), ...wrong }, 'right', BODY)).toEqual({
        ok: false,
        failure: 'the mail server’s certificate does not verify',
      });
    expect(mails).toEqual([]);
  });
});
