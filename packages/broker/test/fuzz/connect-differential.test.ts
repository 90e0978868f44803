import { inspect, isDeepStrictEqual } from 'node:util';
import type { IConnectPacket } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/config.ts';
import { readConnect } from '../../src/protocol/connect.ts';
import { type Frame, Framer } from '../../src/protocol/framing.ts';
import type { ConnectPacket } from '../../src/protocol/packets.ts';
import { connect, type Version } from './grammar.ts';
import { mutate } from './mutate.ts';
import { readByMqttPacket, TAKEN_BY_MQTT_PACKET } from './mqtt-packet.ts';
import { Random } from './random.ts';

const FRAMES = 10_000;
const SEED = 20_261_123;
const TIMEOUT_MS = 60_000;

/** What mqtt-packet takes although the standards or our bounds forbid it. */
const STRICTER = [
  ...TAKEN_BY_MQTT_PACKET,
  /^connect-flags-reserved$/,
  /^will-flags-without-will$/,
  /^will-qos-3$/,
  /^password-without-username$/,
  /^auth-data-without-method$/,
  /^client-id-(too-long|empty)/,
  /^protocol-name$/,
  // The bridge bit of the level, which mosquitto's bridges set.
  /-level-13[1-3]$/,
  // A field that ends beyond its packet or its property list.
  /^(user-property|auth-method|auth-data|content-type|response-topic|correlation-data)$/,
  /^(will-topic|will-payload|client-id|username|password|message-expiry|will-delay)$/,
];

/** The only whole frame of these bytes, if it is a CONNECT. */
function frameOf(bytes: Buffer): Frame | undefined {
  const framer = new Framer(LIMITS.packetBytesMax);
  framer.push(bytes);
  const result = framer.next();
  if (result === undefined || 'kind' in result || framer.bufferedBytes > 0) return undefined;
  return result.bytes.readUInt8(0) >> 4 === 1 ? result : undefined;
}

/** Both in one form: MQTT 3 has no properties, and mqtt-packet leaves out what CONNECT does not say. */
function mine({ cmd: _cmd, will, ...packet }: ConnectPacket): unknown {
  if (will === undefined) return packet;
  const { properties: _properties, ...rest } = will;
  return { ...packet, will: rest };
}

function theirs(packet: IConnectPacket): unknown {
  const { properties = {}, will } = packet;
  return {
    version: packet.protocolVersion,
    clientId: packet.clientId,
    username: packet.username,
    password: packet.password,
    cleanStart: packet.clean,
    keepAliveSeconds: packet.keepalive,
    authMethod: properties.authenticationMethod,
    authData: properties.authenticationData,
    sessionExpirySeconds: properties.sessionExpiryInterval,
    receiveMaximum: properties.receiveMaximum ?? 0xffff,
    packetBytesMax: properties.maximumPacketSize ?? 268_435_455,
    topicAliasMaximum: properties.topicAliasMaximum ?? 0,
    problemInformation: properties.requestProblemInformation ?? true,
    ...(will === undefined
      ? {}
      : {
          will: {
            topic: will.topic,
            qos: will.qos,
            retain: will.retain,
            payload: will.payload,
            expirySeconds: will.properties?.messageExpiryInterval,
            delaySeconds: will.properties?.willDelayInterval ?? 0,
          },
        }),
  };
}

test(
  `CONNECT is read as mqtt-packet reads it, or more strictly where that is known: ${FRAMES} right and wrong ones`,
  { timeout: TIMEOUT_MS },
  () => {
    const random = new Random(SEED);
    const counts = { same: 0, bothRefuse: 0, stricter: 0 };
    for (let at = 0; at < FRAMES; at += 1) {
      const version = random.pick<Version>([3, 4, 5, 5]);
      const whole = connect(random, version, `client-${at}`);
      const frame = frameOf(random.chance(0.6) ? mutate(random, whole) : whole);
      if (frame === undefined) continue;
      const read = readConnect(frame, LIMITS);
      const other = readByMqttPacket(frame.bytes, version);
      const hex = frame.bytes.toString('hex');
      if ('cmd' in read) {
        if (other?.cmd !== 'connect') throw new Error(`taken only here: ${hex}`);
        const [ours, expected] = [mine(read), theirs(other)];
        if (!isDeepStrictEqual(ours, expected))
          throw new Error(`read differently: ${hex} ${inspect(ours)}, ${inspect(expected)}`);
        counts.same += 1;
      } else if (other === undefined) counts.bothRefuse += 1;
      else if (STRICTER.some((known) => known.test(read.what))) counts.stricter += 1;
      else throw new Error(`refused only here: ${read.what} ${hex}`);
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(FRAMES / 50);
  },
);
