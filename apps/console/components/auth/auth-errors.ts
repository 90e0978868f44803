'use client';

import { createContext } from 'react';

/** What is wrong with a field of the form around, by its name. */
export const AuthErrors = createContext<(name: string) => string | undefined>(() => undefined);
