import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

const attachment = (reply: FastifyReply, fileName: string, chunks: AsyncIterable<string>): FastifyReply =>
  reply
    .header('content-disposition', `attachment; filename="${fileName}"`)
    .send(Readable.from(chunks, { objectMode: false }));

/** Sends rows as they come; the whole is never held. */
export const sendCsv = (reply: FastifyReply, fileName: string, chunks: AsyncIterable<string>): FastifyReply =>
  attachment(reply.type('text/csv; charset=utf-8'), fileName, chunks);

export const sendJson = (
  reply: FastifyReply,
  fileName: string,
  chunks: AsyncIterable<string>,
): FastifyReply => attachment(reply.type('application/json; charset=utf-8'), fileName, chunks);
