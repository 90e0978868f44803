import { randomBytes, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { Secret } from '@gatehouse/auth-core';
import {
  COMMON_NAME_CHARACTERS_MAX,
  DAYS_MAX,
  issue,
  pkiFiles,
  SERVER_DAYS,
  serialOf,
  toPkcs12,
  writeCredentials,
  writeWhole,
} from '@gatehouse/pki';
import type { Command } from 'commander';
import { z } from 'zod';
import { dataDirOf, prepareDataDir } from '../runtime/data-dir.ts';
import { EXIT, Failure } from '../runtime/failure.ts';
import { openOwnAuthority } from '../runtime/own-authority.ts';
import { action, newCommand, type Context, type Host } from './command.ts';
import { readSecret } from './io.ts';

/** Days of a client's certificate unless somebody says otherwise. */
const CLIENT_DAYS = 365;
/** 128 bits: a password that nobody has to remember. */
const PASSWORD_BYTES = 16;
const HOST_NAME = /^(\*\.)?[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i;

const isName = (text: string): boolean => isIP(text) !== 0 || HOST_NAME.test(text);

const options = z.object({
  cn: z.string().min(1).max(COMMON_NAME_CHARACTERS_MAX),
  for: z.enum(['server', 'client']).default('client'),
  san: z.array(z.string().refine(isName, { error: 'host names or addresses' })).default([]),
  days: z.coerce.number().int().min(1).max(DAYS_MAX).optional(),
  out: z.string().default('.'),
  pkcs12: z.boolean().default(false),
  passwordStdin: z.boolean().default(false),
});
type Options = z.output<typeof options>;

/** Where the files go; those that are there are not written over. */
function outputFiles({ io }: Context, { cn, out, pkcs12 }: Options) {
  const base = join(resolve(io.cwd, out), cn.replaceAll(/[^\w.-]/g, '_'));
  const files = {
    certFile: `${base}.crt`,
    keyFile: `${base}.key`,
    pkcs12File: pkcs12 ? `${base}.p12` : undefined,
  };
  const taken = Object.values(files).find((file) => file !== undefined && existsSync(file));
  if (taken !== undefined)
    throw new Failure(`${taken} is there already; choose another directory with --out.`);
  return files;
}

async function run(context: Context, given: Options): Promise<number> {
  const { cn, san, for: purpose } = given;
  const dir = dataDirOf(context.loaded.config);
  const { certFile, keyFile, pkcs12File } = outputFiles(context, given);
  prepareDataDir(dir);
  const authority = await openOwnAuthority(dir);
  const names = purpose === 'server' && san.length === 0 && isName(cn) ? [cn] : san;
  const days = given.days ?? (purpose === 'server' ? SERVER_DAYS : CLIENT_DAYS);
  const leaf = await issue(authority, { purpose, commonName: cn, names, days }, Date.now());
  writeCredentials(certFile, keyFile, leaf);
  const password = given.passwordStdin
    ? await readSecret(context.io.stdin)
    : randomBytes(PASSWORD_BYTES).toString('base64url');
  if (pkcs12File !== undefined) {
    writeWhole(pkcs12File, toPkcs12(leaf, authority.credentials.cert, new Secret(password)), 0o600);
  }
  const { caCert: caFile } = pkiFiles(dir.pki);
  const facts = {
    serial: serialOf(leaf.cert),
    commonName: cn,
    purpose,
    names,
    validTo: new Date(new X509Certificate(leaf.cert).validTo).toISOString(),
    certFile,
    keyFile,
    caFile,
    ...(pkcs12File === undefined ? {} : { pkcs12File }),
    ...(pkcs12File === undefined || given.passwordStdin ? {} : { pkcs12Password: password }),
  };
  context.out.answer(facts, () => [certFile, keyFile, ...(pkcs12File === undefined ? [] : [pkcs12File])]);
  if (!context.out.json) {
    context.out.note(`Serial ${facts.serial}, good until ${facts.validTo}; its CA is ${caFile}.`);
    if (facts.pkcs12Password !== undefined) {
      context.out.note(`Password of the PKCS#12, shown this once: ${facts.pkcs12Password}`);
    }
  }
  return EXIT.done;
}

/** `gatehouse pki issue`: a certificate with a new key, for a device or another server. */
export function pkiIssueCommand(host: Host): Command {
  const command = newCommand('issue', 'issue a certificate with a new key')
    .requiredOption('--cn <name>', 'common name')
    .option('--for <purpose>', 'server or client', 'client')
    .option('--san <name...>', 'host names and addresses; for a server the common name unless given')
    .option('--days <days>', `how long it is valid (server ${SERVER_DAYS}, client ${CLIENT_DAYS})`)
    .option('--out <dir>', 'directory for the files', '.')
    .option('--pkcs12', 'write a PKCS#12 file as well; its password is generated')
    .option('--password-stdin', 'read the password of the PKCS#12 from standard input');
  return action(host, command, options, run);
}
