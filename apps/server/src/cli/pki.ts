import { existsSync, readFileSync } from 'node:fs';
import {
  ensureServerCertificate,
  pkiFiles,
  REVOCATION_REASONS,
  type RevocationReason,
  revoke,
  serialOf,
} from '@gatehouse/pki';
import type { Command } from 'commander';
import { z } from 'zod';
import { dataDirOf, prepareDataDir } from '../runtime/data-dir.ts';
import { EXIT, Failure } from '../runtime/failure.ts';
import { openOwnAuthority } from '../runtime/own-authority.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { pkiIssueCommand } from './pki-issue.ts';

const reasons = Object.keys(REVOCATION_REASONS) as [RevocationReason, ...RevocationReason[]];
const revokeOptions = z.object({ reason: z.enum(reasons).default('unspecified') });

function init(host: Host): Command {
  const command = newCommand('init', "make the server's own CA and certificate (start does it by itself)");
  return action(host, command, z.object({}), async ({ loaded, out }) => {
    const dir = dataDirOf(loaded.config);
    prepareDataDir(dir);
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

/** A serial number as it was given, or that of a certificate's file. */
function toSerial(serialOrFile: string): string {
  if (!existsSync(serialOrFile)) return serialOrFile.replaceAll(':', '');
  try {
    return serialOf(readFileSync(serialOrFile, 'utf8'));
  } catch (error) {
    throw new Failure(`${serialOrFile} is no certificate.`, undefined, { cause: error });
  }
}

function revokeCommand(host: Host): Command {
  const command = newCommand('revoke', 'revoke certificates of this CA and write its revocation list anew')
    .argument('<certificate...>', 'files, or serial numbers in hex')
    .option('--reason <reason>', reasons.join(', '), 'unspecified');
  return action(host, command, revokeOptions, async ({ loaded, out }, { reason }, args) => {
    const dir = dataDirOf(loaded.config);
    if (!existsSync(pkiFiles(dir.pki).caCert)) throw new Failure(`There is no CA in ${dir.pki}.`);
    const authority = await openOwnAuthority(dir);
    const results = args.map((one) => {
      const serial = toSerial(one);
      return { serial, outcome: revoke(authority, serial, reason, Date.now()).outcome };
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
    .addCommand(pkiIssueCommand(host))
    .addCommand(revokeCommand(host));
