import type { Handler } from './handler.ts';

/** AUTH: the client asks to be authenticated again, or answers what its method asks (MQTT 5.0 §3.15, §4.12.1). */
export const handleAuth: Handler<'auth'> = (client, packet) => {
  client.reauthenticate(packet);
};
