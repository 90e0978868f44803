export interface TryPrefill {
  readonly username: string | null;
  readonly clientId: string | null;
  readonly ip: string | null;
  readonly listener: string | null;
  readonly protocol: number | null;
}

/** The attempt as the form holds it; absent and empty differ for username and password, so each has its switch. */
export interface Attempt {
  readonly clientId: string;
  readonly username: string;
  readonly withUsername: boolean;
  readonly password: string;
  readonly withPassword: boolean;
  readonly ip: string;
  readonly listener: string;
  readonly protocol: number;
  /** MQTT 5 enhanced authentication; empty: a plain CONNECT. */
  readonly authMethod: string;
  /** What it presents to a listener that asks for certificates, as PEM; empty: nothing. */
  readonly certificate: string;
  /** Whose pre-shared key it proves; empty: nobody's. */
  readonly pskIdentity: string;
}

/** The server plays the client of these. */
export const AUTH_METHODS = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export const PROTOCOLS = [3, 4, 5] as const;
const CURRENT_PROTOCOL = 5;

/** What a link fills in. */
export const attemptOf = (prefill: TryPrefill): Attempt => ({
  clientId: prefill.clientId ?? '',
  username: prefill.username ?? '',
  withUsername: prefill.username !== null || prefill.clientId === null,
  password: '',
  withPassword: true,
  ip: prefill.ip ?? '127.0.0.1',
  listener: prefill.listener ?? 'tcp',
  protocol: PROTOCOLS.find((one) => one === prefill.protocol) ?? CURRENT_PROTOCOL,
  authMethod: '',
  certificate: '',
  pskIdentity: '',
});

/** As the API wants it: what has no value is left out. */
export const bodyOf = (form: Attempt) => ({
  clientId: form.clientId,
  ...(form.withUsername ? { username: form.username } : {}),
  ...(form.withPassword ? { password: form.password } : {}),
  ip: form.ip,
  listener: form.listener,
  protocol: form.protocol,
  ...(hasMethod(form) && form.authMethod !== '' ? { authMethod: form.authMethod } : {}),
  ...(form.certificate === '' ? {} : { certificate: form.certificate }),
  ...(form.pskIdentity === '' ? {} : { pskIdentity: form.pskIdentity }),
});

/** Only MQTT 5 has enhanced authentication. */
export const hasMethod = ({ protocol }: Pick<Attempt, 'protocol'>): boolean => protocol === 5;
