import { z } from 'zod';
import { loginBody, session, setupBody, setupLink, setupStatus } from '../admin.ts';
import { endpoint } from '../endpoint.ts';

export const SESSION_ENDPOINTS = {
  getSetup: endpoint({
    method: 'GET',
    path: '/api/v1/setup',
    access: 'public',
    tag: 'Session',
    summary: 'Is an owner account still to be made?',
    response: setupStatus,
  }),
  completeSetup: endpoint({
    method: 'POST',
    path: '/api/v1/setup',
    access: 'public',
    tag: 'Session',
    summary: 'Make the owner account with the one-time setup token, and sign in',
    body: setupBody,
    status: 201,
    response: session,
    problems: ['setup-token-invalid', 'setup-done', 'conflict', 'origin-denied'],
  }),
  issueSetupLink: endpoint({
    method: 'POST',
    path: '/api/v1/setup/link',
    access: 'local',
    tag: 'Session',
    summary: 'Issue a one-time token that makes an owner account',
    description: 'Only over the control socket: `gatehouse owner`. Voids the token issued before.',
    status: 201,
    response: setupLink,
  }),
  getSession: endpoint({
    method: 'GET',
    path: '/api/v1/session',
    access: 'signed-in',
    tag: 'Session',
    summary: 'Who is asking, and what they may do',
    response: session,
  }),
  login: endpoint({
    method: 'POST',
    path: '/api/v1/session',
    access: 'public',
    tag: 'Session',
    summary: 'Sign in; the session comes as a cookie',
    body: loginBody,
    status: 201,
    response: session,
    problems: ['login-failed', 'code-needed', 'code-wrong', 'too-many-requests', 'origin-denied'],
  }),
  logout: endpoint({
    method: 'DELETE',
    path: '/api/v1/session',
    access: 'signed-in',
    tag: 'Session',
    summary: 'Sign out: the session ends on the server',
    status: 204,
    response: z.undefined(),
  }),
} as const;
