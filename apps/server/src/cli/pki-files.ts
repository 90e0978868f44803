import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Secret } from '@gatehouse/auth-core';
import type { NewCertificateDto } from '@gatehouse/contract';
import { pkiFiles, writeCredentials, writeWhole } from '@gatehouse/pki';
import { z } from 'zod';
import { dataDirOf } from '../runtime/data-dir.ts';
import { Failure, messageOf } from '../runtime/failure.ts';
import type { Context } from './command.ts';
import { readSecret } from './io.ts';

/** Options of commands that write a certificate to files. */
export const outputOptions = {
  out: z.string().default('.'),
  pkcs12: z.boolean().default(false),
  passwordStdin: z.boolean().default(false),
};
type OutputOptions = z.output<z.ZodObject<typeof outputOptions>>;

/** Where the files go. */
export interface OutputFiles {
  readonly certFile: string;
  /** Undefined: the key is made elsewhere. */
  readonly keyFile: string | undefined;
  readonly pkcs12File: string | undefined;
}

/** Names the files by a common name; those that are there are not written over. */
export function outputFiles(
  { io }: Context,
  name: string,
  { out, pkcs12 }: OutputOptions,
  makesKey: boolean,
): OutputFiles {
  const base = join(resolve(io.cwd, out), name.replaceAll(/[^\w.-]/g, '_'));
  const files = {
    certFile: `${base}.crt`,
    keyFile: makesKey ? `${base}.key` : undefined,
    pkcs12File: pkcs12 ? `${base}.p12` : undefined,
  };
  const taken = Object.values(files).find((file) => file !== undefined && existsSync(file));
  if (taken !== undefined)
    throw new Failure(`${taken} is there already; choose another directory with --out.`);
  return files;
}

/** A request (PKCS#10) from a file, `-` for standard input. */
export async function readRequestFile({ io }: Context, file: string): Promise<string> {
  if (file === '-') return readSecret(io.stdin);
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new Failure(`The request cannot be read: ${messageOf(error)}.`);
  }
}

/** What a call that issues takes of the options about PKCS#12. */
export const packing = async (
  { io }: Context,
  { pkcs12, passwordStdin }: OutputOptions,
): Promise<{ readonly pkcs12: boolean; readonly pkcs12Password: string | undefined }> => ({
  pkcs12,
  pkcs12Password: pkcs12 && passwordStdin ? await readSecret(io.stdin) : undefined,
});

/** Writes what was issued, and says where it is; the password of a PKCS#12 is told this once. */
export function answerIssued(context: Context, made: NewCertificateDto, files: OutputFiles): void {
  const { certFile, keyFile, pkcs12File } = files;
  const { certificate, privateKey, pkcs12, pkcs12Password } = made;
  if (keyFile !== undefined && privateKey !== undefined)
    writeCredentials(certFile, keyFile, { cert: certificate, key: new Secret(privateKey) });
  else writeWhole(certFile, certificate, 0o644);
  if (pkcs12File !== undefined && pkcs12 !== undefined)
    writeWhole(pkcs12File, Buffer.from(pkcs12, 'base64'), 0o600);
  const { caCert: caFile } = pkiFiles(dataDirOf(context.loaded.config).pki);
  const facts = {
    serial: made.id,
    commonName: made.commonName,
    purpose: made.purpose,
    names: made.names,
    validTo: made.notAfter,
    certFile,
    ...(keyFile === undefined ? {} : { keyFile }),
    caFile,
    ...(made.replaces === null ? {} : { replaces: made.replaces }),
    ...(pkcs12File === undefined ? {} : { pkcs12File }),
    ...(pkcs12Password === undefined ? {} : { pkcs12Password }),
  };
  context.out.answer(facts, () => [certFile, keyFile, pkcs12File].flatMap((file) => file ?? []));
  if (context.out.json) return;
  context.out.note(`Serial ${made.id}, good until ${made.notAfter}; its CA is ${caFile}.`);
  if (pkcs12Password !== undefined)
    context.out.note(`Password of the PKCS#12, shown this once: ${pkcs12Password}`);
}
