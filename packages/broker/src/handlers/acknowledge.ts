import type { OnlineClient } from '../connection/client.ts';
import { encodeAck, encodeWordedAck } from '../protocol/acks.ts';
import { encode } from '../protocol/codec.ts';
import type { AckPacket } from '../protocol/packets.ts';
import { REASON_WORDS, ReasonCode } from '../protocol/reason-codes.ts';

/**
 * An acknowledgement with its code and, for MQTT 5, what that means in words: unless the client wants none
 * ([MQTT-3.1.2-29]) or cannot take a packet so large ([MQTT-3.4.2-2], [MQTT-3.5.2-2], [MQTT-3.6.2-2], [MQTT-3.7.2-2]).
 */
export function acknowledge(
  { version, problemInformation, packetBytesMax }: OnlineClient,
  cmd: AckPacket['cmd'],
  packetId: number,
  code: number,
): Buffer {
  const isRefusal = code >= ReasonCode.unspecifiedError;
  const words = isRefusal && version === 5 && problemInformation ? REASON_WORDS.get(code) : undefined;
  if (words !== undefined) {
    const worded = encodeWordedAck(cmd, packetId, code, words);
    if (worded.length <= packetBytesMax) return worded;
  }
  return encodeAck(cmd, packetId, version, code);
}

/** SUBACK or UNSUBACK with a code for each filter, in their order; words as above ([MQTT-3.9.2-1], [MQTT-3.11.2-1]). */
export function acknowledgeFilters(
  { version, problemInformation, packetBytesMax }: OnlineClient,
  cmd: 'suback' | 'unsuback',
  messageId: number,
  granted: number[],
): Buffer {
  const words = [...new Set(granted.flatMap((code) => REASON_WORDS.get(code) ?? []))];
  if (version === 5 && problemInformation && words.length > 0) {
    const worded = encode(
      { cmd, messageId, granted, properties: { reasonString: words.join(', ') } },
      version,
    );
    if (worded.length <= packetBytesMax) return worded;
  }
  return encode({ cmd, messageId, granted }, version);
}
