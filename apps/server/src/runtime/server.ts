import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@gatehouse/broker';
import { StoreOpenError } from '@gatehouse/ports';
import type { Logger } from 'pino';
import type { LoadedConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { declaredIn } from '../control/declared-auth.ts';
import type { DataMethods } from '../control/messages.ts';
import { startControl, type ControlThread } from '../control/thread.ts';
import { acrossNodes, answerNodes, type NodeLinks } from '../data/all-nodes.ts';
import { createDataPlane, portOf, type RunningDataPlane } from '../data/data-plane.ts';
import { apiUrl, consoleUrl, nodeName, setupLink } from './addresses.ts';
import { watchCertificates } from './certificate-watch.ts';
import { type OpenedCertificates, openCertificates } from './certificates.ts';
import { mqttForConsole, type MqttForConsole } from './console-mqtt.ts';
import { startConsole, type ConsoleProcess } from './console-process.ts';
import { dataDirOf, type DataDir } from './data-dir.ts';
import { settleDataDir } from './settled-dir.ts';
import { codeOf, Failure, messageOf } from './failure.ts';
import { boundHeapByTraffic, boundHeapFromHere, boundHeapGrowth, whileHeapFills } from './heap.ts';
import { type JournalHome, journalHome } from './journal.ts';
import { createLogger } from './logger.ts';
import { portInUse } from './port-in-use.ts';
import { removeRunFile, writeRunFile, type RunFile } from './run-file.ts';
import { VERSION } from './version.ts';

const CONSOLE_SCRIPT = fileURLToPath(new URL('../../../console/server.mjs', import.meta.url));

/** A server that is up. */
export interface RunningServer {
  readonly ports: RunFile['ports'];
  readonly dataDir: string;
  /** What clients of the TLS listeners have to trust, where the server made its own certificate. */
  readonly ownCaFile: string | undefined;
  /** The one-time link, when there is no owner yet. For the terminal only. */
  readonly setupUrl: string | undefined;
  readonly log: Logger;
  /** Stops everything in order; what was answered is stored. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly loaded: LoadedConfig;
  readonly logFormat: Config['log']['format'];
  /** Something broke that the server cannot go on without. */
  readonly onFatal: (error: Error) => void;
}

/** Closes what was opened, last first; one failure keeps none of the others open. */
class Closers {
  readonly #closers: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async run(log: Logger): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) {
      await close().catch((error: unknown) => log.error({ err: error }, 'closing failed'));
    }
  }
}

async function openListeners(
  dataPlane: RunningDataPlane,
  { identities, authSetup, scramSecret }: Awaited<ReturnType<ControlThread['start']>>,
  config: Config,
): Promise<void> {
  try {
    await dataPlane.start(identities, authSetup, scramSecret);
  } catch (error) {
    if (error instanceof StoreOpenError) throw new Failure(error.message);
    const taken =
      codeOf(error) === 'EADDRINUSE'
        ? (['tcp', 'tls', 'ws', 'wss'] as const).find((name) =>
            messageOf(error).startsWith(`listener ${name}:`),
          )
        : undefined;
    if (taken === undefined) throw new Failure(`A listener cannot be opened: ${messageOf(error)}.`);
    throw new Failure(portInUse(taken, config.listeners[taken].host, config.listeners[taken].port));
  }
}

async function openConsole(
  config: Config,
  apiPort: number,
  mqtt: MqttForConsole,
  log: Logger,
): Promise<ConsoleProcess | undefined> {
  if (!config.console.enabled) return undefined;
  if (!existsSync(CONSOLE_SCRIPT)) {
    throw new Failure(
      'The console is not there. Build it with `npm run build`, or start without: --set console.enabled=false.',
    );
  }
  const { host, port, tls } = config.console;
  return startConsole({
    script: CONSOLE_SCRIPT,
    port,
    log,
    portInUse: (taken) => portInUse('console', host, taken),
    environment: (use) => ({
      PORT: String(use),
      HOST: host,
      GATEHOUSE_API_URL: apiUrl(config, apiPort),
      ...mqtt,
      TLS_KEY_FILE: tls.key,
      TLS_CERT_FILE: tls.cert,
    }),
  });
}

/** The control plane, the journal's sessions, and the listeners last. A journal of its own is read meanwhile. */
async function startPlanes(
  control: ControlThread,
  dataPlane: RunningDataPlane,
  methods: DataMethods,
  home: JournalHome,
  config: Config,
): Promise<Awaited<ReturnType<ControlThread['start']>>> {
  if (home.isLocal) {
    return whileHeapFills(await home.take(), async () => {
      dataPlane.broker.prepare();
      const answer = await control.start(methods);
      await openListeners(dataPlane, answer, config);
      return answer;
    });
  }
  const answer = await control.start(methods);
  await whileHeapFills(await home.take(), () => openListeners(dataPlane, answer, config));
  return answer;
}

