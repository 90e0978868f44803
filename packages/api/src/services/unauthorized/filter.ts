import { type UnauthorizedFilterQuery, unauthorizedFilterParams, type filterBody } from '@gatehouse/contract';
import type { SetFilter, UnauthorizedFilter } from '@gatehouse/ports';
import ipaddr from 'ipaddr.js';
import type { z } from 'zod';
import { defined } from '../../present/defined.ts';
import { msOf } from '../../present/time.ts';
import { invalidField, ProblemError } from '../../problem.ts';

const checkedAddress = (text: string): string => {
  const isRange = text.includes('/');
  if (!(isRange ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text))) {
    throw invalidField('ip', `"${text}" is neither an IP address nor a CIDR range`);
  }
  return isRange ? text : ipaddr.process(text).toString();
};

type Parsed<T> = { readonly include?: readonly T[]; readonly exclude?: readonly T[] } | undefined;

const setOf = <T>(parsed: Parsed<T>): SetFilter<T> | undefined =>
  parsed === undefined ? undefined : defined({ include: parsed.include, exclude: parsed.exclude });

const addresses = (parsed: Parsed<string>): SetFilter<string> | undefined =>
  parsed === undefined
    ? undefined
    : defined({ include: parsed.include?.map(checkedAddress), exclude: parsed.exclude?.map(checkedAddress) });

/** A range of the query; one turned round is refused. */
const timesOf = (
  query: UnauthorizedFilterQuery,
  fromName: 'from' | 'firstFrom',
  toName: 'to' | 'firstTo',
): { readonly from: number | undefined; readonly to: number | undefined } => {
  const [from, to] = [query[fromName], query[toName]].map((iso) =>
    iso === undefined ? undefined : msOf(iso),
  );
  if (from !== undefined && to !== undefined && from > to)
    throw invalidField(fromName, `is after \`${toName}\``);
  return { from, to };
};

/** The query as the store takes it; throws a 400 for what only looks like an address, or a range turned round. */
export const toUnauthorizedFilter = (query: UnauthorizedFilterQuery): UnauthorizedFilter => {
  const last = timesOf(query, 'from', 'to');
  const first = timesOf(query, 'firstFrom', 'firstTo');
  return defined({
    clientId: query.clientId,
    username: query.username,
    ip: addresses(query.ip),
    reason: setOf(query.reason),
    family: setOf(query.family),
    detail: query.detail,
    passwordProvided: query.passwordProvided,
    tlsUsed: query.tlsUsed,
    protocol: setOf(query.protocol),
    listener: setOf(query.listener),
    state: setOf(query.state),
    from: last.from,
    to: last.to,
    firstFrom: first.from,
    firstTo: first.to,
    search: query.search,
  });
};

/** The same from a deletion's JSON; a key that is no filter is refused, for it would widen what is deleted. */
export const parseFilterBody = (body: z.output<typeof filterBody>): UnauthorizedFilter => {
  const parsed = unauthorizedFilterParams.safeParse(body);
  if (parsed.success) return toUnauthorizedFilter(parsed.data);
  throw new ProblemError('invalid-input', {
    errors: parsed.error.issues.map((issue) => ({
      path: ['filter', ...issue.path].join('.'),
      message: issue.message,
    })),
  });
};
