import type { LdapFault } from '@gatehouse/auth-core';
import type { LdapConnection, LdapReply } from './ldap-connection.ts';
import type { SourcePool } from './source-backend.ts';
import { TOO_LATE, within } from './source-deadline.ts';

export interface LdapPoolOptions {
  /** Connections at most. */
  readonly max: number;
  /** Milliseconds that a request may wait for a connection, and that it may take on one. */
  readonly requestMsMax: number;
  /** Makes a connection that is ready for requests; never rejects. */
  readonly open: () => Promise<LdapConnection | LdapFault>;
}

type Reply = Extract<LdapReply, { ok: true }>;

/** Connections to one directory that serve one kind of request; made when they are needed, kept until they end. */
export class LdapPool {
  readonly #options: LdapPoolOptions;
  readonly #open = new Set<LdapConnection>();
  readonly #idle: LdapConnection[] = [];
  readonly #waiting: (() => void)[] = [];
  #opening = 0;
  #closed = false;

  constructor(options: LdapPoolOptions) {
    this.#options = options;
  }

  get state(): SourcePool {
    const { max } = this.#options;
    return { open: this.#open.size, idle: this.#idle.length, waiting: this.#waiting.length, max };
  }

  /**
   * Asks on a connection of its own. A kept connection may have ended unnoticed, as after a restart of the directory:
   * what was lost on one is asked once more on a new one.
   */
  async ask(request: (connection: LdapConnection) => Promise<LdapReply>): Promise<Reply | LdapFault> {
    for (let isAgain = false; ; isAgain = true) {
      const taken = await this.#take();
      if (!('connection' in taken)) return taken;
      const { connection, kept } = taken;
      const reply = await this.#within(request, connection);
      if (reply === TOO_LATE) {
        connection.close();
        return { result: 'timeout', ms: this.#options.requestMsMax };
      }
      if (reply.ok) {
        this.#giveBack(connection);
        return reply;
      }
      if (kept && reply.lost && !isAgain) {
        this.#dropIdle();
        continue;
      }
      return reply.lost
        ? { result: 'unreachable', problem: reply.problem }
        : { result: 'bad-result', problem: reply.problem };
    }
  }

  /** Ends all connections; who waits is told that there is none. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#open) connection.close();
    for (const go of this.#waiting.splice(0)) go();
  }

  async #within(
    request: (connection: LdapConnection) => Promise<LdapReply>,
    connection: LdapConnection,
  ): Promise<LdapReply | typeof TOO_LATE> {
    try {
      return await within(request(connection), this.#options.requestMsMax);
    } catch (error) {
      // The request could not be written: nothing was sent.
      connection.close();
      return { ok: false, lost: false, problem: error instanceof Error ? error.name : typeof error };
    }
  }

  /** After one kept connection turned out to be dead, the others are not trusted either. */
  #dropIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  async #take(): Promise<{ readonly connection: LdapConnection; readonly kept: boolean } | LdapFault> {
    const deadline = performance.now() + this.#options.requestMsMax;
    while (!this.#closed) {
      const connection = this.#idle.pop();
      if (connection?.isOpen === true) return { connection, kept: true };
      if (connection !== undefined) {
        connection.close();
        continue;
      }
      if (this.#open.size + this.#opening < this.#options.max) return this.#make();
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || !(await this.#wait(leftMs))) {
        return { result: 'timeout', ms: this.#options.requestMsMax };
      }
    }
    return { result: 'unreachable', problem: 'closed' };
  }

  async #make(): Promise<{ readonly connection: LdapConnection; readonly kept: boolean } | LdapFault> {
    this.#opening += 1;
    const made = await this.#options.open();
    this.#opening -= 1;
    if ('result' in made) {
      this.#waiting.shift()?.();
      return made;
    }
    this.#open.add(made);
    made.onEnd(() => {
      this.#open.delete(made);
      const at = this.#idle.indexOf(made);
      if (at >= 0) this.#idle.splice(at, 1);
      this.#waiting.shift()?.();
    });
    if (this.#closed) {
      made.close();
      return { result: 'unreachable', problem: 'closed' };
    }
    return { connection: made, kept: false };
  }

  /** True when something may have become free. */
  #wait(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        const at = this.#waiting.indexOf(go);
        if (at >= 0) this.#waiting.splice(at, 1);
        resolve(false);
      }, ms);
      this.#waiting.push(go);
    });
  }

  #giveBack(connection: LdapConnection): void {
    if (this.#closed || !connection.isOpen) connection.close();
    else this.#idle.push(connection);
    this.#waiting.shift()?.();
  }
}
