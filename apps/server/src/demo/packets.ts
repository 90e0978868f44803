/** MQTT's length-prefixed text (MQTT 5.0 §1.5.4). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Variable byte integer (MQTT 5.0 §1.5.5). */
function variable(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

const CONNECT = 0x10;
const CLEAN_START = 0x02;
const USERNAME_AND_PASSWORD = 0xc0;
const LEVEL_3_1_1 = 4;

/** MQTT 3.1.1 without a client ID and without Clean Session, which [MQTT-3.1.3-8] forbids. */
export function namelessConnect(username: string, password: string): Buffer {
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([LEVEL_3_1_1, USERNAME_AND_PASSWORD, 0, 60]),
    text(''),
    text(username),
    text(password),
  ]);
  return Buffer.concat([Buffer.from([CONNECT]), variable(body.length), body]);
}

/** A CONNECT of a protocol level that no library would send. */
export function connectOfLevel(level: number, clientId: string): Buffer {
  const body = Buffer.concat([text('MQTT'), Buffer.from([level, CLEAN_START, 0, 60]), text(clientId)]);
  return Buffer.concat([Buffer.from([CONNECT]), variable(body.length), body]);
}

/** The beginning of a CONNECT that announces more bytes than any server takes before a login. */
export const oversizedConnect = (announcedBytes: number): Buffer =>
  Buffer.concat([Buffer.from([CONNECT]), variable(announcedBytes), text('MQTT')]);

/** What a browser sends that was pointed at the MQTT port. */
export const httpRequest = (): Buffer =>
  Buffer.from('GET / HTTP/1.1\r\nHost: broker.example\r\nUser-Agent: Mozilla/5.0\r\n\r\n');

/** A ClientHello's record header and first bytes: TLS spoken to a plain port. */
export const clientHello = (): Buffer => Buffer.from('160301006c010000680303', 'hex');

/** Another protocol altogether. */
export const sshBanner = (): Buffer => Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n');
