import { builtinKind } from './builtin.ts';
import { guarded } from './guarded.ts';
import type {
  AuthenticatorKind,
  AuthenticatorNeeds,
  RunningAuthenticator,
  SettingProblem,
  StepSettings,
} from './kind.ts';

/** Settings that were found good, and what makes an authenticator of them. */
export interface ReadyAuthenticator {
  readonly settings: StepSettings;
  readonly create: (name: string, needs: AuthenticatorNeeds) => RunningAuthenticator;
}

type Read = (raw: unknown) => ReadyAuthenticator | { readonly problems: readonly SettingProblem[] };

function reader<S extends StepSettings>(kind: AuthenticatorKind<S>): Read {
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
const KINDS: Readonly<Record<string, Read>> = {
  builtin: reader(builtinKind),
};

/** The types there are. */
export const AUTHENTICATOR_TYPES: readonly string[] = Object.keys(KINDS);

/** Reads an authenticator's settings as written; what is wrong is told by path, in words, without the value. */
export function readAuthenticator(raw: {
  readonly type: string;
}): ReadyAuthenticator | { readonly problems: readonly SettingProblem[] } {
  const read = Object.hasOwn(KINDS, raw.type) ? KINDS[raw.type] : undefined;
  if (read !== undefined) return read(raw);
  const accepted = AUTHENTICATOR_TYPES.join(', ');
  return { problems: [{ path: 'type', found: raw.type, accepted }] };
}
