import { CERTIFICATE_DAYS_MAX, ENDPOINTS } from '@gatehouse/contract';
import { COMMON_NAME_CHARACTERS_MAX, kindOfName, readSigningRequest, SERVER_DAYS } from '@gatehouse/pki';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure, messageOf } from '../runtime/failure.ts';
import { action, newCommand, type Context, type Host } from './command.ts';
import { answerIssued, outputFiles, outputOptions, packing, readRequestFile } from './pki-files.ts';
import { withApi } from './with-api.ts';

/** Days of a client's certificate unless somebody says otherwise. */
const CLIENT_DAYS = 365;

const isName = (text: string): boolean => kindOfName(text) !== undefined;

const options = z.object({
  cn: z.string().min(1).max(COMMON_NAME_CHARACTERS_MAX).optional(),
  csr: z.string().optional(),
  for: z.enum(['server', 'client']).default('client'),
  san: z
    .array(z.string().refine(isName, { error: 'host names, addresses, URIs or e-mail addresses' }))
    .default([]),
  days: z.coerce.number().int().min(1).max(CERTIFICATE_DAYS_MAX).optional(),
  ...outputOptions,
});
type Options = z.output<typeof options>;

/** The common name that a request asks for. Throws `Failure` in words. */
function nameOf(request: string): string | undefined {
  try {
    return readSigningRequest(request).commonName;
  } catch (error) {
    throw new Failure(`The request cannot be used: ${messageOf(error)}.`);
  }
}

async function run(context: Context, given: Options): Promise<number> {
  const { san, for: purpose, csr, days } = given;
  const request = csr === undefined ? undefined : await readRequestFile(context, csr);
  const commonName = given.cn ?? (request === undefined ? undefined : nameOf(request));
  if (commonName === undefined)
    throw new Failure('Wrong usage: give --cn, or --csr with a request that names one.', EXIT.usage);
  if (given.pkcs12 && request !== undefined)
    throw new Failure('Wrong usage: --pkcs12 needs the key, which --csr leaves where it is.', EXIT.usage);
  const files = outputFiles(context, commonName, given, request === undefined);
  const names = purpose === 'server' && san.length === 0 && isName(commonName) ? [commonName] : san;
  const body = {
    commonName,
    purpose,
    // A request brings its own.
    ...(names.length === 0 && request !== undefined ? {} : { names }),
    days,
    request,
    ...(await packing(context, given)),
  };
  const made = await withApi(context, ({ api }) => api.call(ENDPOINTS.issueCertificate, { body }));
  answerIssued(context, made, files);
  return EXIT.done;
}

/** `gatehouse pki issue`: a certificate for a device or another server, with a new key or for a request. */
export function pkiIssueCommand(host: Host): Command {
  const command = newCommand('issue', 'issue a certificate, with a new key or for a request')
    .option('--cn <name>', 'common name (default: that of the request)')
    .option('--csr <file>', 'a request (PKCS#10, PEM; - for standard input): the key stays where it is')
    .option('--for <purpose>', 'server or client', 'client')
    .option('--san <name...>', 'host names, addresses, URIs; for a server the common name unless given')
    .option('--days <days>', `how long it is valid (server ${SERVER_DAYS}, client ${CLIENT_DAYS})`)
    .option('--out <dir>', 'directory for the files', '.')
    .option('--pkcs12', 'write a PKCS#12 file as well; its password is generated')
    .option('--password-stdin', 'read the password of the PKCS#12 from standard input');
  return action(host, command, options, run);
}
