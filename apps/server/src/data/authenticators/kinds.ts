import { z } from 'zod';
import { builtinKind } from './builtin.ts';
import { guarded } from './guarded.ts';
import { httpKind } from './http.ts';
import { jwtKind } from './jwt.ts';
import type {
  AuthenticatorKind,
  AuthenticatorNeeds,
  RunningAuthenticator,
  SettingProblem,
  StepSettings,
} from './kind.ts';
import { ldapKind } from './ldap.ts';
import { mongodbKind } from './mongodb.ts';
import { mysqlKind } from './mysql.ts';
import { postgresqlKind } from './postgresql.ts';
import { redisKind } from './redis.ts';
import { pskKind } from './psk.ts';
import { scramKind } from './scram.ts';
import { x509Kind } from './x509.ts';

/** Settings that were found good, and what makes an authenticator of them. */
export interface ReadyAuthenticator {
  readonly settings: StepSettings;
  readonly create: (name: string, needs: AuthenticatorNeeds) => RunningAuthenticator;
}

type Read = (raw: unknown) => ReadyAuthenticator | { readonly problems: readonly SettingProblem[] };

interface KnownKind {
  readonly read: Read;
  readonly schema: () => Readonly<Record<string, unknown>>;
}

function reader<S extends StepSettings>(kind: AuthenticatorKind<S>): KnownKind {
  return { read: readBy(kind), schema: () => z.toJSONSchema(kind.settings, { io: 'input' }) };
}

function readBy<S extends StepSettings>(kind: AuthenticatorKind<S>): Read {
  return (raw) => {
    const parsed = kind.settings.safeParse(raw);
    if (!parsed.success) {
      return {
        problems: parsed.error.issues.map((issue) => ({
          path: issue.path.join('.'),
          found: 'a setting that does not fit',
          accepted: issue.message,
        })),
      };
    }
    const settings = parsed.data;
    const problems = kind.problems?.(settings) ?? [];
    if (problems.length > 0) return { problems };
    return {
      settings,
      create: (name, needs) => guarded(kind.create(name, settings, needs), settings, needs),
    };
  };
}

/** Every type there is, by the name that `type` has. */
const KINDS: Readonly<Record<string, KnownKind>> = {
  builtin: reader(builtinKind),
  http: reader(httpKind),
  jwt: reader(jwtKind),
  ldap: reader(ldapKind),
  mongodb: reader(mongodbKind),
  mysql: reader(mysqlKind),
  postgresql: reader(postgresqlKind),
  redis: reader(redisKind),
  psk: reader(pskKind),
  scram: reader(scramKind),
  x509: reader(x509Kind),
};

/** The types there are. */
export const AUTHENTICATOR_TYPES: readonly string[] = Object.keys(KINDS);

const kindOf = (type: string): KnownKind | undefined =>
  Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;

/** JSON Schema of a type's settings as written; undefined for an unknown type. */
export const settingsSchema = (type: string): Readonly<Record<string, unknown>> | undefined =>
  kindOf(type)?.schema();

/** Reads an authenticator's settings as written; what is wrong is told by path, in words, without the value. */
export function readAuthenticator(raw: {
  readonly type: string;
}): ReadyAuthenticator | { readonly problems: readonly SettingProblem[] } {
  const kind = kindOf(raw.type);
  if (kind !== undefined) return kind.read(raw);
  const accepted = AUTHENTICATOR_TYPES.join(', ');
  return { problems: [{ path: 'type', found: raw.type, accepted }] };
}
