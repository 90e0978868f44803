import { notFound } from 'next/navigation';

/** Every address that no page has: told within the console, with the way back. */
export default function MissingPage(): never {
  notFound();
}
