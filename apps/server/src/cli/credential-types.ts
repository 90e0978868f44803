import type { CreateCredential, X509MatchDto } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { readCertificate } from '../control/read-certificate.ts';
import { EXIT, Failure } from '../runtime/failure.ts';
import type { Context } from './command.ts';
import { fileText, readSecret } from './io.ts';

/** What certificates and keys are known by. */
export const factAttributes = {
  cn: z.string().optional(),
  cnPattern: z.string().optional(),
  sanDns: z.string().optional(),
  sanUri: z.string().optional(),
  sanEmail: z.string().optional(),
  fingerprint: z.string().optional(),
  issuer: z.string().optional(),
  serial: z.string().optional(),
  certificate: z.string().optional(),
  rulesByCn: z.union([z.string(), z.literal(false)]).optional(),
  skipValidity: z.boolean().optional(),
  identity: z.string().optional(),
  keyStdin: z.boolean().default(false),
};
type FactOptions = z.output<z.ZodObject<typeof factAttributes>>;

/** Options that only credentials of some types take. */
export const typeAttributes = {
  type: z.enum(['basic', 'x509', 'scram', 'psk']).default('basic'),
  ...factAttributes,
};
export type TypeOptions = z.output<z.ZodObject<typeof typeAttributes>>;

export const withFactOptions = (command: Command): Command =>
  command
    .option('--cn <name>', 'x509: common name of the certificate, exactly')
    .option('--cn-pattern <re2>', 'x509: RE2 expression that the whole common name matches')
    .option('--san-dns <name>', 'x509: a DNS name among its alternative names')
    .option('--san-uri <uri>', 'x509: a URI among them')
    .option('--san-email <address>', 'x509: a mail address among them')
    .option('--fingerprint <sha256>', 'x509: SHA-256 of the certificate')
    .option('--issuer <name>', 'x509: its issuer as RFC 4514 writes it; with --serial')
    .option('--serial <hex>', 'x509: its serial number; with --issuer')
    .option('--certificate <file>', 'x509: the certificate in PEM whose SHA-256 is taken')
    .option('--rules-by-cn <file>', 'x509: JSON list of {pattern, rules} by common name')
    .option('--skip-validity', 'x509: admit expired certificates on a listener with `reject: chain`')
    .option('--identity <identity>', 'psk: the identity')
    .option('--key-stdin', 'psk: read the key, hexadecimal, from standard input');

export const withTypeOptions = (command: Command): Command =>
  withFactOptions(command.option('--type <type>', 'basic, x509, scram or psk', 'basic'));

const wrong = (text: string): Failure => new Failure(`Wrong usage: ${text}.`, EXIT.usage);

function fingerprintOf(path: string): string {
  const certificate = readCertificate(fileText(path));
  if (certificate === undefined) throw new Failure(`${path} holds no certificate in PEM.`);
  return certificate.fingerprint;
}

/** Everything that the options say that certificates have to have. */
function matchesOf(options: FactOptions): readonly X509MatchDto[] {
  const { cn, cnPattern, sanDns, sanUri, sanEmail, fingerprint, issuer, serial, certificate } = options;
  const san = { dns: sanDns, uri: sanUri, email: sanEmail } as const;
  if ((issuer === undefined) !== (serial === undefined)) throw wrong('--issuer and --serial go together');
  return [
    ...(cn === undefined ? [] : [{ by: 'cn', value: cn } as const]),
    ...(cnPattern === undefined ? [] : [{ by: 'cn_pattern', pattern: cnPattern } as const]),
    ...(['dns', 'uri', 'email'] as const).flatMap((kind): X509MatchDto[] => {
      const value = san[kind];
      return value === undefined ? [] : [{ by: 'san', kind, value }];
    }),
    ...(fingerprint === undefined ? [] : [{ by: 'fingerprint', value: fingerprint } as const]),
    ...(certificate === undefined ? [] : [{ by: 'fingerprint', value: fingerprintOf(certificate) } as const]),
    ...(issuer === undefined || serial === undefined
      ? []
      : [{ by: 'issuer_serial', issuer, serial } as const]),
  ];
}

/** The one thing that is to match; undefined: nothing is said of it. Throws `Failure` when there are several. */
function matchOf(options: FactOptions): X509MatchDto | undefined {
  const [only, ...others] = matchesOf(options);
  if (others.length > 0) throw wrong(ONE_MATCH);
  return only;
}
const ONE_MATCH =
  'exactly one of --cn, --cn-pattern, --san-dns, --san-uri, --san-email, --fingerprint, --certificate, --issuer with --serial';

/** The server checks what is in it. */
function rulesByCnOf(path: string | false | undefined): unknown {
  if (path === undefined) return undefined;
  if (path === false) return null;
  try {
    return JSON.parse(fileText(path));
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`${path} is not JSON.`);
  }
}

/** What all types are made with. */
type Common = Readonly<Record<string, unknown>> & {
  readonly username?: string | undefined;
  readonly clientId?: string | undefined;
};

/** The body that makes a credential of the type that the options name. */
export async function typedBody(
  context: Context,
  options: TypeOptions,
  { username, clientId, ...common }: Common,
  password: () => Promise<string | undefined>,
): Promise<CreateCredential> {
  switch (options.type) {
    case 'basic':
      return { ...common, username, clientId, password: await password() };
    case 'scram':
      if (username === undefined) throw wrong('--type scram needs --username');
      return { type: 'scram', ...common, username, clientId, password: await password() };
    case 'psk': {
      if (options.identity === undefined) throw wrong('--type psk needs --identity');
      const key = options.keyStdin ? await readSecret(context.io.stdin) : undefined;
      return { type: 'psk', ...common, identity: options.identity, key };
    }
    case 'x509': {
      const rulesByCn = rulesByCnOf(options.rulesByCn);
      const { skipValidity } = options;
      const match = matchOf(options);
      if (match === undefined) throw wrong(ONE_MATCH);
      const body = { type: 'x509', ...common, match, skipValidity } as const;
      return rulesByCn === undefined ? body : ({ ...body, rulesByCn } as CreateCredential);
    }
  }
}

const given = (facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined => {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

/** What the options change of a certificate's or a key's facts; which of them fit its type, the server says. */
export function factsPatch(options: FactOptions): Readonly<Record<string, unknown>> {
  const { skipValidity, identity } = options;
  const x509 = given({ match: matchOf(options), rulesByCn: rulesByCnOf(options.rulesByCn), skipValidity });
  return given({ x509, psk: given({ identity }) }) ?? {};
}
