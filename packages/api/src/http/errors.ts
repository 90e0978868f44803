import { type FieldError, fieldErrorsAt, PROBLEMS, type ProblemCode } from '@gatehouse/contract';
import { InvalidCursorError, isSilence } from '@gatehouse/ports';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ProblemError, toProblem } from '../problem.ts';
import { allowedMethods } from './registered-routes.ts';

/** Fastify's own refusals by status; their texts name no secret, but only ours are promised. */
const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-input',
  404: 'not-found',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
};

const DETAIL_BY_CODE: Readonly<Record<string, string>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
  FST_ERR_BAD_URL: 'The address is not validly encoded.',
};

interface ValidationIssue {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

const fieldErrors = ({ instancePath, message, params }: ValidationIssue): readonly FieldError[] =>
  fieldErrorsAt(
    instancePath.split('/').filter((part) => part !== ''),
    message,
    params?.['keys'],
  );

const isClientFault = (error: unknown): error is { readonly statusCode: number; readonly code?: string } =>
  error instanceof Error &&
  'statusCode' in error &&
  typeof error.statusCode === 'number' &&
  error.statusCode < 500;

/** The hash workers have too much to do; known by name, because hashing is no dependency of the API. */
const isBusy = (error: unknown): boolean => error instanceof Error && error.name === 'HashingBusyError';
const BUSY_RETRY_SECONDS = 1;

/** Codes by which the databases say that they cannot serve now: connection lost, shutting down, locked, disk full. */
const STORE_DOWN: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  '08001',
  '08006',
  '57P01',
  '57P03',
  'SQLITE_BUSY',
  'SQLITE_FULL',
  'SQLITE_IOERR',
]);
const STORE_RETRY_SECONDS = 2;

/** Looks at the error and at what it was caused by: drivers are wrapped. */
const isStoreDown = (error: unknown): boolean =>
  error instanceof Error && (('code' in error && STORE_DOWN.has(error.code)) || isStoreDown(error.cause));

const toProblemError = (error: unknown): ProblemError => {
  if (error instanceof ProblemError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return new ProblemError('invalid-input', { errors: error.validation.flatMap(fieldErrors) });
  }
  if (isBusy(error)) return new ProblemError('too-many-requests', { retryAfterSeconds: BUSY_RETRY_SECONDS });
  if (isStoreDown(error)) {
    return new ProblemError('store-unavailable', { retryAfterSeconds: STORE_RETRY_SECONDS });
  }
  if (isSilence(error)) {
    return new ProblemError('nodes-silent', {
      detail: error.message,
      retryAfterSeconds: STORE_RETRY_SECONDS,
    });
  }
  if (error instanceof InvalidCursorError) return new ProblemError('invalid-cursor');
  if (isClientFault(error)) {
    const detail = DETAIL_BY_CODE[error.code ?? ''];
    return new ProblemError(
      BY_STATUS[error.statusCode] ?? 'invalid-input',
      detail === undefined ? {} : { detail },
    );
  }
  return new ProblemError('internal', { detail: 'The log has the cause under this request id.' });
};

const sendProblem = (problem: ProblemError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  return reply
    .code(PROBLEMS[problem.code].status)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send(toProblem(problem, request.id));
};

/** The one place where errors become answers. */
export const handleError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const problem = toProblemError(error);
  if (PROBLEMS[problem.code].status >= 500)
    request.log.error({ err: error, requestId: request.id }, 'request failed');
  return sendProblem(problem, request, reply);
};

export const addErrorHandling = (app: FastifyInstance): void => {
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((request, reply) => {
    const methods = allowedMethods(app, request.url);
    if (methods.length === 0) return sendProblem(new ProblemError('not-found'), request, reply);
    reply.header('allow', methods.join(', '));
    return sendProblem(new ProblemError('method-not-allowed'), request, reply);
  });
};
