import { CERTIFICATE_DAYS_MAX, ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import { action, newCommand, type Context, type Host } from './command.ts';
import { answerIssued, outputFiles, outputOptions, packing, readRequestFile } from './pki-files.ts';
import { toSerial } from './pki-serial.ts';
import { withApi } from './with-api.ts';

const options = z.object({
  csr: z.string().optional(),
  sameKey: z.boolean().default(false),
  revokeOld: z.boolean().default(false),
  days: z.coerce.number().int().min(1).max(CERTIFICATE_DAYS_MAX).optional(),
  ...outputOptions,
});
type Options = z.output<typeof options>;

async function run(context: Context, given: Options, args: readonly string[]): Promise<number> {
  const { csr, sameKey, days } = given;
  if (sameKey && csr !== undefined)
    throw new Failure('Wrong usage: --same-key and --csr exclude each other.', EXIT.usage);
  const id = toSerial(args[0] ?? '');
  const key = csr === undefined ? (sameKey ? 'same' : 'new') : 'request';
  if (given.pkcs12 && key !== 'new')
    throw new Failure('Wrong usage: --pkcs12 needs the key, which is not made here.', EXIT.usage);
  const request = csr === undefined ? undefined : await readRequestFile(context, csr);
  const pack = await packing(context, given);
  return withApi(context, async ({ api }) => {
    const { commonName } = await api.call(ENDPOINTS.getCertificate, { params: { id } });
    const files = outputFiles(context, commonName, given, key === 'new');
    const body = { key, days, request, revokeReplaced: given.revokeOld, ...pack };
    answerIssued(context, await api.call(ENDPOINTS.renewCertificate, { params: { id }, body }), files);
    return EXIT.done;
  });
}

/** `gatehouse pki renew`: the same names for another while. */
export function pkiRenewCommand(host: Host): Command {
  const command = newCommand('renew', 'issue a certificate with the same names anew')
    .argument('<certificate>', 'a file, or a serial number in hex')
    .option('--same-key', 'for the key that the old one has; it is not made anew')
    .option('--csr <file>', 'for the key of a request (PKCS#10, PEM; - for standard input)')
    .option('--revoke-old', 'revoke the old one at once, as superseded')
    .option('--days <days>', 'how long it is valid (default: as `issue`)')
    .option('--out <dir>', 'directory for the files', '.')
    .option('--pkcs12', 'write a PKCS#12 file as well; its password is generated')
    .option('--password-stdin', 'read the password of the PKCS#12 from standard input');
  return action(host, command, options, run);
}
