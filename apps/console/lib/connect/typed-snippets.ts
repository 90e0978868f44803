import type { CredentialWithSecretDto, StartStatusDto } from '@gatehouse/contract';
import { shellQuote } from '../shell-quote';
import { fileBase } from './certificate-snippets';
import { exampleTopic } from './snippets';
import { CA_FILE } from './targets';

/** MQTT's own port over TLS, where the server has not told which. */
const MQTTS_PORT = 8883;

type Broker = Pick<StartStatusDto['mqtt'], 'host' | 'tlsPort' | 'ownCa'>;
type Shown = Pick<CredentialWithSecretDto, 'psk' | 'x509' | 'secret' | 'rules' | 'username' | 'clientId'>;

const portOf = ({ tlsPort }: Broker): number => tlsPort ?? MQTTS_PORT;

const lines = (...parts: readonly string[]): string => parts.join(' \\\n  ');

const publish = (credential: Shown): string => `-t ${shellQuote(exampleTopic(credential))} -m hello`;

/** A message by mosquitto_pub with a pre-shared key. */
export function pskMosquitto(broker: Broker, credential: Shown): string {
  const identity = credential.psk?.identity ?? '';
  return lines(
    `mosquitto_pub -h ${shellQuote(broker.host)} -p ${portOf(broker)} --tls-version tlsv1.2`,
    `--psk-identity ${shellQuote(identity)}`,
    `--psk ${credential.secret ?? '<key>'}`,
    publish(credential),
  );
}

/** The handshake alone, by openssl: whether identity and key are right. */
export function pskOpenssl(broker: Broker, credential: Shown): string {
  const host = broker.host.includes(':') ? `[${broker.host}]` : broker.host;
  return lines(
    `openssl s_client -connect ${shellQuote(`${host}:${portOf(broker)}`)} -tls1_2 -cipher PSK`,
    `-psk_identity ${shellQuote(credential.psk?.identity ?? '')}`,
    `-psk ${credential.secret ?? '<key>'}`,
  );
}

/** A message by mosquitto_pub with the client's certificate. */
export function x509Mosquitto(broker: Broker, credential: Shown): string {
  const match = credential.x509?.match;
  const base = match?.by === 'cn' ? fileBase(match.value) : 'client';
  const ca = broker.ownCa.tls ? `--cafile ${CA_FILE}` : '--tls-use-os-certs';
  return lines(
    `mosquitto_pub -h ${shellQuote(broker.host)} -p ${portOf(broker)} ${ca}`,
    `--cert ${shellQuote(`${base}.crt`)} --key ${shellQuote(`${base}.key`)}`,
    publish(credential),
  );
}
