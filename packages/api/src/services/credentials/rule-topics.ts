import type { FieldError } from '@gatehouse/contract';
import { type AclRule, isTopicFilter } from '@gatehouse/auth-core';
import { ProblemError } from '../../problem.ts';

/** Said of a rule that could never match anything. */
export const NO_TOPIC_FILTER = 'is no topic filter: + and # stand alone between slashes, and # comes last';

/** A literal rule is compared as text, so that any text will do. */
export const hasTopicFilter = ({ topic, literal }: Pick<AclRule, 'topic' | 'literal'>): boolean =>
  literal === true || isTopicFilter(topic);

/** @throws ProblemError 400 that names each rule whose topic is no filter. */
export const checkRuleTopics = (
  rules: readonly { readonly topic: string; readonly literal?: boolean | undefined }[] | undefined,
): void => {
  const errors = (rules ?? []).flatMap(({ topic, literal }, at): FieldError[] =>
    hasTopicFilter(literal === undefined ? { topic } : { topic, literal })
      ? []
      : [{ path: `rules.${at}.topic`, message: NO_TOPIC_FILTER }],
  );
  if (errors.length > 0) throw new ProblemError('invalid-input', { errors });
};
