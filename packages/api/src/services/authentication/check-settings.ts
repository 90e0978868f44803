import type { RawAuthenticator } from '@gatehouse/ports';
import type { AuthDeps } from '../../house.ts';
import { ProblemError } from '../../problem.ts';

/** Refuses settings that do not fit, each problem by its path and with what is accepted; nothing is saved then. */
export function checkSettings({ catalogue }: AuthDeps, raw: RawAuthenticator): void {
  const problems = catalogue.check(raw);
  if (problems.length === 0) return;
  throw new ProblemError('invalid-input', {
    errors: problems.map(({ path, found, accepted }) => ({
      path: path === '' ? 'settings' : `settings.${path}`,
      message: `${found}; accepted: ${accepted}`,
    })),
  });
}
