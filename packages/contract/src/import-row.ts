import { z } from 'zod';
import { isoTime } from './common.ts';
import { credentialType, pskIdentity, pskKey, rulesByCn } from './credential-types.ts';
import { chosenPassword, clientName } from './credentials.ts';

const flag = z.boolean().optional();
const texts = z.array(z.string()).optional();
const matched = z.string().min(1).max(2048).optional();

/** A salt, or a key, in base64; 64 bytes of SHA-512 take 88 characters. */
const scramBytes = z.string().min(1).max(512);
const scramKeys = z.partialRecord(
  z.enum(['SCRAM-SHA-256', 'SCRAM-SHA-512']),
  z.strictObject({
    salt: scramBytes,
    iterations: z.number().int(),
    storedKey: scramBytes,
    serverKey: scramBytes,
  }),
);

/**
 * One row of an import, as interfaces.md names its fields. `type` absent: basic. Of `x509` exactly one of the names to
 * match, as the settings of that authenticator write them.
 */
export const importRow = z
  .object({
    type: credentialType.optional(),
    name: z.string().max(200).optional(),
    username: clientName.optional(),
    client_id: clientName.optional(),
    password: chosenPassword.optional(),
    password_hash: z.string().max(2048).optional(),
    superuser: flag,
    enabled: flag,
    expires_at: isoTime.optional(),
    description: z.string().max(2000).optional(),
    tags: texts,
    publish: texts,
    subscribe: texts,
    identity: pskIdentity.optional(),
    psk_key: pskKey.optional(),
    /** Of another system's SCRAM user: keys by mechanism, bytes in base64. In CSV as JSON text. */
    scram_keys: scramKeys.optional(),
    cn: matched,
    cn_pattern: matched,
    san_dns: matched,
    san_uri: matched,
    san_email: matched,
    fingerprint: matched,
    issuer: matched,
    serial: matched,
    skip_validity: flag,
    /** In CSV as JSON text. */
    rules_by_cn: rulesByCn.optional(),
  })
  .strict();
export type ImportRowInput = z.input<typeof importRow>;

type Field = keyof ImportRowInput;
type Fields = Readonly<Partial<Record<Field, unknown>>>;

/** Fields of which an X.509 credential has exactly one, `issuer` with `serial` counting as one. */
export const IMPORT_MATCH_FIELDS = [
  'cn',
  'cn_pattern',
  'san_dns',
  'san_uri',
  'san_email',
  'fingerprint',
  'issuer',
  'serial',
] as const satisfies readonly Field[];

/** Fields that some types have and others must not. */
const OF_TYPE: Readonly<Record<z.output<typeof credentialType>, readonly Field[]>> = {
  basic: ['username', 'client_id', 'password', 'password_hash'],
  x509: [...IMPORT_MATCH_FIELDS, 'rules_by_cn', 'skip_validity'],
  scram: ['username', 'client_id', 'password', 'scram_keys'],
  psk: ['identity', 'psk_key'],
};
const TYPED_FIELDS: ReadonlySet<Field> = new Set(Object.values(OF_TYPE).flat());

interface FieldProblem {
  readonly field: Field;
  readonly message: string;
}

const isOneMatch = (row: Fields): boolean => {
  const given = IMPORT_MATCH_FIELDS.filter((field) => row[field] !== undefined);
  const isPair = given.length === 2 && given.includes('issuer') && given.includes('serial');
  return isPair || (given.length === 1 && !given.includes('issuer') && !given.includes('serial'));
};

function identityProblem(type: z.output<typeof credentialType>, row: Fields): FieldProblem | undefined {
  switch (type) {
    case 'basic':
      return row.username === undefined && row.client_id === undefined
        ? { field: 'username', message: 'give a username, a client ID, or both' }
        : undefined;
    case 'scram':
      return row.username === undefined ? { field: 'username', message: 'is needed' } : undefined;
    case 'psk':
      return row.identity === undefined ? { field: 'identity', message: 'is needed' } : undefined;
    case 'x509':
      return isOneMatch(row)
        ? undefined
        : {
            field: 'cn',
            message: `give exactly one of ${IMPORT_MATCH_FIELDS.slice(0, -2).join(', ')}, or issuer with serial`,
          };
  }
}

/** Which fields a credential of this type has none of, and what it lacks to be one; what is in them is not looked at. */
export function fieldProblems(type: z.output<typeof credentialType>, row: Fields): readonly FieldProblem[] {
  const alien = [...TYPED_FIELDS].filter(
    (field) => row[field] !== undefined && !OF_TYPE[type].includes(field),
  );
  const missing = identityProblem(type, row);
  return [
    ...alien.map((field) => ({ field, message: `is not for a credential of type ${type}` })),
    ...(missing === undefined ? [] : [missing]),
  ];
}
