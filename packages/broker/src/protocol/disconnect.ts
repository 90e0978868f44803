import { encode } from './codec.ts';

/** What decides how much a client is told. */
interface Listening {
  readonly packetBytesMax: number;
  readonly problemInformation: boolean;
}

/**
 * A DISCONNECT of MQTT 5 with its reason in words, as far as the client wants and can take them ([MQTT-3.14.2-3]);
 * undefined where even the code does not fit.
 */
export function encodeDisconnect(
  reasonCode: number,
  reasonString: string,
  { packetBytesMax, problemInformation }: Listening,
): Buffer | undefined {
  const worded = encode({ cmd: 'disconnect', reasonCode, properties: { reasonString } }, 5);
  if (problemInformation && worded.length <= packetBytesMax) return worded;
  const bare = encode({ cmd: 'disconnect', reasonCode }, 5);
  return bare.length <= packetBytesMax ? bare : undefined;
}
