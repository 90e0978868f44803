import { ProblemError } from '../../problem.ts';
import type { AuthDeps } from '../../house.ts';

/** What the configuration declares, it owns: the console shows it locked, and it is changed there (auth.md §2). */
export function refuseDeclared(deps: AuthDeps, path: string, isDeclared: boolean): void {
  if (!isDeclared) return;
  throw new ProblemError('conflict', {
    detail: `It is declared in ${deps.declared.where(path)}: change it there.`,
  });
}

/** `If-Match` guards against a lost update. */
export function checkVersion(current: number, ifVersion: number | undefined): void {
  if (ifVersion !== undefined && ifVersion !== current) throw new ProblemError('precondition-failed');
}
