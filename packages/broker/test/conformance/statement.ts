/** Who has to do what a statement says; a statement that binds only clients needs no test of a server. */
export type Bound = 'server' | 'client' | 'both';

/** One numbered normative statement, in this project's words. */
export interface Statement {
  readonly requires: string;
  readonly binds: Bound;
  /** Where no test from outside can see it: what holds it instead. */
  readonly heldBy?: string;
}

/** The statements of one version by number, `x.y.z-n` for `[MQTT-x.y.z-n]`. */
export type Statements = Readonly<Record<string, Statement>>;

export const server = (requires: string): Statement => ({ requires, binds: 'server' });
export const client = (requires: string): Statement => ({ requires, binds: 'client' });
export const both = (requires: string): Statement => ({ requires, binds: 'both' });

/** A statement that cannot be observed from outside. */
export const held = (statement: Statement, heldBy: string): Statement => ({ ...statement, heldBy });
