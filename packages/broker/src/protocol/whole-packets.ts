import { type Packet, type Parser, parser } from 'mqtt-packet';
import type { ProtocolVersion } from '@gatehouse/auth-core';

interface SharedParser {
  readonly parser: Parser;
  /** Hands over what was read since the last call. */
  take(): Packet | undefined;
}

const parsers = new Map<ProtocolVersion, SharedParser>();

/**
 * Reads one whole packet with mqtt-packet; undefined when it cannot be read. A parser has no memory of the packets before
 * as long as each is whole and well-formed, so that one serves all connections of a version; after any other it is thrown
 * away with what it holds. CONNECT has a reader of its own: a parser would keep it, with its secrets.
 */
export function parseWhole(bytes: Buffer, version: ProtocolVersion): Packet | undefined {
  const shared = parsers.get(version) ?? create(version);
  parsers.delete(version);
  shared.parser.parse(bytes);
  const packet = shared.take();
  if (packet !== undefined) parsers.set(version, shared);
  return packet;
}

function create(version: ProtocolVersion): SharedParser {
  let read: Packet | undefined;
  return {
    parser: parser({ protocolVersion: version })
      .on('packet', (packet) => {
        read = packet;
      })
      .on('error', () => {
        read = undefined;
      }),
    take: () => {
      const packet = read;
      read = undefined;
      return packet;
    },
  };
}
