import type { Config } from '../config/schema.ts';
import { consoleUrl, nodeName } from '../runtime/addresses.ts';
import type { MessageSource } from './message.ts';

/** Whom messages name as their sender, and where their links lead. */
export function messageSource(config: Config, ports: Readonly<Record<string, number>>): MessageSource {
  const port = ports['console'];
  const isKnown = config.console.public_url !== '' || port !== undefined;
  return {
    node: nodeName(config),
    consoleOrigin: isKnown ? consoleUrl(config, port ?? config.console.port) : undefined,
  };
}
