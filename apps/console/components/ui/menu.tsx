'use client';

import { Check } from 'lucide-react';
import {
  cloneElement,
  createContext,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import { cx } from '@/lib/cx';
import { placeBelow } from '@/lib/place';

const panel =
  'fixed m-0 min-w-44 max-w-80 max-h-[70dvh] overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 text-fg shadow-pop animate-fade-in';
const item =
  'flex min-h-7 w-full cursor-pointer items-center gap-2 rounded-sm px-2 py-1 text-start text-sm outline-none select-none hover:bg-hover focus:bg-hover aria-disabled:pointer-events-none aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0';

interface TriggerProps {
  readonly popoverTarget?: string;
  readonly 'aria-haspopup'?: 'menu';
  readonly id?: string;
}

interface MenuProps {
  /** One button element; the browser opens and closes the menu from it. */
  readonly trigger: ReactElement<TriggerProps>;
  readonly align?: 'start' | 'end';
  readonly children: ReactNode;
}

const CloseContext = createContext<() => void>(() => undefined);

const itemsOf = (menu: Element): readonly HTMLElement[] => [
  ...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])'),
];

/** The item a key leads to, as menus do everywhere: arrows go round, Home, End, and first letters. */
function itemFor(event: KeyboardEvent, items: readonly HTMLElement[]): HTMLElement | undefined {
  const at = items.findIndex((one) => one === document.activeElement);
  if (event.key === 'ArrowDown') return items[(at + 1) % items.length];
  if (event.key === 'ArrowUp') return items.at(at <= 0 ? -1 : at - 1);
  if (event.key === 'Home') return items[0];
  if (event.key === 'End') return items.at(-1);
  if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey) return undefined;
  const letter = event.key.toLowerCase();
  return [...items.slice(at + 1), ...items].find((one) =>
    one.textContent.trim().toLowerCase().startsWith(letter),
  );
}

/**
 * A menu in the browser's own popover: top layer, closes on Escape and on a click elsewhere, gives focus back.
 * A few lines in place of a library of 30 kB that every page would load.
 */
export function Menu({ trigger, align = 'end', children }: MenuProps) {
  const ref = useRef<HTMLDivElement>(null);
  const id = useId();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const menu = ref.current;
    const anchor = document.querySelector(`[popovertarget="${id}"]`);
    if (!open || menu === null || anchor === null) return;
    placeBelow(menu, anchor, align);
    itemsOf(menu)[0]?.focus();
  }, [open, id, align]);
  return (
    <>
      {cloneElement(trigger, { popoverTarget: id, 'aria-haspopup': 'menu' })}
      <div
        ref={ref}
        id={id}
        popover="auto"
        role="menu"
        className={panel}
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={(event) => {
          if (event.key === 'Tab') ref.current?.hidePopover();
          const next = ref.current === null ? undefined : itemFor(event, itemsOf(ref.current));
          // Keys of the menu are not keys of the page.
          event.stopPropagation();
          if (next === undefined) return;
          event.preventDefault();
          next.focus();
        }}
      >
        <CloseContext value={() => ref.current?.hidePopover()}>{open && children}</CloseContext>
      </div>
    </>
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
  const close = useContext(CloseContext);
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={disabled}
      className={cx(item, danger && 'text-refused')}
      onClick={() => {
        if (disabled) return;
        // Closed first: what opens now (a dialog) takes the focus and is asked later where to give it back.
        close();
        onSelect();
      }}
    >
      {icon}
      <span className="flex-1">{children}</span>
      {hint !== undefined && <span className="text-xs text-faint">{hint}</span>}
    </button>
  );
}

interface MenuLinkProps {
  readonly icon?: ReactNode;
  readonly href: string;
  readonly download?: boolean;
  readonly children: ReactNode;
}

/** A link in a menu; `href` may be a download. */
export function MenuLink({ icon, href, download = false, children }: MenuLinkProps) {
  const close = useContext(CloseContext);
  return (
    <a
      href={href}
      role="menuitem"
      tabIndex={-1}
      className={item}
      onClick={close}
      {...(download ? { download: '' } : {})}
    >
      {icon}
      <span className="flex-1">{children}</span>
    </a>
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
    <button
      type="button"
      role="menuitemcheckbox"
      tabIndex={-1}
      aria-checked={checked}
      className={item}
      onClick={() => onChange(!checked)}
    >
      <span className="flex size-4 items-center justify-center">{checked && <Check aria-hidden />}</span>
      {children}
    </button>
  );
}

export const MenuLabel = ({ children }: { readonly children: ReactNode }) => (
  <div className="px-2 py-1 text-xs text-faint">{children}</div>
);

export const MenuSeparator = () => <div role="separator" className="my-1 h-px bg-line" />;
