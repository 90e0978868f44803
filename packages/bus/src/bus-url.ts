import { readFileSync } from 'node:fs';

/** Where the bus is, and who we are there. */
export interface BusAddress {
  /** `host:port`, one or more servers of one NATS cluster. */
  readonly servers: readonly string[];
  /** Encrypted or not at all; else as the server asks for it. */
  readonly tls: boolean;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly user: string | undefined;
  /** Never in a message of ours. */
  readonly password: string | undefined;
}

const PORT = 4222;
const URL_PARTS = /^(nats|tls):\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/?(?:\?([^#]*))?$/;
const SERVER = /^(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/;
const PORT_END = 65_536;
const FILES = ['ca', 'cert', 'key'] as const;

const readable = (name: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new Error(`bus_url: the file of "${name}" cannot be read (${why}): ${file}`, { cause: error });
  }
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new Error('bus_url: user or password: a "%" stands for itself only as "%25"', { cause: error });
  }
};

const server = (text: string): string => {
  const port = SERVER.exec(text)?.at(1);
  if (!SERVER.test(text) || Number(port ?? PORT) >= PORT_END) {
    throw new Error('bus_url: not a host, or host:port, after the user');
  }
  return port === undefined ? `${text}:${String(PORT)}` : text;
};

/**
 * Reads `bus_url`: `nats://` is encrypted when the server asks for it, `tls://` always. `user:password@` in front of the host,
 * percent-encoded; more servers of one NATS cluster after commas. `?ca=FILE` names the certificate that is trusted instead of
 * the system's, `&cert=FILE&key=FILE` the one shown to a server that asks for it; each of them needs TLS.
 * @example
 * parseBusUrl('tls://gatehouse:secret@nats-1:4222,nats-2:4222?ca=/etc/gatehouse/nats-ca.pem');
 * @throws An error in words, without the password.
 */
export function parseBusUrl(url: string): BusAddress {
  const [, scheme, account, hosts, query] = URL_PARTS.exec(url) ?? [];
  if (scheme === undefined || hosts === undefined) {
    throw new Error('bus_url: not nats://[user:password@]host[:port] or tls://…');
  }
  const parameters = new URLSearchParams(query ?? '');
  for (const name of parameters.keys()) {
    if (!FILES.some((known) => known === name))
      throw new Error(`bus_url: "?${name}=" is not known; ca, cert and key are`);
  }
  const file = (name: (typeof FILES)[number]): string | undefined => {
    const path = parameters.get(name);
    return path === null ? undefined : readable(name, path);
  };
  const [ca, cert, key] = FILES.map(file);
  if ((cert === undefined) !== (key === undefined)) throw new Error('bus_url: cert and key go together');
  const [user, ...rest] = account?.split(':') ?? [];
  return {
    servers: hosts.split(',').map(server),
    tls: scheme === 'tls' || parameters.size > 0,
    ca,
    cert,
    key,
    user: user === undefined || user === '' ? undefined : decoded(user),
    password: rest.length === 0 ? undefined : decoded(rest.join(':')),
  };
}
