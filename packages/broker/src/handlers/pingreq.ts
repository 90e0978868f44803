import type { Handler } from './handler.ts';

const PINGRESP = Buffer.from([0xd0, 0x00]);

/** PINGREQ: answered at once ([MQTT-3.12.4-1]); the keep-alive has already noted it. */
export const handlePingreq: Handler<'pingreq'> = (client) => {
  client.send(PINGRESP);
};
