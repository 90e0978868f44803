import { Shelves } from '@/components/help/shelves';
import { listGuides } from '@/lib/help/library';
import { pageTitle } from '@/lib/page-title';

export const generateMetadata = pageTitle('help');

/** Every guide that came with this build. */
export default async function HelpPage() {
  const [tasks, authentication, reference, reasons] = await Promise.all(
    ['guides', 'guides/authentication', 'reference', 'reasons'].map((folder) => listGuides(folder)),
  );
  return (
    <Shelves
      tasks={tasks ?? []}
      authentication={authentication ?? []}
      reference={[...(reasons ?? []).filter(({ href }) => href === '/help/reasons'), ...(reference ?? [])]}
    />
  );
}
