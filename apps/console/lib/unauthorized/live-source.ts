import type { StreamEvent } from '@gatehouse/contract';
import { STREAM_KINDS, parseEvent } from './live-event';

export type Connection = 'off' | 'connecting' | 'live' | 'retrying' | 'resting';

const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 30_000;

/** Growing waits with chance in them, so that a restarted server is not met by all consoles at once. */
export const retryDelayMs = (failures: number, chance: number): number =>
  Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10)) * (0.5 + chance / 2);

interface LiveSourceOptions {
  readonly url: string;
  readonly onEvent: (event: StreamEvent) => void;
  readonly onConnection: (connection: Connection) => void;
  /** The stream was not open for a while, at the start as later: what happened meanwhile has to be read. */
  readonly onGap: () => void;
}

/** Passes on every event that can be read. */
function listen(source: EventSource, onEvent: LiveSourceOptions['onEvent']): void {
  const hear = (message: MessageEvent<unknown>): void => {
    const event = parseEvent(message.data);
    if (event !== null) onEvent(event);
  };
  for (const kind of STREAM_KINDS) source.addEventListener(kind, hear);
}

/** Keeps one event stream open while the tab is seen; returns how to end it. */
export function openLiveSource({ url, onEvent, onConnection, onGap }: LiveSourceOptions): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  // The page's rows were read before the stream was open: what came in between is a gap too.
  let hadGap = true;

  const stop = (): void => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const connect = (): void => {
    stop();
    onConnection(failures === 0 ? 'connecting' : 'retrying');
    const opened = new EventSource(url);
    source = opened;
    listen(opened, onEvent);
    opened.onopen = () => {
      failures = 0;
      onConnection('live');
      if (hadGap) onGap();
      hadGap = false;
    };
    opened.onerror = () => {
      stop();
      hadGap = true;
      onConnection('retrying');
      timer = setTimeout(connect, retryDelayMs(failures, Math.random()));
      failures += 1;
    };
  };
  const onVisibility = (): void => {
    if (!document.hidden) connect();
    else {
      stop();
      hadGap = true;
      onConnection('resting');
    }
  };
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    stop();
  };
}
