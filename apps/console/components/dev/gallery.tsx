import { Page, PageHeader } from '@/components/ui/page';
import { Controls } from './controls';
import { Marks } from './marks';
import { Surfaces } from './surfaces';

/** Each component of components/ui in each of its states. For who builds the console, hence in English alone. */
export const Gallery = ({ at }: { readonly at: string }) => (
  <Page>
    <PageHeader title="Components" description="What the console is made of, in every state." />
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Controls />
      <Marks at={at} />
      <Surfaces at={at} />
    </div>
  </Page>
);
