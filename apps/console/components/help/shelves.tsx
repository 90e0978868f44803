import Link from 'next/link';
import { Page, PageHeader } from '@/components/ui/page';
import type { Entry } from '@/lib/help/library';
import { GUIDES_LANGUAGE, helpWords } from './words';

interface ShelvesProps {
  readonly tasks: readonly Entry[];
  readonly authentication: readonly Entry[];
  readonly reference: readonly Entry[];
}

/** All guides: what each is about in a line or two. */
export async function Shelves(shelves: ShelvesProps) {
  const { t, isForeign } = await helpWords();
  return (
    <Page>
      <PageHeader
        title={t('title')}
        description={isForeign ? `${t('subtitle')} ${t('language')}` : t('subtitle')}
      />
      {(['tasks', 'authentication', 'reference'] as const).map((name) => (
        <section key={name} aria-labelledby={`shelf-${name}`} className="flex flex-col gap-2">
          <h2 id={`shelf-${name}`} className="mt-2 text-base font-semibold">
            {t(name)}
          </h2>
          <ul
            lang={GUIDES_LANGUAGE}
            className="grid gap-x-8 border-t border-line md:grid-cols-2 2xl:grid-cols-3"
          >
            {shelves[name].map(({ href, title, summary }) => (
              <li key={href} className="border-b border-line">
                <Link href={href} prefetch={false} className="group block h-full py-2.5">
                  <span className="font-medium text-accent group-hover:underline">{title}</span>
                  <span className="line-clamp-2 text-sm text-muted">{summary}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}
