/** What an authenticator may be called, as the contract has it: names are in traces and in labels of metrics. */
export const AUTHENTICATOR_NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;
