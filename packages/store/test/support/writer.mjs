// Writes to the store in its first argument until it is killed; prints a line for each write that was answered.
import { openStore } from '@gatehouse/store';

const [dataDir, round] = process.argv.slice(2);
const clock = { now: () => Date.now(), monotonic: () => performance.now(), after: () => () => undefined };
const store = await openStore({ url: '', dataDir, clock });
const actor = { kind: 'cli', id: 'writer', name: 'writer' };
const credential = {
  name: 'written',
  clientId: null,
  secretHash: 'h',
  hashFormat: 'f',
  secretKind: 'imported',
  passwordless: false,
  superuser: false,
  enabled: true,
  expiresAt: null,
  description: '',
  tags: [],
  rules: [],
  source: 'api',
};

for (let index = 0; ; index += 1) {
  const username = `round-${round}-${index}`;
  await store.transaction(async (tx) => {
    await tx.credentials.create({ ...credential, username }, index);
    await tx.audit.append({
      at: index,
      actor,
      action: 'credential.create',
      target: { kind: 'credential', id: username, name: username },
      before: null,
      after: null,
      ip: '',
      requestId: username,
    });
  });
  const aggregate = {
    network: `round-${round}`,
    reason: 'QUOTA_EXCEEDED',
    attempts: 1,
    firstAt: index,
    lastAt: index,
  };
  await store.unauthorized.flush({ deltas: [], aggregates: [aggregate], logins: [], node: 'n' }, index);
  process.stdout.write(`${username}\n`);
}
