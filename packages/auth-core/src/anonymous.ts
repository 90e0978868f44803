import { DEFAULT_RULES } from './acl/default-rules.ts';
import type { Attempt } from './attempt.ts';
import type { Grant } from './verdict.ts';

/**
 * What happens when no authenticator decided (auth.md §2): `deny`, `allow`, or `quick_deny`, which refuses a client
 * without a username before the chain is called at all.
 */
export const ANONYMOUS_POLICIES = ['deny', 'allow', 'quick_deny'] as const;
export type AnonymousPolicy = (typeof ANONYMOUS_POLICIES)[number];

/** An empty username counts as none (reference/emqx.md C5). */
export const usernameOf = (attempt: Pick<Attempt, 'username'>): string | undefined =>
  attempt.username === '' ? undefined : attempt.username;

/**
 * What a client gets that nobody vouched for. Its principal is its client ID: the username of such a client was
 * never checked, so it must not decide who owns a session.
 */
export const anonymousGrant = (attempt: Attempt): Grant => ({
  principal: { namespace: 'anonymous', subject: attempt.clientId },
  superuser: false,
  rules: DEFAULT_RULES,
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: true,
});
