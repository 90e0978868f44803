import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { ENDPOINTS } from '@gatehouse/contract';
import type { MqttClient } from 'mqtt';
import type { ApiClient } from '../cli/api-client.ts';
import { openClient, type Target } from './devices.ts';
import { FAULTS, type DemoCredential, type Fault } from './faults.ts';
import { WELL_CLIENT_ID, wellFleet, type WellDevice } from './fleet.ts';

export interface DemoOptions {
  readonly api: ApiClient;
  readonly target: Target;
  readonly seconds: number;
  readonly clients: number;
  /** Ends it early; what it made is removed all the same. */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** How long the demo's secrets outlive it, at most. */
const GRACE_SECONDS = 600;
const MS = 1_000;
/** Wells come in over the first seconds, as after a power cut; the broken ones follow one by one. */
const WELL_SPREAD_MS = 6_000;
const FAULT_SPREAD_MS = 12_000;
const DEMO_TAG = 'demo';

interface Made {
  readonly ids: readonly string[];
  readonly secretOf: (key: string) => string;
}

async function makeCredentials(options: DemoOptions, credentials: readonly DemoCredential[]): Promise<Made> {
  const ids: string[] = [];
  const secrets = new Map<string, string>();
  const over = new Date(Date.now() - MS).toISOString();
  const later = new Date(Date.now() + (options.seconds + GRACE_SECONDS) * MS).toISOString();
  for (const { key, expired, rotated, ...body } of credentials) {
    const expiresAt = expired === true ? over : later;
    const made = await options.api.call(ENDPOINTS.createCredential, {
      body: { ...body, expiresAt, tags: [DEMO_TAG], description: 'Made by gatehouse demo' },
    });
    ids.push(made.id);
    secrets.set(key, made.secret ?? '');
    if (rotated === true) {
      await options.api.call(ENDPOINTS.resetCredentialSecret, { params: { id: made.id }, body: {} });
    }
  }
  return { ids, secretOf: (key) => secrets.get(key) ?? '' };
}

/** Waits; false when the demo ended meanwhile. */
const wait = (ms: number, signal: AbortSignal): Promise<boolean> =>
  pause(ms, true, { signal }).catch(() => false);

async function runWell(
  device: WellDevice,
  options: DemoOptions,
  password: string,
  delayMs: number,
): Promise<void> {
  if (!(await wait(delayMs, options.signal))) return;
  const identity = {
    clientId: device.clientId,
    username: device.clientId,
    password,
    address: device.address,
  };
  const client: MqttClient = openClient(options.target, identity, {
    protocolVersion: device.protocolVersion,
  });
  client.on('connect', () => client.subscribe(device.subscribes, () => undefined));
  let value = 20 + Math.random() * 60;
  do {
    value += Math.random() - 0.5;
    if (client.connected)
      client.publish(
        device.topic,
        JSON.stringify({ value: Number(value.toFixed(2)), at: new Date().toISOString() }),
        { qos: 1 },
        () => undefined,
      );
  } while (await wait(device.everySeconds * MS, options.signal));
  await client.endAsync(true).catch(() => undefined);
}

async function runFault(fault: Fault, options: DemoOptions, made: Made, delayMs: number): Promise<void> {
  let going = await wait(delayMs, options.signal);
  while (going) {
    await fault.attempt({ target: options.target, secretOf: made.secretOf });
    going = await wait(fault.everySeconds * MS, options.signal);
  }
}

/** What the demo leaves behind until it is cleaned up. */
export interface DemoTraces {
  readonly credentialIds: readonly string[];
}

/** Runs the fleet until its time is over or the signal comes; answers what is to be cleaned up. */
export async function runDemo(options: DemoOptions): Promise<DemoTraces> {
  const wells = wellFleet(options.clients);
  // Every client waits on the one signal.
  setMaxListeners(0, options.signal);
  const made = await makeCredentials(options, [
    ...wells.map((well) => well.credential),
    ...FAULTS.flatMap((fault) => fault.credentials),
  ]);
  options.say(
    `${wells.length} clients that are well, ${FAULTS.length} that are not, for ${options.seconds} seconds:`,
  );
  for (const fault of FAULTS)
    options.say(`  ${(fault.clientIds[0] ?? fault.address).padEnd(22)} ${fault.what}`);
  const runs = [
    ...wells.map((well, index) =>
      runWell(well, options, made.secretOf(well.credential.key), (index * WELL_SPREAD_MS) / wells.length),
    ),
    ...FAULTS.map((fault, index) =>
      runFault(fault, options, made, 1_000 + (index * FAULT_SPREAD_MS) / FAULTS.length),
    ),
  ];
  await Promise.all(runs);
  return { credentialIds: made.ids };
}

const PAGE = 200;

/** Rows of refused clients that are the demo's: by its client IDs, or without one from its addresses. */
async function demoRows(api: ApiClient): Promise<readonly string[]> {
  const clientIds = new Set(FAULTS.flatMap((fault) => fault.clientIds).filter((id) => id !== ''));
  const addresses = new Set(FAULTS.map((fault) => fault.address));
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.call(ENDPOINTS.listUnauthorizedClients, { query: { limit: PAGE, cursor } });
    for (const { id, clientId, ip } of page.items) {
      const own =
        clientId === null || clientId === ''
          ? addresses.has(ip)
          : clientIds.has(clientId) || WELL_CLIENT_ID.test(clientId);
      if (own) ids.push(id);
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

/** Removes what the demo made: its credentials, and the rows of its refused clients. */
export async function cleanUp(
  api: ApiClient,
  traces: DemoTraces,
): Promise<{ readonly credentials: number; readonly rows: number }> {
  await api.call(ENDPOINTS.deleteCredentials, { body: { ids: traces.credentialIds } });
  const rows = await demoRows(api);
  for (let start = 0; start < rows.length; start += PAGE) {
    await api.call(ENDPOINTS.deleteUnauthorizedClients, { body: { ids: rows.slice(start, start + PAGE) } });
  }
  return { credentials: traces.credentialIds.length, rows: rows.length };
}
