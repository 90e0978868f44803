import type { Metadata } from 'next';
import { createLoader, parseAsString, type SearchParams } from 'nuqs/server';
import { CreatePage } from '@/components/credentials/create-page';
import { pageTitle } from '@/lib/page-title';

export const metadata: Metadata = { title: pageTitle('credentials') };

const load = createLoader({
  type: parseAsString,
  by: parseAsString,
  value: parseAsString,
  identity: parseAsString,
  username: parseAsString,
  clientId: parseAsString,
  from: parseAsString,
});

export default async function NewCredentialPage({
  searchParams,
}: {
  readonly searchParams: Promise<SearchParams>;
}) {
  return <CreatePage prefill={await load(searchParams)} />;
}
