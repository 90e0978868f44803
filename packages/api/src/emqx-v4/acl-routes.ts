import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { contextOf } from '../http/authentication.ts';
import { addAcl, type AclWho, isAbout, listAcl, type ListedAcl, removeAcl } from './acl.ts';
import { CODES, failed, ok } from './envelope.ts';
import { ITEMS_MAX, itemOf, paging, schema } from './parts.ts';

const READ = { config: { access: 'access:read' }, schema } as const;
const WRITE = { config: { access: 'access:write' }, schema } as const;

const nameParams = z.object({ name: z.string().min(1) });
const topicParams = z.object({ name: z.string().optional(), topic: z.string().min(1) });

/** The paths under which EMQX lists and removes rules, and whom each is about. */
const KINDS = ['clientid', 'username'] as const;

/** `/api/v4/acl` as EMQX 4.3 answers it: the rules of the global list that its form can tell. */
export function addAclRoutes(scope: FastifyInstance): void {
  scope.post('/acl', WRITE, (request) => answerAdd(request));
  scope.get('/acl/$all', READ, (request) => answerList(request, (acl) => 'all' in acl));
  scope.delete('/acl/$all/topic/:topic', WRITE, (request) => answerRemove(request, () => ({ all: '$all' })));
  for (const kind of KINDS) {
    const whoOf = (name: string): AclWho => (kind === 'clientid' ? { clientid: name } : { username: name });
    scope.get(`/acl/${kind}`, READ, (request) => answerList(request, (acl) => kind in acl));
    scope.get(`/acl/${kind}/:name`, READ, async (request) => {
      const who = whoOf(nameParams.parse(request.params).name);
      const found = (await listAcl(contextOf(request))).filter((acl) => isAbout(acl, who));
      return ok(found);
    });
    scope.delete(`/acl/${kind}/:name/topic/:topic`, WRITE, (request) => answerRemove(request, whoOf));
  }
}

const FILTERS = ['clientid', 'username', 'topic', 'action', 'access'] as const;

/** Whether a rule is what the query names, exactly or as a part (`_like_…`). */
const isAsked = (acl: ListedAcl, query: Readonly<Record<string, unknown>>): boolean => {
  const values: Readonly<Record<string, string>> = { ...acl };
  return FILTERS.every((key) => {
    const { [key]: exact, [`_like_${key}`]: like } = query;
    return (
      (typeof exact !== 'string' || values[key] === exact) &&
      (typeof like !== 'string' || values[key]?.includes(like) === true)
    );
  });
};

async function answerList(request: FastifyRequest, fits: (acl: ListedAcl) => boolean) {
  const query = paging.safeParse(request.query);
  if (!query.success) return failed(CODES.badParameter, '_page and _limit must be whole numbers from 1 on');
  const { _page: page, _limit: limit } = query.data;
  const all = (await listAcl(contextOf(request))).filter((acl) => fits(acl) && isAsked(acl, query.data));
  const from = (page - 1) * limit;
  return ok(all.slice(from, from + limit), {
    page,
    limit,
    count: all.length,
    hasnext: from + limit < all.length,
  });
}

/** One is answered with what was made; each of several by itself, as EMQX does. */
async function answerAdd(request: FastifyRequest) {
  const { body } = request;
  if (!Array.isArray(body)) {
    const item = itemOf(body);
    const added = await addAcl(contextOf(request), item);
    return added.result === 'ok' ? ok(echoOf(item, 'ok')) : failed(CODES.badParameter, added.message);
  }
  if (body.length > ITEMS_MAX) return failed(CODES.badParameter, `an array of at most ${ITEMS_MAX}`);
  const results: object[] = [];
  for (const item of body.map(itemOf)) {
    const added = await addAcl(contextOf(request), item);
    results.push(echoOf(item, added.result === 'ok' ? 'ok' : `{error,${added.message}}`));
  }
  return ok(results);
}

const ECHOED = ['clientid', 'username', 'topic', 'action', 'access'] as const;

const echoOf = (item: Readonly<Record<string, unknown>>, result: string): object => ({
  ...(item['clientid'] === undefined && item['username'] === undefined ? { all: '$all' } : {}),
  ...Object.fromEntries(ECHOED.flatMap((key) => (typeof item[key] === 'string' ? [[key, item[key]]] : []))),
  result,
});

async function answerRemove(request: FastifyRequest, whoOf: (name: string) => AclWho) {
  const { name = '', topic } = topicParams.parse(request.params);
  await removeAcl(contextOf(request), whoOf(name), topic);
  return ok();
}
