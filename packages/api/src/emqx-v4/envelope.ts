/** Answers as EMQX 4.3 gives them: status 200, and `code` says how it went (its HTTP API, "result codes"). */
export const CODES = {
  ok: 0,
  unknown: 102,
  wrongLogin: 103,
  noSuchUser: 105,
  badParameter: 108,
  exists: 112,
} as const;

export interface Meta {
  readonly page: number;
  readonly limit: number;
  readonly count: number;
  readonly hasnext: boolean;
}

export const ok = <T extends object>(data?: T, meta?: Meta) => ({
  code: CODES.ok,
  ...(data === undefined ? {} : { data }),
  ...(meta === undefined ? {} : { meta }),
});

export const failed = (code: number, message: string) => ({ code, message });
