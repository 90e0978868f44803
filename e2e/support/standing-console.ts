import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request as ask, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../apps/console/server.mjs', import.meta.url));

/** The request id of every problem that the failing API answers. */
export const FAILED_REQUEST = 'req-that-failed';

/** The console as it is run for real, on an API that can be made to fail. */
export interface StandingConsole {
  readonly origin: string;
  /** Has everything but the question who is signed in answered with a problem. */
  fail(failing: boolean): void;
  stop(): Promise<void>;
}

/**
 * Starts the built console in front of a server's API, through a passage of this test's own. The API takes writes of
 * `knownOrigin` alone: the passage says that these come from there.
 */
export async function startStandingConsole(apiPort: number, knownOrigin: string): Promise<StandingConsole> {
  let failing = false;
  const told = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
    headers.origin === undefined ? headers : { ...headers, origin: knownOrigin };
  const passage = createServer((incoming, outgoing) => {
    if (failing && incoming.url !== '/api/v1/session') {
      outgoing.writeHead(500, { 'content-type': 'application/problem+json' });
      outgoing.end(PROBLEM);
      return;
    }
    const { method, url, headers } = incoming;
    const passed = ask(
      { host: '127.0.0.1', port: apiPort, method, path: url, headers: told(headers), agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  const port = await listening(passage);
  const child = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      PORT: '0',
      GATEHOUSE_API_URL: `http://127.0.0.1:${String(port)}`,
      GATEHOUSE_TEST_LOCALES: 'on',
      GATEHOUSE_DEV_PAGES: 'on',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    origin: `http://127.0.0.1:${await consolePort(child)}`,
    fail: (next) => void (failing = next),
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      passage.closeAllConnections();
      passage.close();
    },
  };
}

const PROBLEM = JSON.stringify({
  type: 'urn:gatehouse:problem:internal',
  title: 'Something went wrong here',
  status: 500,
  code: 'internal',
  requestId: FAILED_REQUEST,
});

async function listening(server: HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The port that the console says it listens on. */
async function consolePort({ stdout }: ChildProcess): Promise<string> {
  if (stdout !== null) {
    for await (const line of createInterface({ input: stdout })) {
      const port = /"listening":(\d+)/.exec(line)?.[1];
      if (port !== undefined) return port;
    }
  }
  throw new Error('the console did not start: is it built?');
}
