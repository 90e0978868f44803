import { pino, type Logger } from 'pino';
import type { Config } from '../config/schema.ts';

/** Where the log goes: standard error. */
const LOG_FD = 2;

/** Names under which a secret could reach a log line by mistake; whatever stands there is replaced. */
const REDACTED = ['password', 'secret', 'token', 'key', 'authorization', 'cookie'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** What pino writes in every line; the rest are facts. */
interface Line {
  readonly time: number;
  readonly level: number;
  readonly thread: string;
  readonly msg?: string;
}

/** One JSON line of pino as a line for people. */
function asText(line: string): string {
  const { time, level, msg, thread, ...facts } = JSON.parse(line) as Line;
  const at = new Date(time).toISOString().slice(11, 23);
  const rest = Object.entries(facts).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${[at, (LEVELS[level] ?? '').padEnd(5), thread, msg ?? '', ...rest].filter((part) => part !== '').join('  ')}\n`;
}

/** A logger of one thread. Lines are written whole and at once, so that the threads' lines never mix. */
export function createLogger(log: Config['log'], thread: 'data' | 'control'): Logger {
  const destination = pino.destination({ fd: LOG_FD, sync: true });
  const stream =
    log.format === 'json' ? destination : { write: (line: string) => void destination.write(asText(line)) };
  return pino(
    { level: log.level, base: { thread }, redact: { paths: REDACTED, censor: '[secret]' } },
    stream,
  );
}
