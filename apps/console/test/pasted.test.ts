import { describe, expect, test } from 'vitest';
import { readPasted } from '@/components/tester/pasted';

const LISTENERS = [
  { name: 'tcp', transport: 'tcp', port: 1883 },
  { name: 'tls', transport: 'tls', port: 8883 },
  { name: 'plant', transport: 'tcp', port: 2883 },
];
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
const WITHOUT = { username: '', withUsername: false, password: '', withPassword: false };

describe('what is pasted into the tester', () => {
  test.each([
    [
      'a command of mosquitto’s, quotes and all',
      String.raw`mosquitto_pub -h broker -p 2883 -i "pump 7" -u 'o''brien' -P "a\"b c" -V mqttv311 -t a -m b`,
      {
        clientId: 'pump 7',
        username: 'obrien',
        withUsername: true,
        password: 'a"b c',
        withPassword: true,
        protocol: 4,
        listener: 'plant',
      },
    ],
    [
      'a command over several lines, with a pre-shared key',
      'mosquitto_sub --psk-identity pipe-1 --psk abcd \\\n  --id=pipe-1 --topic a',
      { clientId: 'pipe-1', ...WITHOUT, pskIdentity: 'pipe-1', listener: 'tls' },
    ],
    [
      'an address',
      'mqtts://pump:s%20t@broker.example',
      {
        clientId: '',
        username: 'pump',
        withUsername: true,
        password: 's t',
        withPassword: true,
        listener: 'tls',
      },
    ],
    [
      'JSON, by whatever name clients call things',
      '{"client_id":"pump-7","username":"pump","protocolVersion":5,"port":1883,"keepalive":60}',
      { clientId: 'pump-7', ...WITHOUT, username: 'pump', withUsername: true, protocol: 5, listener: 'tcp' },
    ],
  ])('is read: %s', (_what, text, part) => {
    expect(readPasted(text, LISTENERS)).toEqual({ kind: 'connection', part });
  });

  test('is a certificate, of which the private key beside it is not kept', () => {
    expect(readPasted(`${KEY}\n${CERTIFICATE}\n${CERTIFICATE}`, LISTENERS)).toEqual({
      kind: 'certificate',
      part: { certificate: `${CERTIFICATE}\n${CERTIFICATE}`, listener: 'tls' },
    });
  });

  test.each(['', 'hello', 'https://example.org/', '{"client', '[1]', KEY])(
    'is nothing that says anything of a client: %j',
    (text) => {
      expect(readPasted(text, LISTENERS)).toBeUndefined();
    },
  );
});
