import type { Grant } from '@gatehouse/auth-core';
import { createMemoryHub } from '@gatehouse/bus';
import { expect, test } from 'vitest';
import type { OtherNodes } from '../src/cluster/port.ts';
import { ClusterDisk } from './support/cluster-disk.ts';
import { startClusterNode } from './support/cluster-node.ts';
import { FakeClock } from './support/fake-clock.ts';

const grantOf = (subject: string): Grant => ({
  principal: { namespace: 'builtin', subject },
  superuser: true,
  rules: [],
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
});

async function twoNodes() {
  const disk = new ClusterDisk();
  const hub = createMemoryHub();
  const claimsOf = async (node: string): Promise<OtherNodes['claims']> => {
    const { context } = await startClusterNode(disk.join(node), hub.join(node), new FakeClock());
    const { current } = context.peers;
    if (current === undefined) throw new Error('the node is alone');
    return current.claims;
  };
  return { disk, here: await claimsOf('here'), there: await claimsOf('there') };
}

const alice = grantOf('alice');
const bob = grantOf('bob');

test("a client ID that a second principal takes up where the first has left it is no longer the first one's at other nodes", async () => {
  const { disk, here, there } = await twoNodes();
  expect(await here.claim('pump', alice)).toBe('yours');
  here.keep({ clientId: 'pump', principal: alice.principal });
  disk.lands = false;
  here.release('pump');
  expect(here.claim('pump', bob)).toBe('yours');
  here.keep({ clientId: 'pump', principal: bob.principal });
  disk.lands = true;
  disk.land();
  await expect.poll(() => there.claim('pump', alice)).toBe('owned-by-other');
  expect(here.holds('pump')).toBe(true);
});

test('a client ID that nobody needs any more is free for any principal at any node', async () => {
  const { here, there } = await twoNodes();
  expect(await here.claim('pump', alice)).toBe('yours');
  here.keep({ clientId: 'pump', principal: alice.principal });
  here.release('pump');
  await expect.poll(() => there.claim('pump', bob)).toBe('yours');
});
