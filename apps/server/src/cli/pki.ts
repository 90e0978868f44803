import { existsSync } from 'node:fs';
import { ENDPOINTS } from '@gatehouse/contract';
import { ensureServerCertificate, pkiFiles, REVOCATION_REASONS, type RevocationReason } from '@gatehouse/pki';
import type { Command } from 'commander';
import { z } from 'zod';
import { dataDirOf } from '../runtime/data-dir.ts';
import { settleDataDir } from '../runtime/settled-dir.ts';
import { EXIT, Failure } from '../runtime/failure.ts';
import { openOwnAuthority } from '../runtime/own-authority.ts';
import { ApiFailure, type ApiClient } from './api-client.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { table } from './output.ts';
import { collectPages } from './paging.ts';
import { pkiIssueCommand } from './pki-issue.ts';
import { pkiRenewCommand } from './pki-renew.ts';
import { toSerial } from './pki-serial.ts';
import { withApi } from './with-api.ts';

const reasons = Object.keys(REVOCATION_REASONS) as [RevocationReason, ...RevocationReason[]];
const revokeOptions = z.object({ reason: z.enum(reasons).default('unspecified') });

function init(host: Host): Command {
  const command = newCommand('init', "make the server's own CA and certificate (start does it by itself)");
  return action(host, command, z.object({}), async ({ loaded, out }) => {
    const dir = dataDirOf(loaded.config);
    settleDataDir(dir);
    const authority = await openOwnAuthority(dir);
    const server = await ensureServerCertificate(authority, Date.now());
    const { caCert: caFile, crl: crlFile } = pkiFiles(dir.pki);
    const { certFile, keyFile } = server;
    const made = { authority: authority.isNew, serverCertificate: server.isNew };
    out.answer({ caFile, crlFile, certFile, keyFile, made }, () => [
      `CA            ${caFile}${made.authority ? '  (new)' : ''}`,
      `certificate   ${certFile}${made.serverCertificate ? '  (new)' : ''}`,
      `key           ${keyFile}`,
      `revocations   ${crlFile}`,
    ]);
    return EXIT.done;
  });
}

const listOptions = z.object({
  search: z.string().optional(),
  state: z.enum(['valid', 'expiring', 'expired', 'revoked']).optional(),
  limit: z.coerce.number().int().min(1).max(1_000_000),
});
const headings = ['serial', 'common name', 'names', 'for', 'state', 'until', 'key', 'by'];

function list(host: Host): Command {
  const command = newCommand('list', 'list the certificates that this CA issued')
    .option('--search <text>', 'common name, other names, serial number or fingerprint contains')
    .option('--state <state>', 'valid, expiring (within 30 days), expired or revoked')
    .option('--limit <count>', 'rows at most', '1000');
  return action(host, command, listOptions, async (context, { search, state, limit }) => {
    const items = await withApi(context, ({ api }) =>
      collectPages(limit, (paging) =>
        api.call(ENDPOINTS.listCertificates, { query: { search, state, ...paging } }),
      ),
    );
    context.out.answer({ items }, () =>
      table(
        headings,
        items.map((one) => [
          one.id,
          one.commonName,
          one.names.join(' '),
          one.purpose,
          one.state,
          one.notAfter,
          one.keyOrigin,
          one.createdBy,
        ]),
      ),
    );
    return EXIT.done;
  });
}

/** Revokes one; what cannot be revoked is told, and the others are done all the same. */
async function revokeOne(
  api: ApiClient,
  serial: string,
  reason: RevocationReason,
): Promise<{ readonly serial: string; readonly outcome: string }> {
  try {
    await api.call(ENDPOINTS.revokeCertificate, { params: { id: serial }, body: { reason } });
    return { serial, outcome: 'revoked' };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    if (error.code === 'not-found') return { serial, outcome: 'unknown' };
    if (error.code !== 'conflict') throw error;
    const { revokedAt } = await api.call(ENDPOINTS.getCertificate, { params: { id: serial } });
    if (revokedAt === null) throw error;
    return { serial, outcome: 'already-revoked' };
  }
}

function revokeCommand(host: Host): Command {
  const command = newCommand('revoke', 'revoke certificates of this CA and write its revocation list anew')
    .argument('<certificate...>', 'files, or serial numbers in hex')
    .option('--reason <reason>', reasons.join(', '), 'unspecified');
  return action(host, command, revokeOptions, async (context, { reason }, args) => {
    const { loaded, out } = context;
    const dir = dataDirOf(loaded.config);
    if (!existsSync(pkiFiles(dir.pki).caCert)) throw new Failure(`There is no CA in ${dir.pki}.`);
    const serials = args.map(toSerial);
    const results = await withApi(context, async ({ api }) => {
      const done: Awaited<ReturnType<typeof revokeOne>>[] = [];
      for (const serial of serials) done.push(await revokeOne(api, serial, reason));
      return done;
    });
    const unknown = results.filter(({ outcome }) => outcome === 'unknown');
    const crlFile = pkiFiles(dir.pki).crl;
    out.answer({ results, crlFile }, () => [
      ...results.map(
        ({ serial, outcome }) => `${serial}  ${outcome === 'unknown' ? 'not issued here' : outcome}`,
      ),
      crlFile,
    ]);
    return unknown.length === 0 ? EXIT.done : EXIT.failed;
  });
}

/** `gatehouse pki`: the CA in the data directory. Works whether the server runs or not. */
export const pkiCommand = (host: Host): Command =>
  newGroup('pki', "certificates of the server's own CA")
    .addCommand(init(host))
    .addCommand(list(host))
    .addCommand(pkiIssueCommand(host))
    .addCommand(pkiRenewCommand(host))
    .addCommand(revokeCommand(host));
