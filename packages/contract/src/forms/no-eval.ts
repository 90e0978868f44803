import { z } from 'zod';

// A page's policy forbids code from text, and zod tries it where it may: said before any schema is made.
z.config({ jitless: true });
