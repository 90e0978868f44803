import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import { action, newCommand, type Host } from './command.ts';
import { fileText, readSecret } from './io.ts';
import { table } from './output.ts';
import { safe } from '../safe-text.ts';
import { withApi } from './with-api.ts';

const options = z.object({
  username: z.string().optional(),
  passwordStdin: z.boolean().default(false),
  clientId: z.string().default(''),
  ip: z.string().optional(),
  listener: z.string().optional(),
  authMethod: z.string().optional(),
  certificate: z.string().optional(),
  pskIdentity: z.string().optional(),
  protocol: z.enum(['3', '4', '5']).default('5').transform(Number),
});

/** `gatehouse try`: would this client be admitted, and why? Exits 0 when admitted, 3 when refused. */
export function tryCommand(host: Host): Command {
  const command = newCommand('try', 'would this client be admitted, and why? Nothing is recorded')
    .option('--username <name>', 'username')
    .option('--password-stdin', 'read the password from standard input')
    .option('--client-id <id>', 'client ID')
    .option('--ip <address>', 'address it comes from')
    .option('--listener <name>', 'listener it comes to')
    .option('--auth-method <name>', 'MQTT 5 enhanced authentication: SCRAM-SHA-256 or SCRAM-SHA-512')
    .option('--certificate <file>', 'certificate that it presents (PEM, with its CAs’; no private key)')
    .option('--psk-identity <identity>', 'identity whose pre-shared key it proves')
    .option('--protocol <level>', '3 (3.1), 4 (3.1.1) or 5 (5.0)');
  return action(host, command, options, async (context, { passwordStdin, certificate: file, ...attempt }) => {
    const password = passwordStdin ? await readSecret(context.io.stdin) : undefined;
    const certificate = file === undefined ? undefined : fileText(file);
    const result = await withApi(context, ({ api, running }) => {
      if (!running && (certificate ?? attempt.pskIdentity) !== undefined) {
        throw new Failure(
          'No server runs: only its listeners can tell what they make of a certificate or a key.',
        );
      }
      return api.call(ENDPOINTS.tryAttempt, { body: { ...attempt, password, certificate } });
    });
    context.out.answer(result, () => [
      result.outcome === 'allow'
        ? `Admitted by ${result.by}.`
        : `Refused by ${result.by}: ${result.reason ?? result.outcome}.`,
      ...table(
        ['step', 'type', 'outcome', 'reason', 'ms', 'detail'],
        result.trace.map((step) => [
          step.authenticator,
          step.type,
          step.outcome,
          step.reason,
          step.ms,
          safe(JSON.stringify(step.detail ?? {})),
        ]),
      ),
    ]);
    return result.outcome === 'allow' ? EXIT.done : EXIT.refused;
  });
}
