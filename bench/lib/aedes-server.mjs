// Aedes as its users run it: one process, passwords checked against SHA-256. Reads its users as JSON from standard input.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:net';
import { json } from 'node:stream/consumers';
import { Aedes } from 'aedes';

const sha256 = (value) => createHash('sha256').update(value).digest();
const users = new Map((await json(process.stdin)).map((user) => [user.username, sha256(user.password)]));

const broker = await Aedes.createBroker({
  // Its default is three times the queue of one client; a drop would be counted as a loss.
  queueLimit: 1_000,
  maxClientsIdLength: 64,
  authenticate(_client, username, password, done) {
    const expected = users.get(username);
    const right = expected !== undefined && timingSafeEqual(expected, sha256(password ?? ''));
    if (right) done(null, true);
    else done(Object.assign(new Error('refused'), { returnCode: 4 }), false);
  },
});
createServer({ noDelay: true }, broker.handle).listen(Number(process.argv[2]), '127.0.0.1');
