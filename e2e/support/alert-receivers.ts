import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** What a webhook of the test's own was sent. */
export interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly message: Message;
}

/** The documented fields of a message about an alert. */
export interface Message {
  readonly event: string;
  readonly id: string;
  readonly summary: string;
  readonly value: number;
  readonly rule: { readonly name: string; readonly kind: string };
  readonly items: readonly { readonly value: string; readonly clientId: string | null }[];
  readonly link: string | null;
}

/** A webhook that keeps what it gets; `status` is what it answers with. */
export async function webhookReceiver() {
  const calls: Call[] = [];
  const state = { status: 204 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      calls.push({ headers: request.headers, body, message: JSON.parse(body) as Message });
      response.writeHead(state.status, { location: '/elsewhere' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    state,
    url: `http://127.0.0.1:${String(port)}/hook?token=T0K3N`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Whether a call carries the signature of its body, as the guide says to check it. */
export function isSigned({ headers, body }: Call, secret: string): boolean {
  const [, time = '', signature = ''] =
    /^t=(\d+),v1=([\da-f]{64})$/.exec(String(headers['x-gatehouse-signature'])) ?? [];
  return createHmac('sha256', secret).update(`${time}.${body}`).digest('hex') === signature;
}

/** A mail server without TLS that keeps the mails it gets. */
export async function mailReceiver() {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    mails,
    port,
    close: () => {
      server.close();
    },
  };
}
