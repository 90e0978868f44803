import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import { action, collect, newCommand, type Host } from './command.ts';
import { readBytes } from './io.ts';
import { withServer } from './with-server.ts';

/** What one publish carries; the API has the same bound. */
const PAYLOAD_BYTES_MAX = 1_048_576;

const options = z.object({
  topic: z.string(),
  message: z.string().optional(),
  stdin: z.boolean().default(false),
  qos: z.coerce.number().int().min(0).max(2),
  retain: z.boolean().default(false),
  contentType: z.string().optional(),
  responseTopic: z.string().optional(),
  expiry: z.coerce.number().int().min(0).optional(),
  userProperty: z.array(z.string().regex(/^[^=]*=/, 'is not name=value')).optional(),
});
type Options = z.output<typeof options>;

const propertiesOf = ({ contentType, responseTopic, expiry, userProperty }: Options) => ({
  contentType,
  responseTopic,
  expirySeconds: expiry,
  userProperties: userProperty?.map((text) => {
    const at = text.indexOf('=');
    return { name: text.slice(0, at), value: text.slice(at + 1) };
  }),
});

/** `gatehouse publish`: one message, as the server. */
export function publishCommand(host: Host): Command {
  const command = newCommand('publish', 'publish one message as the server')
    .requiredOption('--topic <topic>', 'where to')
    .option('--message <text>', 'the payload; without it and --stdin it is empty')
    .option('--stdin', 'the payload is read from standard input, byte for byte')
    .option('--qos <level>', '0, 1 or 2', '0')
    .option('--retain', 'keep it for new subscribers')
    .option('--content-type <type>', 'MQTT 5')
    .option('--response-topic <topic>', 'MQTT 5')
    .option('--expiry <seconds>', 'MQTT 5')
    .option('--user-property <name=value>', 'MQTT 5; may be repeated', collect);
  return action(host, command, options, async (context, given) => {
    if (given.stdin && given.message !== undefined)
      throw new Failure('Wrong usage: give --message or --stdin, not both.', EXIT.usage);
    const payload = given.stdin
      ? await readBytes(context.io.stdin, PAYLOAD_BYTES_MAX)
      : Buffer.from(given.message ?? '');
    const { topic, qos, retain } = given;
    const body = {
      topic,
      qos,
      retain,
      payload: payload.toString('base64'),
      encoding: 'base64',
      properties: propertiesOf(given),
    };
    const { receivers } = await withServer(context, (api) => api.call(ENDPOINTS.publish, { body }));
    context.out.answer({ receivers }, () => [`Published for ${receivers} sessions.`]);
    return EXIT.done;
  });
}
