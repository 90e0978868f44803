import { fact, quoted } from '../statement.ts';
import { type Cause, detailText } from './cause.ts';

/** What the listener saw, in the words of the record. */
const seen =
  (key: string, tell: (detail: (name: string) => string) => string): Cause =>
  (row) => {
    const names = Object.keys(row.detail);
    if (names.length === 0) return [];
    const values = Object.fromEntries(names.map((name) => [name, detailText(row, name) ?? '']));
    return [
      fact(
        key,
        values,
        tell((name) => values[name] ?? ''),
      ),
    ];
  };

export const malformedConnect = seen(
  'malformed-connect',
  (detail) => `The CONNECT packet is not valid: ${detail('what')}.`,
);

export const unknownVersion = seen(
  'protocol-version',
  (detail) => `The client asked for ${detail('what')}, which is not served.`,
);

export const tooLarge = seen(
  'packet-too-large',
  (detail) =>
    `Its first packet has ${detail('bytes')} bytes; ${detail('limitBytes')} are allowed before it is admitted.`,
);

export const wrongPath = seen(
  'ws-path',
  (detail) =>
    `It asked for the path ${quoted(detail('path'))}; MQTT is served on ${quoted(detail('expected'))}.`,
);

export const wrongOrigin = seen(
  'ws-origin',
  (detail) => `Its page comes from ${quoted(detail('origin'))}, which is not among the allowed origins.`,
);

export const wrongSubprotocol = seen('ws-subprotocol', (detail) =>
  detail('offered') === ''
    ? `It offered no WebSocket subprotocol; ${quoted(detail('expected'))} is needed.`
    : `It offered the WebSocket subprotocols ${quoted(detail('offered'))}; ${quoted(detail('expected'))} is needed.`,
);

export const boundReached = seen('bound-reached', (detail) => `The bound ${detail('bound')} was reached.`);
