import type {
  SetFilter,
  TextFilter,
  UnauthorizedClient,
  UnauthorizedFilter,
  UnauthorizedSort,
} from '@gatehouse/ports';

/** What a filter lets through, said without SQL. Texts are compared as the store compares them. */
export function matches(row: UnauthorizedClient, filter: UnauthorizedFilter): boolean {
  const { search } = filter;
  return (
    textMatches(row.clientId ?? '', filter.clientId) &&
    textMatches(row.username ?? '', filter.username) &&
    (search === undefined ||
      [row.clientId, row.username, row.ip].some((value) =>
        (value ?? '').toLowerCase().includes(search.toLowerCase()),
      )) &&
    setMatches(row.reason, filter.reason) &&
    setMatches(row.family, filter.family) &&
    setMatches(row.listener, filter.listener) &&
    setMatches(row.state, filter.state) &&
    setMatches<number | null>(row.protocol, filter.protocol) &&
    setMatches(row.ip, filter.ip) &&
    (filter.tlsUsed ?? row.tlsUsed) === row.tlsUsed &&
    (filter.passwordProvided ?? row.passwordProvided) === row.passwordProvided &&
    row.lastAttemptAt >= (filter.from ?? 0) &&
    row.lastAttemptAt < (filter.to ?? Infinity) &&
    row.firstAttemptAt >= (filter.firstFrom ?? 0) &&
    row.firstAttemptAt < (filter.firstTo ?? Infinity)
  );
}

function textMatches(value: string, filter: TextFilter | undefined): boolean {
  switch (filter?.op) {
    case undefined:
      return true;
    case 'eq':
      return value === filter.value;
    case 'starts':
      return value.startsWith(filter.value);
    case 'contains':
      return value.toLowerCase().includes(filter.value.toLowerCase());
  }
}

function setMatches<T>(value: T, filter: SetFilter<T> | undefined): boolean {
  const included =
    filter?.include === undefined || filter.include.length === 0 || filter.include.includes(value);
  return included && !(filter?.exclude ?? []).includes(value);
}

/** The order of a sort: by bytes and numbers, then by id; reasons and listeners by time before that. */
export function compare(field: UnauthorizedSort, direction: 'asc' | 'desc') {
  const sign = direction === 'asc' ? 1 : -1;
  return (a: UnauthorizedClient, b: UnauthorizedClient): number => {
    const [left, right] = [valueOf(a, field), valueOf(b, field)];
    if (left !== right) return left < right ? -sign : sign;
    // Within one reason or listener, by time.
    const byLabel = field === 'reason' || field === 'listener';
    if (byLabel && a.lastAttemptAt !== b.lastAttemptAt) return (a.lastAttemptAt - b.lastAttemptAt) * sign;
    return (Number(a.id) - Number(b.id)) * sign;
  };
}

function valueOf(row: UnauthorizedClient, field: UnauthorizedSort): string | number {
  if (field === 'ip')
    return row.ip
      .split('.')
      .map((part) => part.padStart(3, '0'))
      .join('.');
  return row[field] ?? '';
}
