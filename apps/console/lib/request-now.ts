import { cache } from 'react';

/** One time per request, so that frame and page agree about "now". */
export const requestNow = cache((): number => Date.now());
