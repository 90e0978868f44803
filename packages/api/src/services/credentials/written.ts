import type { Credential, CredentialWriteResult } from '@gatehouse/ports';
import { ProblemError } from '../../problem.ts';

/** As many as there may be of this kind are there. */
export const noRoom = (max: number): ProblemError =>
  new ProblemError('limit-reached', {
    detail: `There may be ${max} such credentials; remove one first.`,
  });

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
      throw noRoom(result.max);
    case 'not-found':
      throw new ProblemError('not-found');
    case 'version-mismatch':
      throw new ProblemError('precondition-failed', {
        detail: `It has version ${result.current.version} now.`,
      });
  }
};
