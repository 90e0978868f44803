import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../problem.ts';

/**
 * Refuses writes that another site's page makes. Browsers send `Origin` with every write; without one, only a caller
 * that brings no cookie and shows no browser's `Sec-Fetch-Site` of another site passes.
 */
export const checkOrigin = (
  request: FastifyRequest,
  allowed: readonly string[],
  withCookie: boolean,
): void => {
  const origin = request.headers.origin;
  if (origin !== undefined) {
    if (!allowed.includes(origin)) throw new ProblemError('origin-denied');
    return;
  }
  const site = request.headers['sec-fetch-site'];
  if (withCookie || (site !== undefined && site !== 'same-origin')) throw new ProblemError('origin-denied');
};
