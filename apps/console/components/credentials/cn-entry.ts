import type { CnRulesDraft } from './typed-draft';

/** What a new entry of rules by common name begins with. */
export const NEW_RULES: CnRulesDraft['rules'] = [
  { permission: 'allow', action: 'all', topic: 'devices/${cn}/#' },
];

/** The RE2 expression that exactly this name matches. */
export const exactly = (commonName: string): string => commonName.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/** The entries with one for this name, where there is none yet. */
export function withEntryFor(
  entries: readonly CnRulesDraft[] | null,
  commonName: string,
): readonly CnRulesDraft[] {
  const pattern = exactly(commonName);
  const known = entries ?? [];
  return known.some((entry) => entry.pattern === pattern) ? known : [...known, { pattern, rules: NEW_RULES }];
}
