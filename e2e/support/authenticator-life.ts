import type { AuthenticatorDto, AuthenticatorTestDto, TryResultDto } from '@gatehouse/contract';
import { expect } from 'vitest';
import type { Api } from './api.ts';

interface Life {
  readonly api: Api;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What of the settings is never told again. */
  readonly secrets: readonly string[];
  /** Whether there is a backend that the test button reaches. */
  readonly hasBackend: boolean;
  /** The client that it admits, as the test button and the tester are told of it. */
  readonly attempt: Readonly<Record<string, unknown>>;
  /** Another authenticator of the chain, which lets the next be asked about that client. */
  readonly beside?: string;
  /** Whether that client gets in now, for real. */
  readonly admits: () => Promise<boolean>;
}

interface Status {
  readonly stats: { readonly enabled: boolean; readonly allow: number; readonly p95Ms: number | null } | null;
  readonly backend: { readonly breaker: string } | null;
}

/**
 * All that is done to an authenticator while the server runs (auth.md §2), with a real client after each change: made,
 * tested, put into the chain, switched off and on, edited without its secrets, moved, taken out and deleted.
 */
export async function expectWholeLife(life: Life): Promise<void> {
  const { api, name, settings, secrets, hasBackend, attempt, admits, beside = 'builtin' } = life;
  const path = `/authenticators/${name}`;
  const chain = (...steps: readonly string[]) => api.ok('PUT', '/chains/default', { steps });
  const status = () => api.ok<Status>('GET', `${path}/status`);
  const plain = Object.fromEntries(Object.entries(settings).filter(([key]) => !secrets.includes(key)));

  await chain(beside);
  expect(await admits(), 'nobody lets it in before').toBe(false);
  const made = await api.ok<AuthenticatorDto>('POST', '/authenticators', { name, settings });
  expect(made).toMatchObject({ name, type: settings['type'], enabled: true, secrets, source: 'stored' });
  for (const secret of secrets) expect(made.settings).not.toHaveProperty(secret);

  const tested = await api.ok<AuthenticatorTestDto>('POST', `${path}/test`, { attempt });
  expect(tested.probe?.ok).toBe(hasBackend ? true : undefined);
  expect(tested.step).toMatchObject({ authenticator: name, outcome: 'allow' });

  await chain(beside, name);
  expect(await admits(), 'in the chain').toBe(true);
  const asked = await status();
  expect(asked.stats).toMatchObject({ enabled: true, allow: 1 });
  expect(asked.stats?.p95Ms).toBeGreaterThanOrEqual(0);
  if (hasBackend) expect(asked.backend).toMatchObject({ breaker: 'closed', running: 0, waiting: 0 });

  await api.ok('PATCH', path, { settings: { ...plain, enabled: false } });
  expect(await admits(), 'switched off').toBe(false);
  expect((await status()).stats?.enabled).toBe(false);

  await api.ok('PATCH', path, { settings: { ...plain, timeout_ms: 5_500 } });
  expect(await admits(), 'switched on, edited, its secrets kept').toBe(true);
  expect(await api.ok('GET', path)).toMatchObject({
    enabled: true,
    secrets,
    settings: { timeout_ms: 5_500 },
  });

  await chain(name, beside);
  const { trace } = await api.ok<TryResultDto>('POST', '/try', attempt);
  expect(trace.map((step) => step.authenticator)).toEqual([name, beside]);

  expect((await api.call('DELETE', path)).status, 'the chain names it').toBe(409);
  await chain(beside);
  expect(await admits(), 'out of the chain').toBe(false);
  await api.ok('DELETE', path);
  expect((await api.call('GET', path)).status).toBe(404);
}
