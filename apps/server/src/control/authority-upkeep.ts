import { followTrusted } from '@gatehouse/api';
import { CRL_DAYS, ensureServerCertificate } from '@gatehouse/pki';
import type { CertificateAuthority, DataPlane, ListenerCertificates, Store } from '@gatehouse/ports';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { listenersOfOwnCa } from '../runtime/certificate-files.ts';
import type { DataDir } from '../runtime/data-dir.ts';
import { openOwnAuthority } from '../runtime/own-authority.ts';

/** Milliseconds between two looks at what ends soon. */
const ROUND_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Milliseconds before the end of a listener's certificate from which on the log says so, every round. */
const WARN_MS = 14 * DAY_MS;
/** The revocation list is written anew when so many milliseconds of it are left: two thirds. */
const LIST_LEFT_MS = (CRL_DAYS * DAY_MS * 2) / 3;

export interface UpkeepOptions {
  readonly config: Config;
  readonly dir: DataDir;
  readonly store: Pick<Store, 'certificates' | 'transaction' | 'settings' | 'dialect'>;
  readonly authority: CertificateAuthority;
  readonly dataPlane: Pick<DataPlane, 'publish'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** Enters the certificates that the server made for itself into the register. */
async function registerOwn({ store, authority }: Pick<UpkeepOptions, 'store' | 'authority'>): Promise<void> {
  for (const certificate of await authority.unregistered()) {
    if ((await store.certificates.get(certificate.serial)) !== null) continue;
    await store.certificates.add({
      ...certificate,
      createdAt: Date.now(),
      createdBy: 'Gatehouse',
      replaces: null,
    });
  }
}

/** Writes the revocation list anew where it ends before long, or is not what the register says; true: it did. */
async function refreshList({ store, authority }: UpkeepOptions, now: number): Promise<boolean> {
  const current = await authority.current();
  const fingerprint = await authority.fingerprint();
  if (current === null || fingerprint === null) return false;
  const revoked = await store.certificates.revokedOf(fingerprint, now);
  const { nextUpdate, expired, entries } = current.list;
  const leftMs = nextUpdate === null ? 0 : Date.parse(nextUpdate) - now;
  if (!expired && leftMs > LIST_LEFT_MS && entries === revoked.length) return false;
  await authority.writeRevocations(revoked);
  return true;
}

/** Says what of the operator's own files has ended, or will before long: nobody but them can renew those. */
function warnOfEnds(
  listeners: readonly ListenerCertificates[],
  now: number,
  log: UpkeepOptions['log'],
): void {
  for (const { listener, certificate, certFile, clients } of listeners) {
    const { notAfter } = certificate ?? {};
    if (notAfter !== undefined && Date.parse(notAfter) - now < WARN_MS)
      log.warn(
        { listener, certFile, validTo: notAfter },
        'the certificate of a listener ends soon, or has ended',
      );
    const { crl } = clients ?? {};
    if (crl?.expired === true)
      log.error(
        { listener, crlFile: crl.file },
        'a revocation list is past its date: its clients are refused',
      );
  }
}

/**
 * Keeps the private CA in order while the server runs: its revocation list is written anew long before it ends, and so is the
 * certificate that the server made for itself. A failure is logged, and tried again.
 */
export async function keepAuthority(options: UpkeepOptions): Promise<{ readonly stop: () => Promise<void> }> {
  const { config, dir, dataPlane, log } = options;
  const round = async (): Promise<void> => {
    try {
      const renewed =
        listenersOfOwnCa(config).length > 0 &&
        (await ensureServerCertificate(await openOwnAuthority(dir), Date.now())).isNew;
      if (renewed) log.info({}, 'the certificate of our own was made anew');
      await registerOwn(options);
      if (await followTrusted({ store: options.store, certificates: options.authority }))
        log.info({}, 'the CAs that another server trusts are trusted here, too');
      if (await refreshList(options, Date.now())) log.info({}, 'the revocation list was written anew');
      dataPlane.publish({ kind: 'trust-changed' });
      warnOfEnds(await options.authority.listeners(), Date.now(), log);
    } catch (error) {
      log.warn({ err: error }, 'certificates or revocation list were not renewed; it is tried again');
    }
  };
  let running = round();
  await running;
  const timer = setInterval(() => {
    running = round();
  }, ROUND_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
