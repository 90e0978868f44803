import type { Problem } from '@gatehouse/contract';

/** No answer came. */
export const UNREACHABLE: Problem = {
  type: 'about:blank',
  title: 'The server cannot be reached',
  status: 0,
  code: 'unreachable',
  requestId: '',
};