/** Puts renewed certificates in force: when their files change, and at SIGHUP where that is no terminal's farewell. */
function followCertificates(
  { broker }: RunningDataPlane,
  { files, others }: Pick<OpenedCertificates, 'files' | 'others'>,
  log: Logger,
): { readonly catchUp: () => void; readonly stop: () => Promise<void> } {
  const watch = watchCertificates({
    files,
    others,
    use: (listener, certificate) => broker.useCertificate(listener, certificate),
    clock: systemClock,
    log,
  });
  const reload = (): void => watch.reload();
  if (!process.stderr.isTTY) process.on('SIGHUP', reload);
  return {
    catchUp: () => {
      watch.catchUp();
    },
    stop: () => {
      process.off('SIGHUP', reload);
      watch.stop();
      return Promise.resolve();
    },
  };
}

/** Says why nobody can be refused, where the configuration makes it so. */
function warn(config: Config, log: Logger): void {
  if (config.auth.anonymous === 'allow')
    log.warn({ setting: 'auth.anonymous' }, 'anonymous clients are admitted: nobody unknown is refused');
  if (!config.unauthorized.enabled)
    log.warn({ setting: 'unauthorized.enabled' }, 'refused clients are not recorded');
}

async function open(
  options: StartOptions,
  dir: DataDir,
  log: Logger,
  closers: Closers,
): Promise<Omit<RunningServer, 'stop' | 'log'>> {
  const { config } = options.loaded;
  boundHeapGrowth();
  const control: ControlThread = await startControl({
    declared: declaredIn(options.loaded),
    logFormat: options.logFormat,
    dir,
    onNoteFailed: (method, error) => log.error({ err: error, method }, 'a change was not put in force'),
    onFatal: options.onFatal,
  });
  closers.add(() => control.stop());
  const opened = await openCertificates(config, dir, log);
  const { certificates, ownCaFile } = opened;
  let catchUp: () => void = () => undefined;
  let holdOff: (isHeldOff: boolean) => void = () => undefined;
  let links: NodeLinks | undefined;
  const home = journalHome({
    config,
    dir,
    log,
    onFatal: options.onFatal,
    onLease: (isAtRisk) => {
      holdOff(isAtRisk);
    },
    onJoin: (joined) => {
      links = joined;
      answerNodes(joined, dataPlane.methods, log);
    },
  });
  closers.add(() => home.leave());
  const dataPlane = createDataPlane({
    config,
    certificates,
    node: nodeName(config),
    control: control.plane,
    openJournal: home.open,
    cluster: home.cluster,
    retainedLeft: home.retainedLeft,
    isBusWell: home.isBusWell,
    trustChanged: () => {
      catchUp();
    },
    log,
  });
  holdOff = (isHeldOff) => {
    dataPlane.broker.holdOff(isHeldOff);
  };
  closers.add(() => dataPlane.stop());
  const methods =
    home.cluster === undefined
      ? dataPlane.methods
      : acrossNodes(dataPlane.methods, nodeName(config), () => links);
  const started = await startPlanes(control, dataPlane, { ...methods, ...home.methods }, home, config);
  boundHeapFromHere();
  const endHeapWatch = boundHeapByTraffic(() => dataPlane.broker.served(), systemClock);
  closers.add(() => {
    endHeapWatch();
    return Promise.resolve();
  });
  const following = followCertificates(dataPlane, opened, log);
  catchUp = following.catchUp;
  closers.add(following.stop);
  // What was written while the start was under way.
  following.catchUp();
  const listeners = dataPlane.broker.listeners();
  const mqtt = mqttForConsole(config, listeners, ownCaFile);
  const consoleProcess = await openConsole(config, started.apiPort, mqtt, log);
  if (consoleProcess !== undefined) closers.add(() => consoleProcess.stop());
  const ports = {
    tcp: portOf(listeners, 'tcp'),
    tls: portOf(listeners, 'tls'),
    ws: portOf(listeners, 'ws'),
    wss: portOf(listeners, 'wss'),
    api: started.apiPort,
    console: consoleProcess?.port ?? null,
  };
  control.portsKnown(
    Object.fromEntries(
      Object.entries(ports).flatMap(([name, port]) => (port === null ? [] : [[name, port]])),
    ),
  );
  writeRunFile(dir, { pid: process.pid, version: VERSION, startedAt: new Date().toISOString(), ports });
  closers.add(() => {
    removeRunFile(dir);
    return Promise.resolve();
  });
  const linkPort = consoleProcess?.port;
  const setupUrl =
    started.setupToken === undefined || linkPort === undefined
      ? undefined
      : setupLink(config, linkPort, started.setupToken);
  return { ports, dataDir: dir.path, ownCaFile, setupUrl };
}

/** Starts broker, control plane and console, or nothing at all: a `Failure` says what is in the way. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config } = options.loaded;
  const log = createLogger({ ...config.log, format: options.logFormat }, 'data');
  const dir = dataDirOf(config);
  settleDataDir(dir);
  const closers = new Closers();
  try {
    const running = await open(options, dir, log, closers);
    warn(config, log);
    log.info(
      {
        version: VERSION,
        ports: running.ports,
        console: running.ports.console === null ? null : consoleUrl(config, running.ports.console),
      },
      'started',
    );
    return { ...running, log, stop: () => closers.run(log) };
  } catch (error) {
    await closers.run(log);
    throw error;
  }
}
