import { CONTAINS_MIN } from '@gatehouse/contract';
import type { SetFilter, TextFilter, UnauthorizedClient, UnauthorizedFilter } from '@gatehouse/ports';
import ipaddr from 'ipaddr.js';

const textMatches = (filter: TextFilter | undefined, value: string | null): boolean => {
  if (filter === undefined) return true;
  if (value === null) return false;
  if (filter.op === 'eq') return value === filter.value;
  if (filter.op === 'starts') return value.startsWith(filter.value);
  return value.toLowerCase().includes(filter.value.toLowerCase());
};

const setMatches = <T>(filter: SetFilter<T> | undefined, has: (one: T) => boolean): boolean =>
  filter === undefined ||
  ((filter.include === undefined || filter.include.some(has)) && !(filter.exclude ?? []).some(has));

/** Both texts were checked when the filter was parsed; a row's address that is none matches nothing. */
const isWithin = (ip: string, range: string): boolean => {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  if (!range.includes('/')) return address.toString() === range;
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network, bits);
};

const detailText = (row: UnauthorizedClient): string => `${row.reason} ${JSON.stringify(row.detail)}`;

/** As in the store: contains, or below three characters starts with. */
const searchMatches = (search: string | undefined, row: UnauthorizedClient): boolean => {
  if (search === undefined) return true;
  const wanted = search.toLowerCase();
  const short = Array.from(wanted).length < CONTAINS_MIN;
  return [row.clientId, row.username, row.ip].some((text) => {
    const lower = text?.toLowerCase();
    return short ? lower?.startsWith(wanted) === true : lower?.includes(wanted) === true;
  });
};

/** Does this row belong to the page that a reader is looking at? The store's filter, in memory. */
export const rowMatches = (filter: UnauthorizedFilter, row: UnauthorizedClient): boolean =>
  textMatches(filter.clientId, row.clientId) &&
  textMatches(filter.username, row.username) &&
  textMatches(filter.detail, detailText(row)) &&
  setMatches(filter.ip, (range) => isWithin(row.ip, range)) &&
  setMatches(filter.reason, (one) => one === row.reason) &&
  setMatches(filter.family, (one) => one === row.family) &&
  setMatches(filter.protocol, (one) => one === row.protocol) &&
  setMatches(filter.listener, (one) => one === row.listener) &&
  setMatches(filter.state, (one) => one === row.state) &&
  (filter.passwordProvided === undefined || filter.passwordProvided === row.passwordProvided) &&
  (filter.tlsUsed === undefined || filter.tlsUsed === row.tlsUsed) &&
  (filter.from === undefined || row.lastAttemptAt >= filter.from) &&
  (filter.to === undefined || row.lastAttemptAt < filter.to) &&
  (filter.firstFrom === undefined || row.firstAttemptAt >= filter.firstFrom) &&
  (filter.firstTo === undefined || row.firstAttemptAt < filter.firstTo) &&
  searchMatches(filter.search, row);
