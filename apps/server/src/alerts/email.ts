import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { OutboundPolicy } from '@gatehouse/connectors';
import { ALERT_LIMITS, type AlertTarget, type SendOutcome } from '@gatehouse/ports';
import type { AlertMessageBody } from './message.ts';

type EmailTarget = Extract<AlertTarget, { kind: 'email' }>;

/** Milliseconds that a mail may take in all. */
const MAIL_MS_MAX = 20_000;
const SUBJECT_CHARACTERS_MAX = 150;
const WORDS = { firing: 'FIRING', repeat: 'STILL FIRING', resolved: 'resolved', test: 'test' } as const;

/** One line: whatever could end a header or turn the text around is a space. */
const oneLine = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, SUBJECT_CHARACTERS_MAX);

/** The mail of a message: plain text, its subject of our own words and the rule's name. */
export function mailOf(message: AlertMessageBody): { readonly subject: string; readonly text: string } {
  const lines = [
    message.summary,
    '',
    `Rule:     ${message.rule.name}`,
    `Since:    ${message.firedAt}`,
    ...(message.resolvedAt === null ? [] : [`Until:    ${message.resolvedAt}`]),
    `Node:     ${message.node}`,
    ...(message.link === null ? [] : [`Details:  ${message.link}`]),
    ...(message.items.length === 0 ? [] : ['']),
    ...message.items.map(
      ({ value, clientId }) =>
        `  ${value}${clientId === null ? '' : `  (client ID ${JSON.stringify(clientId)})`}`,
    ),
  ];
  const subject = `[Gatehouse ${WORDS[message.event]}] ${message.rule.name}: ${message.summary}`;
  return {
    subject: oneLine(subject),
    text: lines.map((line) => line.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')).join('\n'),
  };
}

/** SMTP error codes of nodemailer as people read them; its messages may carry what the server said, and nothing else does. */
const TOO_SLOW = 'the mail server did not answer in time';
const FAILURES: Readonly<Record<string, string>> = {
  EAUTH: 'the mail server did not take user name and password',
  ETLS: 'no TLS could be agreed on',
  ESOCKET: 'the connection failed (TLS, or closed by the mail server)',
  ECONNECTION: 'the mail server cannot be reached',
  ETIMEDOUT: TOO_SLOW,
  EDNS: 'the mail server’s name is not known',
  EENVELOPE: 'the mail server did not take sender or recipients',
  EMESSAGE: 'the mail server did not take the message',
};

/** What Node says when it does not trust who answers; nodemailer keeps the text and puts its own code in place of Node's. */
const UNTRUSTED = /\bcertificate\b/i;

const failureOf = (error: unknown): string => {
  if (error instanceof Error && UNTRUSTED.test(error.message))
    return 'the mail server’s certificate does not verify';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const status = error instanceof Error && 'responseCode' in error ? ` (${String(error.responseCode)})` : '';
  return (FAILURES[code] ?? 'the mail was not sent') + status;
};

/** Sends a mail to a server that the outbound policy allows, pinned to the address that was judged; never rejects. */
export async function sendMail(
  policy: OutboundPolicy,
  target: EmailTarget,
  password: string | undefined,
  message: AlertMessageBody,
): Promise<SendOutcome> {
  const { host, port, security, username, from, to, ca } = target;
  try {
    // Loaded by whoever sends mail: others do without its memory.
    const { createTransport } = await import('nodemailer');
    const judged = await policy.targets(host, port);
    const [address] = judged.addresses ?? [];
    if (address === undefined)
      return { ok: false, failure: 'refused' in judged ? judged.refused : 'no address' };
    const transport = createTransport({
      host: address,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      // An address is no name to ask for; the certificate is held against it all the same.
      tls: { ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === '' ? {} : { ca }) },
      ...(username === '' || password === undefined ? {} : { auth: { user: username, pass: password } }),
      connectionTimeout: ALERT_LIMITS.deliveryMs,
      greetingTimeout: ALERT_LIMITS.deliveryMs,
      socketTimeout: ALERT_LIMITS.deliveryMs,
      dnsTimeout: ALERT_LIMITS.deliveryMs,
      // A message is text: nothing in it is fetched or read from a file.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const sent = transport.sendMail({ from, to: [...to], ...mailOf(message) });
      // The single steps have their limits; a server that drips has this one.
      sent.catch(() => undefined);
      const over = pause(MAIL_MS_MAX, 'over' as const, { ref: false });
      if ((await Promise.race([sent, over])) === 'over') return { ok: false, failure: TOO_SLOW };
      return { ok: true };
    } finally {
      transport.close();
    }
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}
