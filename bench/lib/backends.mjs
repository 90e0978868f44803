// The backends of the authenticators, each a real server of its own that knows the same devices.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/** The tests start the same servers; what they need for it is imported from there. */
const support = async (name) => {
  const path = fileURLToPath(new URL(`../../packages/connectors/test/support/${name}.ts`, import.meta.url));
  return (await runnerImport(path)).module;
};

export const PASSWORD = 'public';
const SHA256 = createHash('sha256').update(PASSWORD).digest('hex');
/** `public` in {SSHA}, as OpenLDAP stores it. */
const SSHA = '{SSHA}Q+cYNAZ9Wdg66TS7gGcBeLgQub5zYWx0';
const ROWS_PER_STATEMENT = 1_000;

const inserts = (usernames) => {
  const statements = [];
  for (let at = 0; at < usernames.length; at += ROWS_PER_STATEMENT) {
    const rows = usernames.slice(at, at + ROWS_PER_STATEMENT).map((name) => `('${name}', '${SHA256}')`);
    statements.push(`insert into mqtt_user values ${rows.join(',')}`);
  }
  return statements;
};
const TABLE = 'create table mqtt_user (username varchar(64) primary key, password varchar(64))';
const ACCOUNT = { username: 'gatehouse', password: 'backend-secret' };

/**
 * Each starts its server with these devices and tells what the authenticator needs to ask it.
 * @type {Record<string, (usernames: string[]) => Promise<{ settings: object, stop: () => Promise<void> }>>}
 */
export const BACKENDS = {
  async mysql(usernames) {
    const { startMariaDb } = await support('mariadb');
    const { admin, port, stop } = await startMariaDb();
    for (const statement of [TABLE, ...inserts(usernames)]) await admin.query(statement);
    return { settings: { type: 'mysql', server: `127.0.0.1:${port}`, ...ACCOUNT }, stop };
  },

  async postgresql(usernames) {
    const { startPostgres } = await support('postgres');
    const { admin, port, stop } = await startPostgres();
    for (const statement of [TABLE, ...inserts(usernames)]) await admin.query(statement);
    return { settings: { type: 'postgresql', server: `127.0.0.1:${port}`, ...ACCOUNT }, stop };
  },

  async redis(usernames) {
    const { startRedis } = await support('redis-servers');
    const { admin, port, stop } = await startRedis();
    const pipeline = admin.pipeline();
    for (const name of usernames) pipeline.hset(`mqtt_user:${name}`, 'password', SHA256);
    await pipeline.exec();
    return {
      settings: { type: 'redis', servers: [`127.0.0.1:${port}`], password_hash: 'sha256' },
      stop,
    };
  },

  async mongodb(usernames) {
    const { startMongoWire } = await support('mongo-wire');
    const documents = { mqtt_user: usernames.map((username) => ({ username, password: SHA256 })) };
    const { port, close } = await startMongoWire({ documents });
    return { settings: { type: 'mongodb', servers: [`127.0.0.1:${port}`] }, stop: close };
  },

  async ldap(usernames) {
    const { device, DEVICES, ROOT, startSlapd } = await support('slapd');
    const { port, stop } = await startSlapd(
      usernames.map((name) => device(name, { userPassword: SSHA })).join(''),
    );
    return {
      settings: {
        type: 'ldap',
        servers: [`127.0.0.1:${port}`],
        bind_dn: ROOT.dn,
        bind_password: ROOT.password,
        // Found by its name: the directory of the tests has no index for a search.
        base_dn: `uid=\${username},${DEVICES}`,
        scope: 'base',
      },
      stop,
    };
  },

  async http() {
    const service = createServer((request, response) => {
      void text(request).then((body) => {
        const right = new URLSearchParams(body).get('password') === PASSWORD;
        response.writeHead(right ? 200 : 401).end();
      });
    });
    await new Promise((resolve) => service.listen(0, '127.0.0.1', resolve));
    return {
      settings: {
        type: 'http',
        contract: 'status',
        url: `http://127.0.0.1:${service.address().port}/auth`,
        absent: 'omit',
      },
      stop: () => {
        service.closeAllConnections();
        return new Promise((resolve) => service.close(resolve));
      },
    };
  },
};
