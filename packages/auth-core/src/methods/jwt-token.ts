import type { MaybePromise } from '../needs.ts';

/** The claims of a token, as its JSON gives them. */
export type Claims = Readonly<Record<string, unknown>>;

/** What the header says; unverified, and cut to a length that can be shown. */
export interface TokenHeader {
  readonly alg: string;
  readonly kid: string | undefined;
}

/** What checking a token's form, key and signature gave. The claims are judged by whoever asked. */
export type TokenVerification =
  | ({ readonly result: 'verified'; readonly claims: Claims } & TokenHeader)
  /** No compact JWS, or one whose header or payload cannot be read. */
  | { readonly result: 'malformed'; readonly problem: string }
  | { readonly result: 'algorithm-not-allowed'; readonly alg: string; readonly allowed: readonly string[] }
  | ({ readonly result: 'no-key'; readonly problem: string } & TokenHeader)
  | ({ readonly result: 'signature-invalid'; readonly keysTried: number } & TokenHeader)
  /** The keys that it would need have never been fetched. */
  | { readonly result: 'keys-unavailable'; readonly problem: string };

/** Checks tokens against keys; implemented by packages/connectors. Never throws or rejects for anything that a token can be. */
export interface TokenVerifier {
  /**
   * What can be said without checking a signature or fetching keys: that the text is no token, that there is no key for
   * it, or what the same token gave before. Undefined when it takes work to find out.
   */
  peek(token: string): TokenVerification | undefined;
  verify(token: string): MaybePromise<TokenVerification>;
}
