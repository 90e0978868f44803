import { Limits } from '@/components/settings/limits';
import { limitsResource } from '@/lib/endpoints';
import { pageTitle } from '@/lib/page-title';
import { Prefetch } from '@/lib/prefetch';
import { requestLanguage } from '@/lib/request-language';

export const generateMetadata = pageTitle('limits');

export default async function LimitsPage() {
  const { limitMessages } = await requestLanguage();
  return (
    <Prefetch resources={[limitsResource]}>
      <Limits words={limitMessages} />
    </Prefetch>
  );
}
