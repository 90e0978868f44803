/** What the audit log tells of, by the API's codes: each has its words under `did`. Done to several at once it ends in `-many`. */
export const AUDIT_ACTIONS = [
  'access-rule.create',
  'access-rule.delete',
  'access-rule.move',
  'access-rule.update',
  'account.change-password',
  'account.enrol-totp',
  'account.link-identity',
  'account.remove-totp',
  'account.replace-recovery-codes',
  'account.unlink-identity',
  'account.update',
  'account.use-recovery-code',
  'acl-cache.clear',
  'alert-channel.create',
  'alert-channel.delete',
  'alert-channel.test',
  'alert-channel.update',
  'alert-rule.create',
  'alert-rule.delete',
  'alert-rule.update',
  'alert-silence.create',
  'alert-silence.delete',
  'anonymous.revert',
  'anonymous.update',
  'api-key.create',
  'api-key.delete',
  'audit.export',
  'audit.verify',
  'authenticator.create',
  'authenticator.delete',
  'authenticator.revert',
  'authenticator.test',
  'authenticator.update',
  'backup.make',
  'block.create',
  'block.delete',
  'block.update',
  'ca.distrust',
  'ca.trust',
  'certificate.issue',
  'certificate.renew',
  'certificate.revoke',
  'chain.dry-run',
  'chain.revert',
  'chain.update',
  'client.disconnect',
  'credential.accept-previous-secret',
  'credential.create',
  'credential.delete',
  'credential.disable',
  'credential.enable',
  'credential.export',
  'credential.import',
  'credential.reset-secret',
  'credential.update',
  'denials.clear',
  'guessing.forgive',
  'invitation.accept',
  'invitation.create',
  'invitation.delete',
  'message.publish',
  'messages.close',
  'messages.open',
  'retained.delete',
  'server.drain',
  'session.confirm',
  'session.end',
  'session.end-others',
  'session.login',
  'session.login-failed',
  'session.logout',
  'session.release',
  'setup.issue-link',
  'sign-in.update',
  'subscription.remove',
  'try.run',
  'unauthorized.delete',
  'unauthorized.export',
  'unauthorized.forgive-failures',
  'unauthorized.undo',
  'user.create',
  'user.delete',
  'user.reset-totp',
  'user.update',
  'watch.start',
] as const;

const MANY = '-many';

/** The words of the audit log's page. */
type Say = (key: string, values?: Record<string, string>) => string;

/** An action in words; a code of a newer server stands for itself. */
export function wordsOf(t: Say, code: string): string {
  const isMany = code.endsWith(MANY);
  const single = isMany ? code.slice(0, -MANY.length) : code;
  const known = AUDIT_ACTIONS.find((one) => one === single);
  if (known === undefined) return code;
  return isMany ? t('several', { what: t(`did.${known}`) }) : t(`did.${known}`);
}

/** Letters from which on words are looked for: with fewer they are in nearly all. */
const SEARCHED_MIN = 3;

/** Actions whose words hold what is searched for: the server knows their codes alone. */
export function actionsNamed(t: Say, search: string | null): readonly string[] {
  const wanted = search?.trim().toLowerCase() ?? '';
  if (wanted.length < SEARCHED_MIN) return [];
  return AUDIT_ACTIONS.flatMap((one) => [one, `${one}${MANY}`]).filter((code) =>
    wordsOf(t, code).toLowerCase().includes(wanted),
  );
}
