import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJsonArray } from './json-array.ts';

/** Has the routes of a scope take CSV as text, and JSON as an array that is read part by part. */
export function addImportParsers(scope: FastifyInstance): void {
  scope.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, parsed) => {
    parsed(null, body);
  });
  // Fastify's own, which refuses what poisons a prototype.
  const parseWhole = scope.getDefaultJsonParser('error', 'error');
  const parse = (request: FastifyRequest, text: string): unknown => {
    let result: unknown;
    void parseWhole(request, text, (error, value) => {
      if (error !== null) throw error;
      result = value;
    });
    return result;
  };
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    (request: FastifyRequest, body: string) => parseJsonArray(body, (text) => parse(request, text)),
  );
}
