import { workerData } from 'node:worker_threads';
import type { AttemptBatch } from '@gatehouse/ports';
import type { Logger } from 'pino';
import { systemClock } from '@gatehouse/broker';
import { parseLoaded } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { createRpc, type Rpc } from '../rpc/channel.ts';
import { type Alerts, startAlerts } from '../alerts/engine.ts';
import { messageSource } from '../alerts/message-source.ts';
import { Failure } from '../runtime/failure.ts';
import { createLogger } from '../runtime/logger.ts';
import { flushAttempts } from './attempts.ts';
import { keepAuthority } from './authority-upkeep.ts';
import { insertBootstrapCredentials } from './bootstrap.ts';
import { sweepEndedBlocks } from './ended-blocks.ts';
import { followChanges } from './follow-changes.ts';
import { openHouse, type House } from './house.ts';
import { keepIdentities } from './identities.ts';
import { listenApi, listenControl } from './listen.ts';
import { publishPskKeys } from './psk-keys.ts';
import type { ControlMethods, ControlStart, ControlWorkerData, DataMethods } from './messages.ts';
import { holdRemoteJournal, remoteDataPlane } from './remote-data-plane.ts';
import { startRetention } from './retention.ts';

/** Everything that runs in this thread once it has started. */
interface Running {
  readonly house: House;
  readonly alerts: Alerts;
  readonly apiPort: number;
  /** Memory of the filter that tells which identities exist; none where other nodes write the store too. */
  readonly identities: SharedArrayBuffer | undefined;
  stop(): Promise<void>;
}

async function open(
  config: Config,
  data: ControlWorkerData,
  rpc: Rpc<DataMethods>,
  ports: Record<string, number>,
  log: Logger,
): Promise<Running> {
  const keeper = keepIdentities(log);
  const dataPlane = keeper.announcing(remoteDataPlane(rpc));
  const house = await openHouse({
    config,
    declared: data.declared,
    dir: data.dir,
    dataPlane,
    ports: () => ports,
    holdJournal: () => holdRemoteJournal(rpc),
    log,
    sampling: true,
  });
  const closers: (() => Promise<void>)[] = [house.close];
  const stop = async (): Promise<void> => {
    for (const close of closers.toReversed()) await close();
  };
  try {
    const { store, box, hashing } = house;
    const { changeFeed: feed } = store;
    // Before anything is read that others may change.
    const mark = await feed?.begin();
    const inserted = await insertBootstrapCredentials(
      config,
      { store, box, hasher: hashing.hasher },
      Date.now(),
    );
    if (inserted > 0) log.info({ inserted }, 'bootstrap credentials inserted');
    for (const replaced of await house.replacedByFile()) {
      log.warn(replaced, 'the configuration is in force in place of what was set in the console');
    }
    const isOnlyWriter = config.database_url.reveal() === '';
    const identities = isOnlyWriter ? await keeper.begin(house.store.credentials) : undefined;
    closers.push(() => keeper.stop());
    await publishPskKeys(house.store.credentials, house.box, dataPlane, log);
    // It goes before the answer to `start`, so it is in force when the first listener opens.
    dataPlane.publish({ kind: 'blocks-changed', put: await house.store.blocks.all(), removed: [] });
    dataPlane.publish({ kind: 'access-changed', rules: await house.accessRules() });
    const api = await listenApi(config, (request, response) => house.api.app.routing(request, response));
    closers.push(api.close);
    closers.push((await listenControl(data.dir.controlSocket, house.api.control.handler)).close);
    closers.push(startRetention(config, house.store, log).stop);
    const { certificates: authority } = house;
    closers.push((await keepAuthority({ config, dir: data.dir, store, authority, dataPlane, log })).stop);
    closers.push(sweepEndedBlocks(house.store, dataPlane, log).stop);
    if (feed !== undefined && mark !== undefined) {
      const apply = house.api.applyChanges;
      closers.push(followChanges({ feed, mark, apply, clock: systemClock, log }).stop);
    }
    const alerts = await startAlerts({
      store,
      dataPlane,
      certificates: house.certificates,
      send: house.sendAlert,
      source: () => messageSource(config, ports),
      log,
    });
    closers.push(() => alerts.stop());
    return { house, alerts, apiPort: api.port, identities, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function main(data: ControlWorkerData): void {
  const config = parseLoaded(data.declared.raw);
  const log = createLogger({ ...config.log, format: data.logFormat }, 'control');
  const ports: Record<string, number> = {};
  let running: Running | undefined;
  const house = (): House => {
    if (running === undefined) throw new Failure('the control plane is not up');
    return running.house;
  };
  const methods: ControlMethods = {
    start: async (): Promise<ControlStart> => {
      try {
        running = await open(config, data, rpc, ports, log);
        ports['api'] = running.apiPort;
        const { setup } = running.house.api;
        return {
          ok: true,
          apiPort: running.apiPort,
          identities: running.identities,
          setupToken: (await setup.isNeeded()) ? await setup.issueLink() : undefined,
          authSetup: await running.house.authSetup(),
          scramSecret: running.house.scramSecret,
        };
      } catch (error) {
        if (error instanceof Failure) return { ok: false, message: error.message };
        throw error;
      }
    },
    portsKnown: (known) => void Object.assign(ports, known),
    lookupCredentials: (queries) => house().store.credentials.lookup(queries),
    lookupTyped: (queries) => house().store.credentials.lookupTyped(queries),
    flushAttempts: async (text) => {
      const batch = JSON.parse(text) as AttemptBatch;
      const outcome = await flushAttempts(batch, house().store, house().api.live, log);
      running?.alerts.notice(batch);
      return outcome;
    },
    countBlockHits: (hits) => house().store.blocks.addHits(hits),
    flushDenials: (batch) => house().store.denials.flush(batch),
    tellFailures: (failures) => house().store.changeNotes.tell([{ kind: 'failures-elsewhere', failures }]),
    rehashed: ({ credentialId, version, hash, hashFormat }) => {
      house()
        .store.credentials.rehash(credentialId, version, hash, hashFormat)
        .catch((error: unknown) => log.warn({ err: error, credentialId }, 'a better hash was not stored'));
    },
    stop: async () => {
      await running?.stop();
      running = undefined;
      // After the answer has been sent: then nothing keeps this thread alive.
      setImmediate(() => setImmediate(() => rpc.close()));
    },
  };
  const rpc: Rpc<DataMethods> = createRpc<DataMethods>({
    port: data.port,
    local: methods,
    onNoteFailed: (method, error) => log.error({ err: error, method }, 'a note was not carried out'),
  });
}

main(workerData as ControlWorkerData);
