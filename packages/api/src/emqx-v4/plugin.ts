import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { contextOf } from '../http/authentication.ts';
import { ProblemError } from '../problem.ts';
import { addAclRoutes } from './acl-routes.ts';
import { CODES, failed, ok } from './envelope.ts';
import {
  addIdentity,
  type Added,
  findIdentity,
  type Kind,
  type ListedIdentity,
  listIdentities,
  removeIdentity,
  setPassword,
} from './identities.ts';
import { ITEMS_MAX, itemOf, paging, schema } from './parts.ts';

const PASSWORD_CHARS_MAX = 1_024;

const KINDS: readonly Kind[] = ['clientid', 'username'];

const nameParams = z.object({ name: z.string().min(1) });
const passwordBody = z.looseObject({ password: z.string().min(1).max(PASSWORD_CHARS_MAX) });

/**
 * `/api/v4/auth_clientid`, `/api/v4/auth_username` and `/api/v4/acl` as EMQX 4.3 answers them, so that provisioning scripts go on working:
 * Basic auth with an API key as the secret, status 200 with a `code`. No browser may use it: no challenge is sent, and a
 * request that has an `Origin` is refused.
 */
export const addEmqxV4 = async (app: FastifyInstance): Promise<void> => {
  await app.register(
    (scope, _options, done) => {
      scope.setErrorHandler(answerError);
      scope.addHook('onRequest', (request, _reply, next) => {
        next(request.headers.origin === undefined ? undefined : new ProblemError('origin-denied'));
      });
      for (const kind of KINDS) addKind(scope, kind);
      addAclRoutes(scope);
      done();
    },
    { prefix: '/api/v4' },
  );
};

const READ = { config: { access: 'credentials:read' }, schema } as const;
const WRITE = { config: { access: 'credentials:write' }, schema } as const;

function addKind(scope: FastifyInstance, kind: Kind): void {
  const collection = `/auth_${kind}`;
  const one = `${collection}/:name`;
  scope.get(collection, READ, (request) => answerList(request, kind));
  scope.get(one, READ, async (request) => {
    const { name } = nameParams.parse(request.params);
    const found = await findIdentity(contextOf(request), kind, name);
    return ok(found === undefined ? {} : present(kind, found));
  });
  scope.post(collection, WRITE, (request) => answerAdd(request, kind));
  scope.put(one, WRITE, async (request) => {
    const { name } = nameParams.parse(request.params);
    const body = passwordBody.safeParse(request.body);
    if (!body.success) return failed(CODES.badParameter, 'password must be a text that is not empty');
    const isThere = await setPassword(contextOf(request), kind, name, body.data.password);
    return isThere ? ok() : failed(CODES.noSuchUser, 'noexisted');
  });
  scope.delete(one, WRITE, async (request) => {
    await removeIdentity(contextOf(request), kind, nameParams.parse(request.params).name);
    return ok();
  });
}

const present = (kind: Kind, { name, createdAt }: ListedIdentity) => ({
  [kind]: name,
  created_at: createdAt,
});

async function answerList(request: FastifyRequest, kind: Kind) {
  const query = paging.safeParse(request.query);
  if (!query.success) return failed(CODES.badParameter, '_page and _limit must be whole numbers from 1 on');
  const { _page: page, _limit: limit } = query.data;
  const exact = query.data[kind];
  const like = query.data[`_like_${kind}`];
  const all = await listIdentities(
    contextOf(request),
    kind,
    (name) =>
      (typeof exact !== 'string' || name === exact) && (typeof like !== 'string' || name.includes(like)),
  );
  const from = (page - 1) * limit;
  return ok(
    all.slice(from, from + limit).map((identity) => present(kind, identity)),
    { page, limit, count: all.length, hasnext: from + limit < all.length },
  );
}

async function answerAdd(request: FastifyRequest, kind: Kind) {
  const { body } = request;
  if (!Array.isArray(body)) return answerAdded(await addOne(request, kind, itemOf(body)));
  if (body.length > ITEMS_MAX) return failed(CODES.badParameter, `an array of at most ${ITEMS_MAX}`);
  const results: Record<string, string> = {};
  for (const item of body.map(itemOf)) {
    const added = await addOne(request, kind, item);
    results[String(item[kind])] = inMap(added);
  }
  return ok(results);
}

const addOne = (
  request: FastifyRequest,
  kind: Kind,
  item: Readonly<Record<string, unknown>>,
): Promise<Added> => addIdentity(contextOf(request), kind, item[kind], item['password']);

/** As Erlang prints it, which is what scripts compare with. */
const inMap = (added: Added): string => {
  if (added.result === 'invalid') return `{error,${added.message}}`;
  return added.result === 'ok' ? 'ok' : '{error,existed}';
};

const answerAdded = (added: Added) => {
  if (added.result === 'invalid') return failed(CODES.badParameter, added.message);
  return added.result === 'ok' ? ok() : failed(CODES.exists, 'existed');
};

/** Errors in EMQX's envelope; what it answers with a status of its own keeps it. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ProblemError) {
    if (error.code === 'unauthenticated')
      return reply.code(401).send(failed(CODES.wrongLogin, 'wrong application ID or secret'));
    if (error.code === 'forbidden' || error.code === 'origin-denied')
      return reply.code(403).send(failed(CODES.unknown, error.message));
    const [first] = error.errors;
    const message = first === undefined ? error.message : `${first.path}: ${first.message}`;
    return reply.code(200).send(failed(CODES.badParameter, message));
  }
  const status =
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
      ? error.statusCode
      : 500;
  if (status >= 500)
    request.log.error({ err: error, requestId: request.id }, 'a request of the EMQX API failed');
  const message = status >= 500 ? `the log has the cause under ${request.id}` : 'the request is not valid';
  return reply.code(status).send(failed(CODES.unknown, message));
}
