import { parseCidr } from '@gatehouse/auth-core';
import { z } from 'zod';

/** A group of keys that may be left out whole; each key has its own default. */
export const group = <S extends z.core.$ZodLooseShape>(doc: string, shape: S) =>
  z
    .strictObject(shape)
    .prefault({} as z.input<z.ZodObject<S, z.core.$strict>>)
    .describe(doc);

/** A TCP port; 0 picks a free one. */
export const port = (fallback: number) =>
  z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(fallback)
    .describe('Port; 0 picks a free one (see `run.json`).');

/** The address to listen on. */
export const host = (fallback: string) =>
  z.string().min(1).default(fallback).describe('Address to listen on.');

/** A file; empty means none. Relative to the working directory. */
export const path = (doc: string) => z.string().default('').describe(doc).meta({ accepts: 'path of a file' });

/** A list of networks in CIDR notation. */
export const networks = (fallback: readonly string[], doc: string) =>
  z
    .array(
      z.string().refine((text) => parseCidr(text) !== undefined, {
        error: 'an address, or a network as address/prefix',
      }),
    )
    .default([...fallback])
    .describe(doc)
    .meta({ accepts: 'list of networks as address/prefix' });
