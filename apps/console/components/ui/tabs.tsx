'use client';

import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

interface Tab {
  readonly value: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

/** How far a key moves among the tabs; `Home` and `End` go to the first and the last. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** The place that a key leads to; undefined for keys that are not the list's. */
function placeFor(key: string, at: number, count: number): number | undefined {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = STEPS[key];
  return step === undefined ? undefined : (at + step + count) % count;
}

/** Tabs as the ARIA pattern has them: one stop for the Tab key, arrows move and choose. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const [chosen, setChosen] = useState(tabs[0]?.value);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.value === chosen);
    const next = placeFor(event.key, at, tabs.length);
    if (next === undefined) return;
    event.preventDefault();
    setChosen(tabs[next]?.value);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
        className="flex gap-1 overflow-x-auto border-b border-line"
      >
        {tabs.map(({ value, label: name }) => (
          <button
            key={value}
            type="button"
            role="tab"
            id={`${id}-${value}`}
            aria-controls={`${id}-panel`}
            aria-selected={value === chosen}
            tabIndex={value === chosen ? 0 : -1}
            onClick={() => setChosen(value)}
            className="-mb-px h-8 border-b-2 border-transparent px-2.5 text-sm text-muted hover:text-fg aria-selected:border-accent aria-selected:text-fg"
          >
            {name}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${chosen ?? ''}`}
        tabIndex={0}
        className="pt-3"
      >
        {tabs.find((tab) => tab.value === chosen)?.content}
      </div>
    </div>
  );
}
