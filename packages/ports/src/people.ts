export const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly enabled: boolean;
  /** Whether signing in takes a code of an authenticator app too. */
  readonly totp: boolean;
  /** False: they sign in at the identity provider only. */
  readonly hasPassword: boolean;
  readonly createdAt: number;
  readonly lastLoginAt: number | null;
}

/** What the second factor of a person is stored as. */
export interface SecondFactor {
  /** Sealed for `totp:` and the person's id; null: no authenticator app. */
  readonly sealedSecret: string | null;
  /** Recovery codes that have not been used. */
  readonly recoveryCodes: number;
}

export interface UserRepository {
  list(): Promise<readonly User[]>;
  get(id: string): Promise<User | null>;
  /** With the password hash: for login only. */
  findForLogin(email: string): Promise<{ readonly user: User; readonly passwordHash: string | null } | null>;
  create(
    write: { email: string; name: string; role: Role; passwordHash: string | null },
    now: number,
  ): Promise<{ result: 'ok'; user: User } | { result: 'conflict' }>;
  update(
    id: string,
    patch: { name?: string; role?: Role; enabled?: boolean; passwordHash?: string },
    now: number,
  ): Promise<User | null>;
  remove(id: string): Promise<User | null>;
  touchLogin(id: string, now: number): Promise<void>;
  countOwners(): Promise<number>;
  secondFactor(id: string): Promise<SecondFactor>;
  /** Null takes the second factor off, recovery codes included. `usedStep`: that of the code it was proved with. */
  setSecondFactor(
    id: string,
    factor: { readonly sealedSecret: string; readonly usedStep: number } | null,
  ): Promise<void>;
  /** Replaces all recovery codes by these. */
  setRecoveryCodes(id: string, codeHashes: readonly string[]): Promise<void>;
  /** False when a code of this step, or of a later one, was used before. */
  useTotpStep(id: string, step: number): Promise<boolean>;
  /** False when there is no such code (any more). */
  useRecoveryCode(id: string, codeHash: string): Promise<boolean>;
}

/** A console session: opaque, 256 bit, only its SHA-256 is stored. */
export interface UserSession {
  readonly id: string;
  readonly userId: string;
  readonly csrfToken: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  /** When its person last proved to be themselves: at sign-in, or since. */
  readonly confirmedAt: number;
  readonly ip: string;
  readonly userAgent: string;
}

export interface UserSessionRepository {
  create(session: UserSession & { readonly tokenHash: string }): Promise<void>;
  findByTokenHash(tokenHash: string): Promise<{ readonly session: UserSession; readonly user: User } | null>;
  touch(id: string, now: number): Promise<void>;
  confirm(id: string, now: number): Promise<void>;
  listForUser(userId: string): Promise<readonly UserSession[]>;
  remove(id: string): Promise<void>;
  removeForUser(userId: string, exceptId?: string): Promise<number>;
  removeExpired(now: number, idleMs: number): Promise<number>;
}

/** Somebody who is to have an account, until the link is used. */
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: number;
  /** Who invited, by name. */
  readonly createdBy: string;
  readonly expiresAt: number;
}

export interface InvitationRepository {
  /** Newest first. */
  list(): Promise<readonly Invitation[]>;
  /** Replaces the one that this address had. */
  put(invitation: Invitation & { readonly tokenHash: string }): Promise<void>;
  findByTokenHash(tokenHash: string): Promise<Invitation | null>;
  /** Null when it is not there (any more): who takes it off has it. */
  remove(id: string): Promise<Invitation | null>;
  removeExpired(now: number): Promise<number>;
}
