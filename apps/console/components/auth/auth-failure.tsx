import type { ReactNode } from 'react';

/** Why a sign-in did not happen, on the pages before it. */
export const AuthFailure = ({
  icon,
  children,
}: {
  readonly icon: ReactNode;
  readonly children: ReactNode;
}) => (
  <div role="alert" className="flex gap-2 rounded-md border border-line bg-refused-soft px-3 py-2 text-sm">
    {icon}
    <div className="min-w-0 break-words">{children}</div>
  </div>
);
