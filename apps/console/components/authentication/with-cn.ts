import { exactly, NEW_RULES } from '../credentials/cn-entry.ts';
import { isTree, type Tree } from './schema.ts';

/** A refused certificate's name that rules are to be added for, and the credential of the settings that it matched. */
export interface AddedCn {
  readonly cn: string;
  readonly credential: string | null;
}

/** The settings with rules for this common name; as they are where they hold no such credential, or the rules already. */
export function withRulesForCn(settings: Tree, { cn, credential }: AddedCn): Tree {
  const { credentials } = settings;
  if (!Array.isArray(credentials)) return settings;
  const pattern = exactly(cn);
  return {
    ...settings,
    credentials: credentials.map((one: unknown) => {
      if (!isTree(one) || one['name'] !== credential) return one;
      const rules = isTree(one['rules_by_cn']) ? one['rules_by_cn'] : {};
      return { ...one, rules_by_cn: { [pattern]: NEW_RULES, ...rules } };
    }),
  };
}
