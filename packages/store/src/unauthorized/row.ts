import type { CertificateFacts, ReasonCode, Trace } from '@gatehouse/auth-core';
import { REASON_CODES_BY_FAMILY, type Family } from '@gatehouse/auth-core';
import type {
  AttemptSample,
  Evidence,
  PresentedCertificate,
  Signature,
  UnauthorizedClient,
  UnauthorizedClientDetail,
} from '@gatehouse/ports';
import { num, text, type Row } from '../sql.ts';

/** A row of the table with everything that is kept of it, in the shape it is merged in. */
export interface StoredRow {
  readonly key: string;
  readonly clientId: string;
  readonly username: string;
  readonly ip: string;
  readonly reason: ReasonCode;
  readonly listener: string;
  readonly protocol: 3 | 4 | 5 | null;
  readonly passwordProvided: boolean;
  readonly tlsUsed: boolean;
  readonly resolved: boolean;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly attempts: number;
  readonly shown: Shown;
  readonly inside: Inside;
  /** Newest first. */
  readonly samples: readonly AttemptSample[];
}

/** JSON column `shown`: what a page shows beyond the columns that are filtered and sorted by. */
interface Shown {
  /** False: no CONNECT was seen; the column then holds empty text. */
  readonly hasClientId: boolean;
  readonly clientIdTruncated: boolean;
  readonly hasUsername: boolean;
  readonly ips: readonly string[];
  readonly detail: UnauthorizedClient['detail'];
  readonly connackCode: number | null;
  readonly authenticator: string | null;
  readonly node: string;
  readonly keepAliveSeconds: number | null;
  readonly cleanStart: boolean | null;
  readonly pskIdentity: string | null;
  readonly resolvedAt: number | null;
}

/** JSON column `inside`: what only the drawer shows. */
export interface Inside {
  readonly ref: string;
  /** Nobody was told it. */
  readonly untold?: true;
  readonly certificate: CertificateFacts | null;
  /** Absent in rows of before, and where nothing was presented. */
  readonly presented?: readonly PresentedCertificate[] | undefined;
  readonly trace: Trace;
  readonly evidence: Evidence;
  readonly signatures: readonly Signature[];
}

const FAMILY_OF = new Map<string, Family>(
  (Object.keys(REASON_CODES_BY_FAMILY) as Family[]).flatMap((family) =>
    REASON_CODES_BY_FAMILY[family].map((reason): [string, Family] => [reason, family]),
  ),
);

/** The family of a stored reason; a code that this version does not know counts as `protocol`. */
export function familyOf(reason: string): Family {
  return FAMILY_OF.get(reason) ?? 'protocol';
}

/** Columns of `c` (clients), `k` (class) and `d` (details) that {@link clientFromRow} reads. */
export const CLIENT_COLUMNS = `c.id AS id, c.client_id AS client_id, c.username AS username, c.ip AS ip,
  c.first_at AS first_at, c.last_at AS last_at, c.attempts AS attempts, k.reason AS reason, k.listener AS listener,
  k.protocol AS protocol, k.password_provided AS password_provided, k.tls_used AS tls_used, k.resolved AS resolved,
  d.shown AS shown`;
export const CLIENT_JOINS = `JOIN unauthorized_classes k ON k.id = c.class_id JOIN unauthorized_details d ON d.id = c.id`;

/** A row as the page shows it. */
export function clientFromRow(row: Row): UnauthorizedClient {
  const shown = JSON.parse(text(row, 'shown')) as Shown;
  const facts = factsFromRow(row);
  return toClient(String(num(row, 'id')), { ...facts, shown });
}

export function toClient(id: string, row: Omit<StoredRow, 'key' | 'inside' | 'samples'>): UnauthorizedClient {
  const { shown } = row;
  // Written out: rest and spread make this many times slower, and every flushed row passes here.
  return {
    id,
    clientId: shown.hasClientId ? row.clientId : null,
    clientIdTruncated: shown.clientIdTruncated,
    username: shown.hasUsername ? row.username : null,
    passwordProvided: row.passwordProvided,
    tlsUsed: row.tlsUsed,
    ip: row.ip,
    ips: shown.ips,
    reason: row.reason,
    family: familyOf(row.reason),
    detail: shown.detail,
    connackCode: shown.connackCode,
    authenticator: shown.authenticator,
    attempts: row.attempts,
    firstAttemptAt: row.firstAt,
    lastAttemptAt: row.lastAt,
    listener: row.listener,
    node: shown.node,
    protocol: row.protocol,
    keepAliveSeconds: shown.keepAliveSeconds,
    cleanStart: shown.cleanStart,
    pskIdentity: shown.pskIdentity,
    state: row.resolved ? 'resolved' : 'open',
    resolvedAt: shown.resolvedAt,
  };
}

export function detailFromRow(row: Row): UnauthorizedClientDetail {
  return { ...clientFromRow(row), ...(JSON.parse(text(row, 'inside')) as Inside) };
}

/** A whole row: {@link CLIENT_COLUMNS} with `key`, `inside` and `samples`. */
export const STORED_COLUMNS = `${CLIENT_COLUMNS}, c.key AS row_key, d.inside AS inside, d.samples AS samples`;

export function storedFromRow(row: Row): StoredRow {
  return {
    ...factsFromRow(row),
    key: text(row, 'row_key'),
    shown: JSON.parse(text(row, 'shown')) as Shown,
    inside: JSON.parse(text(row, 'inside')) as Inside,
    samples: JSON.parse(text(row, 'samples')) as AttemptSample[],
  };
}

function factsFromRow(row: Row): Omit<StoredRow, 'key' | 'shown' | 'inside' | 'samples'> {
  return {
    clientId: text(row, 'client_id'),
    username: text(row, 'username'),
    ip: text(row, 'ip'),
    reason: text(row, 'reason') as ReasonCode,
    listener: text(row, 'listener'),
    protocol: protocolFromColumn(num(row, 'protocol')),
    passwordProvided: num(row, 'password_provided') === 1,
    tlsUsed: num(row, 'tls_used') === 1,
    resolved: num(row, 'resolved') === 1,
    firstAt: num(row, 'first_at'),
    lastAt: num(row, 'last_at'),
    attempts: num(row, 'attempts'),
  };
}

/** The column holds 0 where the protocol is not known. */
export function protocolFromColumn(value: number): 3 | 4 | 5 | null {
  return value === 3 || value === 4 || value === 5 ? value : null;
}
