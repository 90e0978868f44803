import { describe, expect, it } from 'vitest';
import { connectProblems, NEW_CONNECT, toClientOptions } from '../components/messages/connect-draft';
import { messageProblems, NEW_DRAFT, toMessage } from '../components/messages/draft';
import {
  asAsked,
  NEW_SUBSCRIPTION,
  subscriptionProblems,
  toSubscribeOptions,
} from '../components/messages/subscription';
import { BOUNDS, bytesOfHex, wholeNumberOf } from '../components/messages/values';

describe('what fields hold', () => {
  it.each([
    ['1', 1],
    [' 268435455 ', 268_435_455],
    ['0', null],
    ['268435456', null],
    ['1.5', null],
    ['-1', null],
    ['1e3', null],
    ['', null],
  ])('the subscription identifier %j is %j', (text, value) => {
    expect(wholeNumberOf(text, BOUNDS.subscriptionId)).toBe(value);
  });

  it.each([
    ['', []],
    ['7b 22\n7D', [0x7b, 0x22, 0x7d]],
    ['00ff', [0, 255]],
    ['0', null],
    ['zz', null],
    ['0x00', null],
  ])('the hex %j is the bytes %j', (text, bytes) => {
    expect(bytesOfHex(text)).toEqual(bytes === null ? null : Uint8Array.from(bytes));
  });
});

describe('the form of a message', () => {
  const properties = (part: Partial<typeof NEW_DRAFT>) => toMessage({ ...NEW_DRAFT, ...part }, 5).properties;

  it('sends no property that was left empty', () => {
    expect(properties({ topic: 'a' })).toEqual({ payloadFormatIndicator: true });
  });

  it('takes user properties line by line, a name as often as it comes', () => {
    const userProperties = 'a=1\n\na=2=3\nb';
    expect(properties({ userProperties })?.userProperties).toEqual({ a: ['1', '2=3'], b: [''] });
  });

  it('sends every property that was filled in', () => {
    const filled = { contentType: 'text/x', responseTopic: 'r', correlationData: 'c', expirySeconds: '60' };
    expect(properties({ ...filled, format: 'bytes' })).toEqual({
      payloadFormatIndicator: false,
      contentType: 'text/x',
      responseTopic: 'r',
      correlationData: new TextEncoder().encode('c'),
      messageExpiryInterval: 60,
    });
  });

  it('sends the bytes that the hex stands for, and text as UTF-8', () => {
    const payload = (part: Partial<typeof NEW_DRAFT>) => toMessage({ ...NEW_DRAFT, ...part }, 5).payload;
    expect(payload({ format: 'bytes', payload: 'ff 00' })).toEqual(Uint8Array.of(255, 0));
    expect(payload({ payload: 'é' })).toEqual(Uint8Array.of(0xc3, 0xa9));
  });

  it('has no properties in MQTT 3.1.1, and nothing to say against those it does not send', () => {
    const draft = { ...NEW_DRAFT, expirySeconds: 'soon', responseTopic: 'a/#', contentType: 'x' };
    expect(toMessage(draft, 4)).not.toHaveProperty('properties');
    expect(messageProblems({ ...draft, topic: 'a' }, 4)).toEqual({});
    expect(Object.keys(messageProblems(draft, 5))).toEqual(['topic', 'responseTopic', 'expirySeconds']);
  });

  it('asks for a topic, and for a filter', () => {
    expect(messageProblems(NEW_DRAFT, 4)).toEqual({ topic: 'problems.noTopic' });
    expect(subscriptionProblems(NEW_SUBSCRIPTION, 4)).toEqual({ filter: 'problems.noFilter' });
  });

  it('refuses wildcards in the topic and what is no hex', () => {
    const draft = { ...NEW_DRAFT, topic: 'a/+', format: 'bytes', payload: 'f' } as const;
    expect(Object.keys(messageProblems(draft, 5))).toEqual(['topic', 'payload']);
  });
});

describe('the form of a subscription', () => {
  const full = {
    filter: 'a/#',
    qos: 1,
    noLocal: true,
    retainAsPublished: true,
    retainHandling: 2,
    id: '7',
  } as const;

  it('becomes the options of SUBSCRIBE', () => {
    const properties = { subscriptionIdentifier: 7 };
    expect(toSubscribeOptions(full, 5)).toEqual({ qos: 1, nl: true, rap: true, rh: 2, properties });
  });

  it('is the filter and the QoS alone in MQTT 3.1.1', () => {
    expect(toSubscribeOptions(full, 4)).toEqual({ qos: 1 });
    expect(asAsked(full, 4)).toEqual({ ...NEW_SUBSCRIPTION, filter: 'a/#', qos: 1 });
  });

  it('refuses an identifier out of bounds, and no local on a shared subscription', () => {
    const wrong = { ...full, filter: '$share/g/a', id: '0' };
    expect(Object.keys(subscriptionProblems(wrong, 5))).toEqual(['noLocal', 'id']);
    expect(subscriptionProblems(wrong, 4)).toEqual({});
  });
});

describe('the form of a connection', () => {
  it('is right as it comes, and starts clean with a credential made for the page', () => {
    expect(connectProblems(NEW_CONNECT)).toEqual({});
    expect(toClientOptions({ ...NEW_CONNECT, cleanStart: false }).clean).toBe(true);
  });

  it('carries the session expiry in MQTT 5 only', () => {
    const own = { ...NEW_CONNECT, identity: 'own', cleanStart: false, sessionExpirySeconds: '60' } as const;
    expect(toClientOptions(own)).toMatchObject({ clean: false, properties: { sessionExpiryInterval: 60 } });
    expect(toClientOptions({ ...own, version: 4 })).not.toHaveProperty('properties');
  });

  it('names what cannot be sent', () => {
    const wrong = {
      ...NEW_CONNECT,
      identity: 'own',
      cleanStart: false,
      sessionExpirySeconds: 'x',
      keepAliveSeconds: '70000',
      hasWill: true,
      willTopic: 'a/#',
    } as const;
    expect(Object.keys(connectProblems(wrong)).toSorted()).toEqual([
      'clientId',
      'keepAliveSeconds',
      'sessionExpirySeconds',
      'willTopic',
    ]);
    expect(connectProblems({ ...NEW_CONNECT, identity: 'own', version: 4, password: 'p' })).toEqual({
      username: 'problems.username',
    });
  });
});
