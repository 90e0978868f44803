import { createLoader, parseAsInteger, parseAsString, type SearchParams } from 'nuqs/server';
import { Tester } from '@/components/tester/tester';
import { pageTitle } from '@/lib/page-title';

export const generateMetadata = pageTitle('try');

const load = createLoader({
  username: parseAsString,
  clientId: parseAsString,
  ip: parseAsString,
  listener: parseAsString,
  protocol: parseAsInteger,
});

export default async function TryPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  return <Tester prefill={await load(searchParams)} />;
}
