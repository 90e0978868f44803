import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { connectPacket, rawBytes } from '../support/clients.ts';
import { parseCsv } from '../support/csv.ts';
import { HOSTILE_CLIENT_IDS } from '../support/hostile.ts';
import { startServer, type Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const CLIENT_ID_BYTES_MAX = 1_024;
const FORMULA_START = /^[=+\-@\t\r]/;

describe('hostile client IDs', () => {
  let server: Server;
  let api: Api;
  beforeAll(async () => {
    server = await startServer();
    api = new Api(server);
    for (const { clientId } of HOSTILE_CLIENT_IDS) {
      await rawBytes(
        server.ports.tcp,
        connectPacket({ clientId, username: clientId.slice(0, 500), password: 'x' }),
      );
    }
    await until('every hostile client is in the table', async () => {
      const { total } = await api.refused('limit=1');
      return total === HOSTILE_CLIENT_IDS.length ? true : undefined;
    });
  });
  afterAll(() => server.stop());

  test.each(HOSTILE_CLIENT_IDS)(
    '$name: is kept as it was sent, cut at 1 024 bytes with a flag',
    async ({ clientId }) => {
      const { items } = await api.refused('limit=200');
      const whole = Buffer.byteLength(clientId) <= CLIENT_ID_BYTES_MAX;
      const row = items.find((item) =>
        whole ? item.clientId === clientId : clientId.startsWith(item.clientId ?? '?'),
      );
      expect(row?.clientIdTruncated).toBe(!whole);
      expect(Buffer.byteLength(row?.clientId ?? '')).toBeLessThanOrEqual(CLIENT_ID_BYTES_MAX);
    },
  );

  test.each(HOSTILE_CLIENT_IDS.filter(({ clientId }) => clientId.length < 1_000))(
    '$name: a filter finds exactly this client and nothing else',
    async ({ clientId }) => {
      const { items } = await api.refused(`clientId=${encodeURIComponent(`eq:${clientId}`)}`);
      expect(items.map((item) => item.clientId)).toEqual([clientId]);
    },
  );

  test('the CSV export has one record per client and no cell that a spreadsheet would run', async () => {
    const csv = await api.ok<string>('GET', '/unauthorized-clients/export.csv');
    const [header, ...records] = parseCsv(csv);
    expect(records.length).toBe(HOSTILE_CLIENT_IDS.length);
    for (const record of records) {
      expect(record.length).toBe(header?.length);
      for (const value of record) expect(value).not.toMatch(FORMULA_START);
    }
  });

  test('the JSON export parses and has every client', async () => {
    const exported = await api.ok<{ clientId: string | null }[]>('GET', '/unauthorized-clients/export.json');
    expect(exported.length).toBe(HOSTILE_CLIENT_IDS.length);
  });

  test('what the server logs keeps one event on one line', () => {
    for (const line of server.output().split('\n')) expect(line).not.toMatch(/^Set-Cookie/);
  });
});
