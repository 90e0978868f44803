import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { safe } from '../safe-text.ts';

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

/** What JSON lets stand as it is, though it moves a terminal's cursor or turns a line around. */
const UNSEEN = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu;

/** A line of JSON that means the same and is fit for a terminal. */
const asSafeJson = (line: string): string =>
  line.replace(UNSEEN, (sign) =>
    Array.from(
      { length: sign.length },
      (_, unit) => `\\u${sign.charCodeAt(unit).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/** What pino writes in every line; the rest are facts. */
interface Line {
  readonly time: number;
  readonly level: number;
  readonly thread: string;
  readonly msg?: string;
}

/** One JSON line of pino as a line for people; what a client called itself ends no line and moves no cursor. */
function asText(line: string): string {
  const { time, level, msg, thread, ...facts } = JSON.parse(line) as Line;
  const at = new Date(time).toISOString().slice(11, 23);
  const rest = Object.entries(facts).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const parts = [at, (LEVELS[level] ?? '').padEnd(5), thread, msg ?? '', ...rest];
  return `${safe(parts.filter((part) => part !== '').join('  '))}\n`;
}

/** A logger of one thread. Lines are written whole and at once, so that the threads' lines never mix. */
export function createLogger(
  log: Config['log'],
  thread: 'data' | 'control',
  destination: DestinationStream = pino.destination({ fd: LOG_FD, sync: true }),
): Logger {
  const shown = log.format === 'json' ? asSafeJson : asText;
  const stream = {
    write: (line: string) => {
      destination.write(shown(line));
    },
  };
  return pino(
    { level: log.level, base: { thread }, redact: { paths: REDACTED, censor: '[secret]' } },
    stream,
  );
}
