/** A made-up attempt, as `gatehouse try` and the testers describe it. */
export interface TryAttempt {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly clientId: string;
  readonly ip: string;
  readonly listener: string;
  readonly protocolVersion: 3 | 4 | 5;
}
