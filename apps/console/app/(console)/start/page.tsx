import { Start } from '@/components/start/start';
import { startStatusResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';

export const generateMetadata = pageTitle('start');

export default function StartPage() {
  return (
    <Prefetch resources={[startStatusResource]}>
      <Start />
    </Prefetch>
  );
}
