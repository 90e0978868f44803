import { shellQuote } from '../shell-quote';
import { bracketed } from './snippets';

/** Where a client with a certificate connects, and the files it reads. */
export interface CertificateFacts {
  readonly host: string;
  readonly port: number;
  /** Of the files: `pump-7` for `pump-7.crt` and `pump-7.key`. */
  readonly base: string;
  /** Null: the system knows the CA of the server's certificate. */
  readonly caFile: string | null;
}

export const CERTIFICATE_SNIPPETS = ['mosquitto', 'mqttjs', 'paho'] as const;
type Kind = (typeof CERTIFICATE_SNIPPETS)[number];

const literal = (text: string): string => JSON.stringify(text);
const TOPIC = 'test/hello';

const mosquitto = ({ host, port, base, caFile }: CertificateFacts): string =>
  [
    `mosquitto_pub -h ${shellQuote(host)} -p ${port}`,
    caFile === null ? '--tls-use-os-certs' : `--cafile ${caFile}`,
    `--cert ${base}.crt --key ${base}.key`,
    `-t ${TOPIC} -m hello`,
  ].join(' \\\n  ');

const mqttjs = ({ host, port, base, caFile }: CertificateFacts): string =>
  [
    `import { readFileSync } from 'node:fs';`,
    `import mqtt from 'mqtt';`,
    ``,
    `const client = await mqtt.connectAsync(${literal(`mqtts://${bracketed(host)}:${port}`)}, {`,
    ...(caFile === null ? [] : [`  ca: readFileSync(${literal(caFile)}),`]),
    `  cert: readFileSync(${literal(`${base}.crt`)}),`,
    `  key: readFileSync(${literal(`${base}.key`)}),`,
    `});`,
    `await client.publishAsync('${TOPIC}', 'hello');`,
    `await client.endAsync();`,
  ].join('\n');

const paho = ({ host, port, base, caFile }: CertificateFacts): string =>
  [
    `import paho.mqtt.publish as publish`,
    ``,
    `publish.single(`,
    `    "${TOPIC}", "hello",`,
    `    hostname=${literal(host)}, port=${port},`,
    `    tls={`,
    ...(caFile === null ? [] : [`        "ca_certs": ${literal(caFile)},`]),
    `        "certfile": ${literal(`${base}.crt`)}, "keyfile": ${literal(`${base}.key`)},`,
    `    },`,
    `)`,
  ].join('\n');

const WRITERS: Readonly<Record<Kind, (facts: CertificateFacts) => string>> = { mosquitto, mqttjs, paho };

/** How the files of a certificate are called when they are downloaded, without their ending. */
export const fileBase = (commonName: string): string => commonName.replaceAll(/[^\w.-]/g, '_');

/** Ready to paste where the downloaded files are. */
export const certificateSnippet = (kind: Kind, facts: CertificateFacts): string => WRITERS[kind](facts);
