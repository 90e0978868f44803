import type { AccessRule } from '@gatehouse/auth-core';
import { refuseDeclared } from '../authentication/guard.ts';
import type { Context } from '../../context.ts';
import type { Announcing, House } from '../../house.ts';
import { ProblemError } from '../../problem.ts';
import type { ListedRule } from '../../present/access-rule.ts';
import { accessRuleProblems } from '@gatehouse/auth-core';

/** Where the configuration has them. */
export const RULES_PATH = 'auth.rules';

/** The rules by configuration or else by store, in the order in which they are asked. */
export const rulesInForce = async ({
  store,
  auth,
}: Pick<House, 'store' | 'auth'>): Promise<readonly ListedRule[]> =>
  auth.declared.rules ?? (await store.accessRules.all());

/** The rules in force as the data plane takes them. */
export const currentAccessRules = async (
  house: Pick<House, 'store' | 'auth'>,
): Promise<readonly AccessRule[]> =>
  (await rulesInForce(house)).map(({ id, phase, permission, who, action, topics, qos, retain }) => ({
    id,
    phase,
    permission,
    who,
    action,
    topics,
    ...(qos === undefined ? {} : { qos }),
    ...(retain === undefined ? {} : { retain }),
  }));

/** Tells the data plane, after the commit, which rules are in force. */
export const announceAccess = async ({ house }: Announcing): Promise<void> => {
  house.dataPlane.publish({ kind: 'access-changed', rules: await currentAccessRules(house) });
};

/** What the configuration declares is changed there. */
export const refuseDeclaredRules = ({ house: { auth } }: Context): void => {
  refuseDeclared(auth, RULES_PATH, auth.declared.rules !== undefined);
};

/** Throws what is wrong with the parts that the schema cannot judge. */
export const checkRule = (rule: Pick<AccessRule, 'who' | 'topics'>): void => {
  const errors = accessRuleProblems(rule);
  if (errors.length > 0) throw new ProblemError('invalid-input', { errors: [...errors] });
};
