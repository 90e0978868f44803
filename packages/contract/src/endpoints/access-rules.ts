import { z } from 'zod';
import {
  accessAnswer,
  accessRule,
  accessRulesPage,
  accessRulesQuery,
  aclCache,
  aclCacheQuery,
  createAccessRule,
  denialsPage,
  denialsQuery,
  moveAccessRule,
  tryAccessBody,
  updateAccessRule,
} from '../access-rules.ts';
import { idParams } from '../common.ts';
import { deletedCount } from '../credentials.ts';
import { endpoint } from '../endpoint.ts';

const tag = 'Access rules' as const;
const READ = 'access:read' as const;
const WRITE = 'access:write' as const;
const EFFECT =
  'In force within a second, in sessions that are open too: subscriptions that are forbidden now end. Rules that the configuration declares are changed there: a conflict.';

export const ACCESS_ENDPOINTS = {
  listAccessRules: endpoint({
    method: 'GET',
    path: '/api/v1/acl-rules',
    access: READ,
    tag,
    summary:
      'The global access rules in the order in which they are asked, and what happens where none matches',
    query: accessRulesQuery,
    response: accessRulesPage,
    problems: ['invalid-cursor'],
  }),
  createAccessRule: endpoint({
    method: 'POST',
    path: '/api/v1/acl-rules',
    access: WRITE,
    tag,
    summary: 'Add a rule; without `phase` a deny is asked before the client’s own rules and an allow after',
    description: EFFECT,
    body: createAccessRule,
    status: 201,
    response: accessRule,
    problems: ['conflict', 'limit-reached'],
  }),
  getAccessRule: endpoint({
    method: 'GET',
    path: '/api/v1/acl-rules/:id',
    access: READ,
    tag,
    summary: 'One rule; `ETag` is its version',
    params: idParams,
    response: accessRule,
    problems: ['not-found'],
  }),
  updateAccessRule: endpoint({
    method: 'PATCH',
    path: '/api/v1/acl-rules/:id',
    access: WRITE,
    tag,
    summary: 'Change a rule; `If-Match` guards against a lost update',
    description: EFFECT,
    params: idParams,
    body: updateAccessRule,
    response: accessRule,
    problems: ['not-found', 'conflict', 'precondition-failed'],
  }),
  moveAccessRule: endpoint({
    method: 'POST',
    path: '/api/v1/acl-rules/:id/move',
    access: WRITE,
    tag,
    summary: 'Put a rule at another place, in its phase or the other',
    description: EFFECT,
    params: idParams,
    body: moveAccessRule,
    response: accessRule,
    problems: ['not-found', 'conflict'],
  }),
  deleteAccessRule: endpoint({
    method: 'DELETE',
    path: '/api/v1/acl-rules/:id',
    access: WRITE,
    tag,
    summary: 'Remove a rule',
    description: EFFECT,
    params: idParams,
    status: 204,
    response: z.undefined(),
    problems: ['not-found', 'conflict'],
  }),
  tryAccess: endpoint({
    method: 'POST',
    path: '/api/v1/acl-rules/try',
    access: READ,
    tag,
    summary: 'May this client publish or subscribe to that, and which rule says so?',
    description:
      'Asked of the open session of that client ID if there is one, else of the stored credential that names the client. Nothing is recorded, and no source outside is asked.',
    body: tryAccessBody,
    response: accessAnswer,
  }),
  listDenials: endpoint({
    method: 'GET',
    path: '/api/v1/denials',
    access: READ,
    tag,
    summary: 'What clients that were let in may not do and tried, the last first',
    description:
      'Kept for 30 days: the 10 000 that came last, each with its count; those that give way, and more than 2 000 different ones within a second, are only counted (`aggregated`). Texts of clients are cut at 512 characters.',
    query: denialsQuery,
    response: denialsPage,
    problems: ['invalid-cursor'],
  }),
  clearDenials: endpoint({
    method: 'DELETE',
    path: '/api/v1/denials',
    access: WRITE,
    tag,
    summary: 'Forget the denials so far',
    response: deletedCount,
  }),
  getAclCache: endpoint({
    method: 'GET',
    path: '/api/v1/acl-cache',
    access: READ,
    tag,
    summary: 'How many answers of sources about topics are remembered, and of how many clients',
    response: aclCache,
    problems: ['too-many-requests'],
  }),
  clearAclCache: endpoint({
    method: 'DELETE',
    path: '/api/v1/acl-cache',
    access: WRITE,
    tag,
    summary: 'Forget what sources answered about topics, of one client or of all: they are asked anew',
    query: aclCacheQuery,
    status: 204,
    response: z.undefined(),
  }),
} as const;
