'use client';

import type { ConfirmationDto } from '@gatehouse/contract';
import { Download } from 'lucide-react';
import { api } from '@/lib/api';
import { confirmSelf } from '@/lib/confirm-self';
import { buttonClass } from './button-class';

const isConfirmed = async (): Promise<boolean> => {
  const { needed } = await api.get<ConfirmationDto>('/account/confirmation');
  return !needed || confirmSelf();
};

interface ConfirmedDownloadProps {
  readonly href: string;
  readonly children: string;
}

/** A download that the API gives only to those who have proved lately who they are: asked before the browser goes for it. */
export function ConfirmedDownload({ href, children }: ConfirmedDownloadProps) {
  const fetchIt = async (): Promise<void> => {
    if (!(await isConfirmed().catch(() => true))) return;
    const link = Object.assign(document.createElement('a'), { href, download: '' });
    link.click();
  };
  return (
    <a
      href={href}
      download
      className={buttonClass()}
      onClick={(event) => {
        event.preventDefault();
        void fetchIt();
      }}
    >
      <Download aria-hidden className="size-4" />
      {children}
    </a>
  );
}
