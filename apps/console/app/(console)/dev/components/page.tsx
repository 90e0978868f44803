import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { connection } from 'next/server';
import { Gallery } from '@/components/dev/gallery';
import { requestNow } from '@/lib/request-now';

export const metadata: Metadata = { title: 'Components' };

/** Where the console is built: with `next dev`, or `GATEHOUSE_DEV_PAGES=on` in the console's environment. */
export default async function ComponentsPage() {
  await connection();
  const shown = process.env.NODE_ENV === 'development' || process.env['GATEHOUSE_DEV_PAGES'] === 'on';
  if (!shown) notFound();
  return <Gallery at={new Date(requestNow()).toISOString()} />;
}
