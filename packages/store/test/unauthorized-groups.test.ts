import { expect, test } from 'vitest';
import { batch, delta, login } from './support/records.ts';
import { describeStores } from './support/stores.ts';

describeStores('groups of refused clients', (subject) => {
  test('a group is settled by the logins that settle its rows: whoever else got in says nothing', async () => {
    const { unauthorized } = subject().store;
    const listener = 'settling';
    const of = (clientId: string | null, username: string) =>
      delta({ at: 9_000_000, clientId, username, ip: '10.8.0.1', listener, reason: 'JWT_EXPIRED' });
    await unauthorized.flush(batch([of('s-1', 'u-1'), of('s-2', 'u-2'), of(null, 'u-3')]), 9_000_000);
    const group = async () => {
      const found = await unauthorized.groups({ listener: { include: [listener] } }, 'incident', 10);
      return found.map(({ clients, open }) => ({ clients, open }));
    };
    const logsIn = async (clientId: string, username: string, ip: string) =>
      unauthorized.flush(batch([], [login({ at: 9_000_100, clientId, username, ip, listener })]), 9_000_100);
    expect(await group()).toEqual([{ clients: 3, open: 3 }]);
    await logsIn('s-1', 'u-1', '10.99.0.1');
    expect(await group()).toEqual([{ clients: 3, open: 3 }]);
    await logsIn('s-1', 'u-1', '10.8.0.2');
    expect(await group()).toEqual([{ clients: 3, open: 2 }]);
    // Without a client ID it goes by its username, whatever client ID it has got since.
    await logsIn('another', 'u-3', '10.8.0.3');
    await logsIn('s-2', 'u-2', '10.8.0.1');
    expect(await group()).toEqual([{ clients: 3, open: 0 }]);
  });

  test('a client that moved counts once where it was seen last, and its attempts are nobody’s but its own', async () => {
    const { unauthorized } = subject().store;
    const at = 9_500_000;
    const from = (ip: string, when: number) =>
      delta({ at: when, clientId: 'mover', username: 'm', ip, attempts: 40 });
    await unauthorized.flush(batch([from('10.66.0.1', at)]), at);
    await unauthorized.flush(batch([from('10.66.1.2', at + 1)]), at + 1);
    const range = { from: at, to: at + 2 };
    const top = (by: 'ip' | 'username' | 'clientId') => unauthorized.top(by, range, 9);
    expect(await top('ip')).toEqual([{ value: '10.66.1.2', count: 1 }]);
    expect(await top('username')).toEqual([{ value: 'm', count: 1 }]);
    expect(await top('clientId')).toEqual([{ value: 'mover', count: 80 }]);
  });

  test('an incident of blocked clients counts from when they were blocked, and names the block that began it', async () => {
    const { unauthorized, audit } = subject().store;
    const at = 30_000_000;
    const [listener, clientId] = ['blocking', 'guesser'];
    const of = (values: Partial<Parameters<typeof delta>[0]>) =>
      delta({ clientId, username: 'root', ip: '10.77.0.1', listener, ...values });
    await unauthorized.flush(batch([of({ at, attempts: 40 })]), at);
    const blocked = at + 3_600_000;
    const block = await audit.append({
      at: blocked,
      action: 'block.create',
      actor: { kind: 'system', id: 's', name: 's' },
      target: null,
      before: null,
      after: null,
      ip: '',
      requestId: '',
    });
    const after = [blocked + 1_000, blocked + 9_000].map((when) =>
      of({ at: when, attempts: 3, reason: 'CLIENT_BLOCKED' }),
    );
    for (const one of after) await unauthorized.flush(batch([one]), one.last.at);
    const found = await unauthorized.groups({ listener: { include: [listener] } }, 'incident', 10);
    expect(found).toMatchObject([
      {
        value: `CLIENT_BLOCKED ${String(at)}`,
        clients: 1,
        attempts: 6,
        firstAttemptAt: blocked + 1_000,
        lastAttemptAt: blocked + 9_000,
        approximate: false,
        auditId: block.id,
      },
    ]);
  });
});
