import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOutboundPolicy } from '@gatehouse/connectors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callWebhook } from '../../src/alerts/webhook.ts';

let calls = 0;
const receiver = createServer((_request, response) => {
  calls += 1;
  response.end();
});
let port = 0;
beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  ({ port } = receiver.address() as AddressInfo);
});
afterAll(() => receiver.close());

const call = (url: string, policy: Parameters<typeof createOutboundPolicy>[0] = { allow: [], deny: [] }) =>
  callWebhook(createOutboundPolicy(policy), {
    url,
    secret: undefined,
    body: '{}',
    deliveryId: 'one',
    now: 1_000,
  });

test('a webhook is called where the outbound policy lets it, and nowhere else', async () => {
  const here = `http://127.0.0.1:${String(port)}/hook`;
  expect(await call(here)).toEqual({ ok: true });
  expect(calls).toBe(1);
  const denied = await call(here, { allow: [], deny: ['127.0.0.0/8'] });
  expect(denied).toEqual({ ok: false, failure: expect.stringContaining('outbound.deny') as string });
  const own = await call(here, { allow: [], deny: [], ownPorts: () => [port] });
  expect(own).toEqual({ ok: false, failure: expect.stringContaining('own API or console') as string });
  expect(calls).toBe(1);
});

test.each([
  'http://169.254.169.254/latest/meta-data',
  'http://[::ffff:169.254.169.254]/',
  'http://2852039166/',
])('%s, the metadata of a cloud, is not asked', async (url) => {
  expect(await call(url)).toEqual({
    ok: false,
    failure: expect.stringContaining('metadata address') as string,
  });
});
