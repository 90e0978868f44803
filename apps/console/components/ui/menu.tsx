'use client';

import { DropdownMenu } from 'radix-ui';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '@/lib/cx';

const panel =
  'z-50 min-w-44 max-w-80 max-h-[var(--radix-dropdown-menu-content-available-height)] overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 shadow-pop animate-fade-in';
const item =
  'flex min-h-7 cursor-pointer items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none select-none data-highlighted:bg-hover data-disabled:pointer-events-none data-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0';

interface MenuProps {
  /** One button element. */
  readonly trigger: ReactNode;
  readonly align?: 'start' | 'end';
  readonly children: ReactNode;
}

/** Not modal: Radix' scroll lock would write an inline style, which the policy forbids. */
export function Menu({ trigger, align = 'end', children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={panel}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly hint?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({
  icon,
  hint,
  danger = false,
  disabled = false,
  onSelect,
  children,
}: MenuItemProps) {
  return (
    <DropdownMenu.Item disabled={disabled} onSelect={onSelect} className={cx(item, danger && 'text-refused')}>
      {icon}
      <span className="flex-1">{children}</span>
      {hint !== undefined && <span className="text-xs text-faint">{hint}</span>}
    </DropdownMenu.Item>
  );
}

/** A link in a menu; `href` may be a download. */
export function MenuLink({
  icon,
  href,
  download,
  children,
}: {
  readonly icon?: ReactNode;
  readonly href: string;
  readonly download?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <DropdownMenu.Item asChild className={item}>
      <a href={href} {...(download === true ? { download: '' } : {})}>
        {icon}
        <span className="flex-1">{children}</span>
      </a>
    </DropdownMenu.Item>
  );
}

interface MenuCheckProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

/** Stays open, so that several can be switched. */
export function MenuCheck({ checked, onChange, children }: MenuCheckProps) {
  return (
    <DropdownMenu.CheckboxItem
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={item}
    >
      <span className="flex size-4 items-center justify-center">{checked && <Check aria-hidden />}</span>
      {children}
    </DropdownMenu.CheckboxItem>
  );
}

export const MenuLabel = ({ children }: { readonly children: ReactNode }) => (
  <DropdownMenu.Label className="px-2 py-1 text-xs text-faint">{children}</DropdownMenu.Label>
);

export const MenuSeparator = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />;
