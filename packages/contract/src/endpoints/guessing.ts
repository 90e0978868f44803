import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { forgiveBody, slowedGuessers } from '../guessing.ts';

const tag = 'Blocked clients';

export const GUESSING_ENDPOINTS = {
  listSlowedGuessers: endpoint({
    method: 'GET',
    path: '/api/v1/guessing',
    access: 'blocks:read',
    tag,
    summary: 'Who may not try a password now because logins failed, and until when',
    description:
      'An address with one name (`pair`) is paused for 10 minutes up to a day; a name or a network by itself only gets slower. At most `auth.guessing.listedMax` are listed, the newest failures first.',
    response: slowedGuessers,
  }),
  forgiveGuessers: endpoint({
    method: 'POST',
    path: '/api/v1/guessing/forgive',
    access: 'blocks:write',
    tag,
    summary:
      'Forget failures: of guessers as the list tells them, or of everybody; they may try again at once',
    body: forgiveBody,
    status: 204,
    response: z.undefined(),
  }),
} as const;
