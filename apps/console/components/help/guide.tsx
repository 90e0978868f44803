import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { Page, PageHeader } from '@/components/ui/page';
import type { Document, Section } from '@/lib/help/document';
import { Blocks } from './markdown';
import { GUIDES_LANGUAGE, helpWords } from './words';

/** With fewer parts than this, a list of them tells nothing. */
const SECTIONS_MIN = 2;

/** A guide, with a list of its parts beside it where there is room. */
export async function Guide({ document }: { readonly document: Document }) {
  const { t, isForeign } = await helpWords();
  return (
    <Page>
      <div className="mx-auto grid w-full max-w-4xl gap-x-12 gap-y-4 xl:max-w-6xl xl:grid-cols-[minmax(0,46rem)_14rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Link
            href="/help"
            prefetch={false}
            className="inline-flex min-h-6 items-center gap-1.5 self-start text-sm text-muted hover:text-fg"
          >
            <ArrowLeft aria-hidden className="size-4" />
            {t('all')}
          </Link>
          <PageHeader
            title={<span lang={GUIDES_LANGUAGE}>{document.title}</span>}
            {...(isForeign ? { description: t('language') } : {})}
          />
          <article lang={GUIDES_LANGUAGE} className="flex flex-col gap-3 leading-relaxed">
            <Blocks tokens={document.blocks} file={document.file} codeLabel={t('code')} />
          </article>
        </div>
        {document.sections.length >= SECTIONS_MIN && (
          <Contents label={t('onThisPage')} sections={document.sections} />
        )}
      </div>
    </Page>
  );
}

const Contents = ({ label, sections }: { readonly label: string; readonly sections: readonly Section[] }) => (
  <nav
    aria-label={label}
    className="sticky top-18 hidden max-h-[calc(100dvh-6rem)] self-start overflow-y-auto xl:block"
  >
    <h2 className="mb-2 text-xs font-medium text-faint">{label}</h2>
    <ul lang={GUIDES_LANGUAGE} className="flex flex-col border-s border-line text-sm">
      {sections.map(({ id, title }) => (
        <li key={id}>
          <a
            href={`#${id}`}
            className="-ms-px block border-s border-transparent py-1 ps-3 text-muted hover:border-accent hover:text-fg"
          >
            {title}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);
