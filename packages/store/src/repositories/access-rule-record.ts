import { ACCESS_PHASES, type AccessPhase, type AccessRule } from '@gatehouse/auth-core';
import type { StoredAccessRule } from '@gatehouse/ports';
import type { AccessRule as AccessRuleRecord } from '../generated/sqlite/client.ts';
import { storable } from '../sql.ts';

/** What the column `rule` holds. */
type Body = Omit<AccessRule, 'id' | 'phase'>;

/** Rows are written by this package alone; one that cannot be read is not left out, for that would grant more. */
function phaseOf(phase: string): AccessPhase {
  const known = ACCESS_PHASES.find((one) => one === phase);
  if (known === undefined) throw new TypeError(`a stored access rule has the phase ${phase}`);
  return known;
}

export const accessRuleFromRecord = (record: AccessRuleRecord): StoredAccessRule => ({
  ...(JSON.parse(record.rule) as Body),
  id: record.id,
  phase: phaseOf(record.phase),
  version: record.version,
  comment: record.comment,
  createdAt: Number(record.createdAt),
  createdBy: record.createdBy,
  updatedAt: Number(record.updatedAt),
});

/** The same without what JSON in a database cannot hold: U+0000 ends texts in PostgreSQL. */
export const bodyText = ({ permission, who, action, topics, qos, retain }: Body): string =>
  storable(
    JSON.stringify({
      permission,
      who,
      action,
      topics,
      ...(qos === undefined ? {} : { qos }),
      ...(retain === undefined ? {} : { retain }),
    }),
  );
