import { z } from 'zod';

// What people most often get wrong, said as people say it; whoever checks a form has the same words.
z.config({
  customError: ({ code, origin, minimum }) =>
    code === 'too_small' && minimum === 1 && (origin === 'string' || origin === 'array')
      ? 'must not be empty'
      : undefined,
});
