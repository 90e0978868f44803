import type { Credential, CredentialWriteResult } from '@gatehouse/ports';
import { ProblemError } from '../../problem.ts';

/** The credential that was written, or the problem that fits why it was not. */
export const written = (result: CredentialWriteResult): Credential => {
  switch (result.result) {
    case 'ok':
      return result.credential;
    case 'conflict':
      throw new ProblemError('conflict', {
        detail: `The credential "${result.existing.name}" has this identity.`,
      });
    case 'full':
      throw new ProblemError('limit-reached', {
        detail: `There may be ${result.max} such credentials; remove one first.`,
      });
    case 'not-found':
      throw new ProblemError('not-found');
    case 'version-mismatch':
      throw new ProblemError('precondition-failed', {
        detail: `It has version ${result.current.version} now.`,
      });
  }
};
