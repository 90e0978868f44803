import { createHmac } from 'node:crypto';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { browserHeaders, type Harness, type Headers, ORIGIN, OWNER } from './harness.ts';

export const PASSWORD = 'walnut-canoe-at-dawn-3';

/** What tests of people do again and again: sign in from somewhere, and call as somebody. */
export interface People {
  /** The answer of a sign-in, as the owner where nothing else is said. */
  login(more?: {
    email?: string;
    password?: string;
    code?: string;
    from?: string;
  }): Promise<LightMyRequestResponse>;
  /** Headers of a new session. */
  signIn(more?: { email?: string; password?: string; code?: string; from?: string }): Promise<Headers>;
  send(
    method: NonNullable<InjectOptions['method']>,
    path: string,
    headers: Headers,
    payload?: object,
  ): Promise<LightMyRequestResponse>;
  /** Makes a person by the command; the address is of their own. */
  add(role?: string): Promise<{ readonly id: string; readonly email: string }>;
}

/** Each sign-in comes from an address of its own unless one is given: none slows another. */
export function peopleOf(house: Harness): People {
  let places = 0;
  let made = 0;
  const login: People['login'] = ({ email = OWNER.email, password = OWNER.password, code, from } = {}) => {
    places += 1;
    const place = from ?? `198.51.${String(places >> 8)}.${String(places & 255)}`;
    return house.send({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin: ORIGIN, 'x-forwarded-for': place },
      payload: { email, password, ...(code === undefined ? {} : { code }) },
    });
  };
  return {
    login,
    signIn: async (more) => browserHeaders(await login(more)),
    send: (method, path, headers, payload) =>
      house.send({ method, url: `/api/v1${path}`, headers, ...(payload === undefined ? {} : { payload }) }),
    add: async (role = 'viewer') => {
      made += 1;
      const email = `person-${String(made)}@example.org`;
      const payload = { email, name: `Person ${String(made)}`, role, password: PASSWORD };
      const answer = await house.api.control.inject({ method: 'POST', url: '/api/v1/users', payload });
      return { id: answer.json<{ id: string }>().id, email };
    },
  };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An authenticator app, made from its RFCs alone: what it shows now, or some steps away. */
export function appOf(secret: string, clock: { now(): number }): (stepsAway?: number) => string {
  const bits = Array.from(secret, (sign) => BASE32.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  return (stepsAway = 0) => {
    const counter = Buffer.alloc(8);
    counter.writeUInt32BE(Math.floor(clock.now() / 30_000) + stepsAway, 4);
    const hash = createHmac('sha1', key).update(counter).digest();
    const at = (hash[19] ?? 0) & 15;
    return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  };
}
