import type { Credential, NotedChange } from '@gatehouse/ports';
import type { House } from '../../house.ts';
import { announceAccess } from '../access/rules.ts';
import { announceSetup } from '../authentication/setup.ts';
import { announceBlocks } from '../blocks/announce.ts';
import { followTrusted } from '../certificates/trusted.ts';
import { announceCredentials } from '../credentials/announce.ts';
import { openPskKeys } from '../credentials/psk-keys.ts';
import { showRefused } from './show-refused.ts';

type Changing = Pick<House, 'store' | 'auth' | 'dataPlane' | 'log' | 'certificates' | 'clock' | 'live'>;
type Of<K extends NotedChange['kind']> = Extract<NotedChange, { readonly kind: K }>;

/** Credentials that are read, and announced, at once. */
const IDS_AT_ONCE = 500;

/**
 * Puts in force here what other servers on the same database have changed, by what the verbs that changed it do after their commit:
 * what is stored now is read, so that no order of changes makes an old state of it. Rejects when the store cannot be read; what was
 * done by then may be done again.
 */
export async function applyChanges(house: Changing, changes: readonly NotedChange[]): Promise<void> {
  for (const group of grouped(changes)) await applyCredentials(house, group);
  const blocked = changes.flatMap((change) => (change.kind === 'blocks' ? change.ids : []));
  if (blocked.length > 0) await applyBlocks(house, [...new Set(blocked)]);
  const has = (kind: NotedChange['kind']): boolean => changes.some((change) => change.kind === kind);
  if (has('everything')) await applyEverything(house);
  else {
    if (has('access-rules')) await announceAccess({ house });
    if (has('authentication')) await announceSetup(house);
    if (has('revocations')) await applyRevocations(house);
  }
  for (const change of changes) {
    if (change.kind === 'told') {
      if (change.event.kind === 'trust-changed') await followTrusted(house);
      house.dataPlane.publish(change.event);
    }
    if (change.kind === 'refused') await showRefused(house, change.news);
  }
}

/** Those that go together, each once; what ends sessions once ends them. */
function grouped(changes: readonly NotedChange[]): readonly Of<'credentials'>[] {
  const ending = new Set<string>();
  const groups = new Map<string, { readonly change: Of<'credentials'>; readonly ids: Set<string> }>();
  for (const change of changes) {
    if (change.kind !== 'credentials') continue;
    if (change.ends) for (const id of change.ids) ending.add(`${change.type} ${id}`);
    const key = `${change.type} ${String(change.ends)}`;
    const group = groups.get(key) ?? { change, ids: new Set() };
    for (const id of change.ids) group.ids.add(id);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ change, ids: all }) => {
    const ids = change.ends ? [...all] : [...all].filter((id) => !ending.has(`${change.type} ${id}`));
    const parts: Of<'credentials'>[] = [];
    for (let start = 0; start < ids.length; start += IDS_AT_ONCE)
      parts.push({ ...change, ids: ids.slice(start, start + IDS_AT_ONCE) });
    return parts;
  });
}

async function applyCredentials(house: Changing, { ids, type, ends }: Of<'credentials'>): Promise<void> {
  const there = new Map((await house.store.credentials.getEach(ids)).map((one) => [one.id, one]));
  const found = ids.flatMap((id) => there.get(id) ?? []);
  const gone = ids
    .filter((id) => !there.has(id))
    .map((id) => ({ id, username: null, clientId: null, facts: { type } }));
  // Void is what was known of its type before, which may be another than it has now.
  const as = (credentials: readonly Credential[]) => credentials.map((one) => ({ ...one, facts: { type } }));
  const disconnect = ends;
  await announceCredentials({ house }, as(found.filter(({ enabled }) => enabled)), {
    disconnect,
    forgive: true,
  });
  await announceCredentials({ house }, [...as(found.filter(({ enabled }) => !enabled)), ...gone], {
    disconnect,
  });
}

async function applyBlocks(house: Changing, ids: readonly string[]): Promise<void> {
  const found = await house.store.blocks.getEach(ids);
  const there = new Set(found.map(({ id }) => id));
  announceBlocks(
    { house },
    found,
    ids.filter((id) => !there.has(id)),
  );
}

/** The revocation list of the private CA is a file of each server; those that have the same CA write the same list. */
async function applyRevocations({ store, certificates, dataPlane, clock }: Changing): Promise<void> {
  const fingerprint = await certificates.fingerprint();
  if (fingerprint === null) return;
  await certificates.writeRevocations(await store.certificates.revokedOf(fingerprint, clock.now()));
  dataPlane.publish({ kind: 'trust-changed' });
}

async function applyEverything(house: Changing): Promise<void> {
  const { store, auth, dataPlane } = house;
  const blocks = await store.blocks.all();
  const { keys } = await openPskKeys(store.credentials, auth.box);
  dataPlane.publish({ kind: 'everything-changed', blocks, pskKeys: keys });
  await announceAccess({ house });
  await announceSetup(house);
  await followTrusted(house);
  await applyRevocations(house);
}
