import dynamic from 'next/dynamic';
import type { ComponentType, ReactNode } from 'react';
import { onceThere } from './missing-part';

/**
 * A part of a page that is loaded when it is shown: a dialog, a drawer, a menu. One that cannot be had does not break the page:
 * it is waited for (`MissingPart` says so), in place of it stands what stands there while it is loaded.
 *
 * @example const RuleDialog = lazyPart(() => import('./rule-dialog').then((module) => module.RuleDialog));
 */
export const lazyPart = <Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  loading?: () => ReactNode,
) => dynamic(() => onceThere(load), { ssr: false, ...(loading && { loading }) });
