import { REASONS, REASON_CODES, type ReasonCode } from '@gatehouse/auth-core/reasons';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import type { Scenario } from '../support/scenario.ts';
import { startServer, type Server } from '../support/server.ts';

const implemented = REASON_CODES.filter((code) => REASONS[code].since === '0.1');

// A reason without its scenario file fails here, while the tests are collected.
const scenarios = await Promise.all(
  implemented.map(async (code) => {
    const module = (await import(`../scenarios/${code}.ts`)) as { scenario: Scenario };
    return { code, scenario: module.scenario };
  }),
);

const bySettings = new Map<string, typeof scenarios>();
for (const entry of scenarios) {
  const settings = JSON.stringify(entry.scenario.settings ?? []);
  bySettings.set(settings, [...(bySettings.get(settings) ?? []), entry]);
}

for (const [settings, group] of bySettings) {
  describe(`settings ${settings}`, () => {
    let server: Server;
    let api: Api;
    beforeAll(async () => {
      server = await startServer({ set: JSON.parse(settings) as string[] });
      api = new Api(server);
    });
    afterAll(() => server.stop());

    test.each(group)(
      'a client refused with $code is found through the API with that reason',
      async ({ code, scenario }) => {
        const tag = `e2e-${code.toLowerCase().replaceAll('_', '-')}`;
        const { query, connack } = await scenario.attempt({ server, api, tag });
        const row = await api.row(query, (item) => item.reason === code);

        expect(row.family).toBe(REASONS[code].family);
        if (connack !== undefined) expect(wireCodes(code)).toContain(connack);
        const detail = await api.detail(row.id);
        expect(detail.title).toBe(REASONS[code].title);
        expect(detail.likelyCause.length).toBeGreaterThan(0);
        expect(JSON.stringify(detail)).not.toContain('guess-');
      },
    );
  });
}

function wireCodes(code: ReasonCode): number[] {
  const codes = REASONS[code].connack;
  return [codes?.v3, codes?.v5].filter((one) => typeof one === 'number');
}
