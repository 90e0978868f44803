// docs/reference/api.md: every call of the API, its scope and its problems, from the contract.
import { ENDPOINTS, PROBLEMS, ROLES, ROLE_SCOPES, SCOPES, TAGS } from '../packages/contract/dist/index.js';
import { cell, emit } from './lib/generated.mjs';

const calls = (tag) =>
  Object.values(ENDPOINTS)
    .filter((endpoint) => endpoint.tag === tag)
    .map((endpoint) => {
      const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
      return `| \`${endpoint.method}\` | \`${path}\` | ${cell(endpoint.access)} | ${cell(endpoint.summary)} |`;
    });

const lines = [
  '# Management API',
  '',
  'Generated from `packages/contract`. The running server has the same as OpenAPI 3.1 at `/api/openapi.json` and, readable,',
  'at `/api/docs`. Send `Authorization: Bearer KEY` (make one with `npx gatehouse api-keys create`). Lists take `limit`,',
  '`cursor` and `sort`, and answer `{ items, next, prev, total, totalIsExact }`; times are ISO 8601 UTC; errors are RFC 9457',
  'problems with a `code`, the field paths and a request id.',
  '',
  ...TAGS.flatMap((tag) => [
    `## ${tag}`,
    '',
    '| | path | access | what |',
    '|---|---|---|---|',
    ...calls(tag),
    '',
  ]),
  '## Roles and scopes',
  '',
  `| scope | ${ROLES.join(' | ')} |`,
  `|---|${ROLES.map(() => '---').join('|')}|`,
  ...SCOPES.map(
    (scope) =>
      `| \`${scope}\` | ${ROLES.map((role) => (ROLE_SCOPES[role].includes(scope) ? '✓' : '')).join(' | ')} |`,
  ),
  '',
  '## Problems',
  '',
  '| code | status | title |',
  '|---|---|---|',
  ...Object.entries(PROBLEMS).map(
    ([code, { status, title }]) => `| \`${code}\` | ${status} | ${cell(title)} |`,
  ),
  '',
];
await emit('docs/reference/api.md', lines.join('\n'));
