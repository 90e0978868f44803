// Raw sockets with prebuilt CONNECT packets: cheap enough that the generator is not what is measured.
import { connect } from 'node:net';

const KEEP_ALIVE_SECONDS = 60;

const uint16 = (value) => Buffer.from([value >> 8, value & 0xff]);
const text = (value) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint16(bytes.length), bytes]);
};

/** A 3.1.1 CONNECT, with clean session unless told otherwise. Short enough for a one- or two-byte remaining length. */
export function connectPacket({
  clientId,
  username,
  password,
  cleanSession = true,
  keepAliveSeconds = KEEP_ALIVE_SECONDS,
}) {
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([4, cleanSession ? 0xc2 : 0xc0]),
    uint16(keepAliveSeconds),
    text(clientId),
    text(username),
    text(password),
  ]);
  const length = body.length < 128 ? [body.length] : [(body.length % 128) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([0x10, ...length]), body]);
}

/** One connection: resolves to the CONNACK code (or -1 without one) and the milliseconds from connect to CONNACK. */
export function attempt(port, packet, localAddress) {
  return new Promise((resolve) => {
    const started = performance.now();
    let code = -1;
    let ms = 0;
    const socket = connect({ port, host: '127.0.0.1', ...(localAddress ? { localAddress } : {}) }, () =>
      socket.write(packet),
    );
    socket.on('data', (data) => {
      code = data[3] ?? -1;
      ms = performance.now() - started;
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ code, ms }));
  });
}

/** Makes `count` attempts, whatever they are, with `inFlight` at a time. */
export async function inParallel(count, inFlight, make, onResult) {
  let next = 0;
  const worker = async () => {
    while (next < count) onResult(await make(next++));
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

/** Makes `count` attempts by their CONNECT packets with `inFlight` at a time. */
export const storm = (port, count, inFlight, packetOf, onResult, localAddressOf = () => undefined) =>
  inParallel(count, inFlight, (index) => attempt(port, packetOf(index), localAddressOf(index)), onResult);
