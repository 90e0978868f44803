import { ENDPOINTS, type Endpoint, type Problem } from '@gatehouse/contract';
import { checkForm, FORM_BODIES, type FormId } from '@gatehouse/contract/forms';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, startHarness } from './support/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());

/** Wrong in each way that a field can be: of another type, too short, too long, not known, nested. */
const WRONG: readonly object[] = [
  { name: '', email: 'ada', role: 'king', password: 'short', misspelt: 1 },
  { name: 'x'.repeat(5_000), comment: 'x'.repeat(5_000), newPassword: 'short', expiresAt: 'tomorrow' },
  { target: { kind: 'email', host: '', port: 0, security: 'none', from: 'x', to: ['x', ''] }, days: -1 },
  {
    condition: { kind: 'refusalRate', perMinute: 0, windowMinutes: 1.5, more: 1 },
    topic: '#',
    repeatMinutes: null,
  },
];
const FORMS = (Object.keys(FORM_BODIES) as FormId[]).flatMap((form) =>
  WRONG.map((body, at) => [form, at, body] as const),
);

it.each(FORMS)('the form %s says of the wrong body %i what the server says', async (form, _at, body) => {
  const { method, path }: Endpoint = ENDPOINTS[form];
  const answer = await house.send({
    method,
    url: path.replace(':id', '0A'),
    headers: house.owner,
    payload: body,
  });
  const said = answer.json<Problem>().errors ?? [];
  expect(said.length).toBeGreaterThan(0);
  expect(checkForm(form, body)).toEqual(said);
});
