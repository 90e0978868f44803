/** A made-up attempt, as `gatehouse try` and the testers describe it. */
export interface TryAttempt {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly clientId: string;
  readonly ip: string;
  readonly listener: string;
  readonly protocolVersion: 3 | 4 | 5;
  /** MQTT 5 enhanced authentication by this method; the tester plays the client with username and password. */
  readonly authMethod?: string | undefined;
  /** The certificates that the client presents, its own among them, as PEM; nobody asks for its private key. */
  readonly certificate?: string | undefined;
  /** The identity whose pre-shared key it proves. */
  readonly pskIdentity?: string | undefined;
}
