import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { paho } from './clients.ts';
import type { Scenario } from './scenario.ts';

/** What the service does for a client ID that holds one of these words; it admits everybody else. */
const BEHAVIOURS: readonly (readonly [
  string,
  { readonly status: number; readonly body?: string } | 'silence',
])[] = [
  ['denied', { status: 403 }],
  ['ignored', { status: 200, body: 'ignore' }],
  ['bad-response', { status: 500, body: '<html>log in</html>' }],
  ['timeout', 'silence'],
];

const service = createServer((request, response) => {
  void text(request).then((body) => {
    const clientId = new URLSearchParams(body).get('clientid') ?? '';
    const behaviour = BEHAVIOURS.find(([word]) => clientId.includes(word))?.[1] ?? { status: 200 };
    if (behaviour === 'silence') return;
    response.writeHead(behaviour.status);
    response.end(behaviour.body ?? '');
  });
});
// The address is a part of the settings, so that the service is there before any server starts.
await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
// It ends with the tests.
service.unref();
const { port } = service.address() as AddressInfo;

const settingsFor = (url: string): readonly string[] => [
  `auth.authenticators.service={type: http, contract: status, response_timeout_ms: 1000, url: "${url}"}`,
  'auth.chains.default=[service]',
];

/** A server whose only authenticator asks the service. */
export const SERVICE_SETTINGS = settingsFor(`http://127.0.0.1:${port}/mqtt/auth`);
/** The same, and nobody listens there: the port of tcpmux. */
export const NO_SERVICE_SETTINGS = settingsFor('http://127.0.0.1:1/mqtt/auth');

/** A client whose ID says what the service does. */
export const serviceScenario = (settings: readonly string[] = SERVICE_SETTINGS): Scenario => ({
  settings,
  async attempt({ server, tag }) {
    const device = { clientId: tag, username: tag, password: 'any' };
    return { query: `clientId=${tag}`, connack: await paho(server.ports.tcp, device) };
  },
});
