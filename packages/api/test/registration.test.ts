import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { watchRegistration } from '../src/http/registered-routes.ts';

describe('a route', () => {
  it('that does not say who may call it is refused at registration', () => {
    const app = fastify();
    watchRegistration(app);
    expect(() => app.get('/open', () => 'everybody')).toThrow('/open does not declare who may call it');
    expect(() => app.get('/said', { config: { access: 'public' } }, () => 'everybody')).not.toThrow();
  });
});
