import {
  type CertificateFilter,
  type CertificateSort,
  type CertificateState,
  COUNT_EXACT_MAX,
  EXPIRING_MS,
  type Page,
  type PageRequest,
  type StoredCertificate,
} from '@gatehouse/ports';
import { keysetPage, type Placed, valuesOf, type Walk, walkSql } from '../keyset.ts';
import { certificateFromRow } from '../repositories/certificate-record.ts';
import { and, type Dialect, type Fragment, fragment, num, type SqlRunner, text } from '../sql.ts';

const SORT_COLUMNS: Readonly<Record<CertificateSort, string>> = {
  createdAt: 'created_at',
  commonName: 'common_name',
  notAfter: 'not_after',
};

export interface CertificatePageQuery {
  readonly filter: CertificateFilter;
  readonly request: PageRequest<CertificateSort>;
  readonly now: number;
}

/** A page of the certificates that were issued. */
export async function certificatePage(
  sql: SqlRunner,
  { filter, request, now }: CertificatePageQuery,
): Promise<Page<StoredCertificate>> {
  const where = whereOf(sql.dialect, filter, now);
  const [row] = await sql.all(
    `SELECT count(*) AS n FROM (SELECT 1 FROM certificates WHERE ${where.sql} LIMIT ?) AS counted`,
    [...where.values, COUNT_EXACT_MAX + 1],
  );
  const total = row === undefined ? 0 : num(row, 'n');
  const page = await keysetPage(['certificates', filter], request, (walk) =>
    fetchRows(sql, where, request.sort.field, walk),
  );
  return { ...page, total: Math.min(total, COUNT_EXACT_MAX), totalIsExact: total <= COUNT_EXACT_MAX };
}

async function fetchRows(
  sql: SqlRunner,
  where: Fragment,
  sort: CertificateSort,
  walk: Walk,
): Promise<readonly Placed<StoredCertificate>[]> {
  const column = SORT_COLUMNS[sort];
  const parts = walkSql([column], 'serial', walk);
  const rows = await sql.all(
    `SELECT * FROM certificates WHERE ${where.sql} AND ${parts.where.sql} ${parts.tail.sql}`,
    valuesOf(where, parts.where, parts.tail),
  );
  return rows.map((row) => ({
    item: certificateFromRow(row),
    position: {
      id: text(row, 'serial'),
      values: [sort === 'commonName' ? text(row, column) : num(row, column)],
    },
  }));
}

function whereOf(dialect: Dialect, { search, state, purpose }: CertificateFilter, now: number): Fragment {
  const parts: Fragment[] = [];
  if (search !== undefined && search !== '') {
    const like = dialect === 'sqlite' ? 'LIKE' : 'ILIKE';
    const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    const columns = ['common_name', 'names', 'serial', 'fingerprint'];
    const tests = columns.map((column) => `${column} ${like} ? ESCAPE '\\'`);
    parts.push(fragment(`(${tests.join(' OR ')})`, ...columns.map(() => pattern)));
  }
  if (purpose !== undefined) parts.push(fragment('purpose = ?', purpose));
  if (state !== undefined) parts.push(stateIs(state, now));
  return and(parts);
}

function stateIs(state: CertificateState, now: number): Fragment {
  switch (state) {
    case 'revoked':
      return fragment('revoked_at IS NOT NULL');
    case 'expired':
      return fragment('revoked_at IS NULL AND not_after <= ?', now);
    case 'valid':
      return fragment('revoked_at IS NULL AND not_after > ?', now);
    case 'expiring':
      return fragment('revoked_at IS NULL AND not_after > ? AND not_after <= ?', now, now + EXPIRING_MS);
  }
}
