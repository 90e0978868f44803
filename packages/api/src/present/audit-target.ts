import type { AuditWrite } from '@gatehouse/ports';

/** Names that the target of an entry about many tells, and so the names that it is found by; the count is always whole. */
export const TARGET_NAMES_MAX = 50;
/** Characters of such a target; an entry is read with a page of others. */
const TARGET_CHARACTERS_MAX = 2_000;
const MORE = '…';

interface Named {
  readonly id: string;
  readonly name: string;
}

const cut = (text: string): string =>
  text.length > TARGET_CHARACTERS_MAX ? `${text.slice(0, TARGET_CHARACTERS_MAX)}${MORE}` : text;

/**
 * What a change of several was about, as the audit log lists and searches it: one is itself, of more there are the count
 * and the names. `count` is given where not all of them are.
 *
 * @example manyTarget('credential', [{ id: 'a', name: 'meter-1' }, { id: 'b', name: 'meter-2' }]).name // '2: meter-1, meter-2'
 */
export function manyTarget(
  kind: string,
  named: readonly Named[],
  count: number = named.length,
): NonNullable<AuditWrite['target']> {
  const [first, ...others] = named;
  if (first !== undefined && others.length === 0 && count === 1) return { kind, ...first };
  const names = named.slice(0, TARGET_NAMES_MAX).map(({ name }) => name);
  if (count > names.length) names.push(MORE);
  const told = named.length === 0 ? '' : `: ${names.join(', ')}`;
  return { kind, id: 'many', name: cut(`${count}${told}`) };
}
