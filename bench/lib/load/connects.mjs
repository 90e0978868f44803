// Clients that connect, wait for CONNACK and go: one after the other at each place, or so many per second.
import { setTimeout as pause } from 'node:timers/promises';
import { attempt, connectPacket } from '../storm.mjs';
import { Histogram } from './histogram.mjs';

const PACE_MS = 5;
const DRAIN_MS_MAX = 10_000;
/** Attempts of a paced storm that may wait for their answer; beyond it none are added. */
const WAITING_MAX = 2_000;

/** An address of this machine for the n-th guesser, so that no throttle per address answers for the hash. */
const loopback = (n) => `127.${1 + ((n >> 16) & 63)}.${(n >> 8) & 255}.${1 + (n & 127)}`;

export class Connects {
  #options;
  #histogram = new Histogram();
  #stopped = false;
  #made = 0;
  #open = 0;
  #answered = 0;
  /** Other answers than expected, such as none. They count for nothing else. */
  #unexpected = 0;
  #unmade = 0;
  #began = { at: 0, answered: 0 };

  /** @param {{port: number, prefix: string, users: {username: string, password: string}[], who: 'good'|'unknown'|'guess', expected: number[], inFlight?: number, rate?: number}} options */
  constructor(options) {
    this.#options = options;
  }

  async prepare() {}

  start() {
    const { inFlight, rate } = this.#options;
    if (rate !== undefined) void this.#pace(rate);
    else for (let place = 0; place < inFlight; place += 1) void this.#repeat();
  }

  async #repeat() {
    while (!this.#stopped) await this.#one();
  }

  async #pace(rate) {
    const started = performance.now();
    let due = 0;
    while (!this.#stopped) {
      for (const now = Math.floor(((performance.now() - started) / 1000) * rate); due < now; due += 1) {
        if (this.#open < WAITING_MAX) void this.#one();
        else this.#unmade += 1;
      }
      await pause(PACE_MS);
    }
  }

  #identity(index) {
    const { who, users, prefix } = this.#options;
    const user = users[index % users.length];
    if (who === 'good') return { clientId: `${prefix}-${index}`, ...user };
    const username = who === 'unknown' ? `${prefix}-nobody-${index}` : user.username;
    return { clientId: `${prefix}-${index}`, username, password: `wrong-${index}` };
  }

  async #one() {
    const { port, who, expected } = this.#options;
    const index = this.#made++;
    this.#open += 1;
    const from = who === 'guess' ? loopback(index) : undefined;
    const { code, ms } = await attempt(port, connectPacket(this.#identity(index)), from);
    this.#open -= 1;
    if (expected.includes(code)) {
      this.#answered += 1;
      this.#histogram.record(ms * 1000);
    } else this.#unexpected += 1;
  }

  begin() {
    this.#histogram.clear();
    this.#began = { at: performance.now(), answered: this.#answered };
  }

  end() {
    const seconds = (performance.now() - this.#began.at) / 1000;
    const count = this.#answered - this.#began.answered;
    return { seconds, count, latencies: this.#histogram.entries() };
  }

  async drain() {
    this.#stopped = true;
    const deadline = performance.now() + DRAIN_MS_MAX;
    while (this.#open > 0 && performance.now() < deadline) await pause(PACE_MS);
    return { made: this.#made, unanswered: this.#open + this.#unmade, unexpectedAnswers: this.#unexpected };
  }
}
