import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidField } from '../problem.ts';
import { IDEMPOTENCY } from '../security/idempotency.ts';

/** The version that `If-Match` asks for; undefined without one, or with `*`. */
export const ifMatchVersion = (request: FastifyRequest): number | undefined => {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(header)?.[1];
  if (version === undefined) throw invalidField('If-Match', 'must be an ETag of this resource, e.g. "3"');
  return Number(version);
};

export const setEtag = (reply: FastifyReply, version: number): void => {
  reply.header('etag', `"${version}"`);
};

export const idempotencyKey = (request: FastifyRequest): string | undefined => {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || header === '' || header.length > IDEMPOTENCY.keyCharsMax) {
    throw invalidField('Idempotency-Key', `must have 1 to ${IDEMPOTENCY.keyCharsMax} characters`);
  }
  return header;
};
