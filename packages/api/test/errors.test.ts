import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { addErrorHandling } from '../src/http/errors.ts';
import { watchRegistration } from '../src/http/registered-routes.ts';
import { ProblemError } from '../src/problem.ts';

const named = (name: string): Error => Object.assign(new Error('secret inside'), { name });
const coded = (code: string): Error => Object.assign(new Error('secret inside'), { code });

const answerTo = async (error: Error) => {
  const app = fastify();
  watchRegistration(app);
  addErrorHandling(app);
  app.get('/', { config: { access: 'public' } }, () => {
    throw error;
  });
  return app.inject({ method: 'GET', url: '/' });
};

describe('an error', () => {
  it.each([
    [new ProblemError('conflict', { detail: 'taken' }), 409, 'conflict', undefined],
    [new ProblemError('too-many-requests', { retryAfterSeconds: 7 }), 429, 'too-many-requests', '7'],
    [named('HashingBusyError'), 429, 'too-many-requests', '1'],
    [coded('ECONNREFUSED'), 503, 'store-unavailable', '2'],
    [new Error('wrapped', { cause: coded('57P01') }), 503, 'store-unavailable', '2'],
    [new Error('secret inside'), 500, 'internal', undefined],
  ])('%s is answered %i %s', async (error, status, code, retryAfter) => {
    const response = await answerTo(error);
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code]);
    expect(response.headers['retry-after']).toBe(retryAfter);
    expect(response.body).not.toContain('secret inside');
  });
});
