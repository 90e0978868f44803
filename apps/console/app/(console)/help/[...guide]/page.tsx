import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Guide } from '@/components/help/guide';
import { readGuide } from '@/lib/help/library';
import { requestLanguage } from '@/lib/request-language';

interface GuidePageProps {
  readonly params: Promise<{ readonly guide: readonly string[] }>;
}

/** Read once for the title and the page. */
const read = cache((path: string) => readGuide(path.split('/')));

export async function generateMetadata({ params }: GuidePageProps): Promise<Metadata> {
  const found = await read((await params).guide.join('/'));
  const { consoleMessages } = await requestLanguage();
  return { title: found?.title ?? consoleMessages.shell.nav.help };
}

export default async function GuidePage({ params }: GuidePageProps) {
  const found = await read((await params).guide.join('/'));
  if (found === undefined) notFound();
  return <Guide document={found} />;
}
