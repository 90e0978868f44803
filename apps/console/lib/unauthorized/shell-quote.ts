const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const escapeUnseen = (character: string): string => {
  if (character === "'" || character === '\\') return `\\${character}`;
  if (!CONTROL.test(character)) return character;
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
};

/** One argument of a POSIX shell; characters that cannot be seen are written as escapes (bash, zsh, ksh). */
export function shellQuote(text: string): string {
  if (PLAIN.test(text)) return text;
  if (CONTROL.test(text)) return `$'${Array.from(text, escapeUnseen).join('')}'`;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

interface PublishCommand {
  readonly host: string;
  readonly port: number;
  readonly clientId?: string | null;
  readonly username?: string | null;
  readonly password?: string | null;
  readonly topic?: string;
}

/** A `mosquitto_pub` line that can be pasted into a shell. */
export function publishCommand(options: PublishCommand): string {
  const { host, port, clientId, username, password, topic = 'test' } = options;
  const flag = (name: string, value: string | null | undefined): string =>
    value === null || value === undefined || value === '' ? '' : ` ${name} ${shellQuote(value)}`;
  return `mosquitto_pub -h ${shellQuote(host)} -p ${port}${flag('-i', clientId)}${flag('-u', username)}${flag('-P', password)} -t ${shellQuote(topic)} -m hello`;
}
