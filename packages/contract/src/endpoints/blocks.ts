import { z } from 'zod';
import {
  block,
  blockPreview,
  blocksListQuery,
  blocksPage,
  blockTarget,
  createBlock,
  updateBlock,
} from '../blocks.ts';
import { idParams } from '../common.ts';
import { endpoint } from '../endpoint.ts';

const tag = 'Blocked clients';

export const BLOCK_ENDPOINTS = {
  listBlocks: endpoint({
    method: 'GET',
    path: '/api/v1/blocked-clients',
    access: 'blocks:read',
    tag,
    summary: 'Blocks, filtered, sorted, in pages',
    query: blocksListQuery,
    response: blocksPage,
    problems: ['invalid-cursor'],
  }),
  createBlock: endpoint({
    method: 'POST',
    path: '/api/v1/blocked-clients',
    access: 'blocks:write',
    tag,
    summary: 'Block a client ID, username, address, network, certificate or pattern',
    description:
      'In force within a second, for superusers too: open sessions that it meets are closed with 0x98 (administrative action), new ones are refused with `CLIENT_BLOCKED` (0x8A, or 5 before MQTT 5). A block of the same that has ended is replaced. `Idempotency-Key` makes a retry safe: within ten minutes the same key and body get the same answer and make nothing twice.',
    body: createBlock,
    status: 201,
    response: block,
    problems: ['conflict', 'limit-reached'],
  }),
  previewBlock: endpoint({
    method: 'POST',
    path: '/api/v1/blocked-clients/preview',
    access: 'blocks:write',
    tag,
    summary: 'Whom a block would meet: open sessions, and clients refused within a day; nothing is done',
    body: blockTarget,
    response: blockPreview,
    problems: ['too-many-requests'],
  }),
  getBlock: endpoint({
    method: 'GET',
    path: '/api/v1/blocked-clients/:id',
    access: 'blocks:read',
    tag,
    summary: 'One block; `ETag` is its version',
    params: idParams,
    response: block,
    problems: ['not-found'],
  }),
  updateBlock: endpoint({
    method: 'PATCH',
    path: '/api/v1/blocked-clients/:id',
    access: 'blocks:write',
    tag,
    summary: 'Change when a block ends, or its comment; `If-Match` guards against a lost update',
    params: idParams,
    body: updateBlock,
    response: block,
    problems: ['not-found', 'precondition-failed'],
  }),
  deleteBlock: endpoint({
    method: 'DELETE',
    path: '/api/v1/blocked-clients/:id',
    access: 'blocks:write',
    tag,
    summary: 'Remove a block; clients that it met are let in again at once',
    params: idParams,
    status: 204,
    response: z.undefined(),
    problems: ['not-found'],
  }),
} as const;
