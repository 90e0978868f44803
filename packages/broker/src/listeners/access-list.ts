import { type Cidr, inCidr, parseAddress, parseCidr } from '@gatehouse/auth-core';
import type { ListenerConfig } from '../config.ts';
import { recordStranger } from '../connection/refusal.ts';
import type { BrokerContext, Peer } from '../context.ts';

/** The entry that shuts an address out, as it was written; undefined where the address may come. */
export type AccessList = (ip: string) => string | undefined;

interface Entry {
  readonly text: string;
  readonly permits: boolean;
  /** Undefined: it holds everybody. */
  readonly network: Cidr | undefined;
}

const ENTRY = /^(allow|deny)\s+(\S+)$/;

/** Undefined when the text says neither who nor whether. */
function parseEntry(text: string): Entry | undefined {
  const [, permission, whom = ''] = ENTRY.exec(text.trim()) ?? [];
  const network = parseCidr(whom);
  return network === undefined && whom !== 'all'
    ? undefined
    : { text, permits: permission === 'allow', network };
}

/** Whether `parseAccessList` can read an entry. */
export const isAccessEntry = (text: string): boolean => parseEntry(text) !== undefined;

/**
 * Parses who may speak to a listener, as EMQX 4.3 writes it (`listener.*.access.N`): `allow` or `deny`, then `all`, an
 * address or a CIDR range. The first entry that holds an address decides; an address that none holds may come.
 *
 * @throws Error naming the entry that says neither.
 */
export function parseAccessList(entries: readonly string[]): AccessList {
  const parsed = entries.map((text) => {
    const entry = parseEntry(text);
    if (entry === undefined)
      throw new Error(`"${text}" is no "allow" or "deny" with an address, a network or "all"`);
    return entry;
  });
  return (ip) => {
    const address = parseAddress(ip);
    const first = parsed.find(
      ({ network }) => network === undefined || (address !== undefined && inCidr(network, address)),
    );
    return first === undefined || first.permits ? undefined : first.text;
  };
}

/**
 * Says whether a listener's access list shuts a client out, and records it then.
 *
 * @throws Error naming an entry that cannot be read.
 */
export function createDoorman(
  context: BrokerContext,
  listeners: readonly ListenerConfig[],
): (peer: Peer) => boolean {
  const lists = new Map(
    listeners.flatMap(({ name, access = [] }) =>
      access.length === 0 ? [] : [[name, parseAccessList(access)] as const],
    ),
  );
  return (peer) => {
    const entry = lists.get(peer.listener)?.(peer.ip);
    if (entry === undefined) return false;
    recordStranger(context, peer, { reason: 'LISTENER_ADDRESS_DENIED', detail: { entry }, by: null });
    return true;
  };
}
