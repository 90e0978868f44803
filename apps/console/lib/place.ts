const GAP_PX = 4;
const EDGE_PX = 8;

/**
 * Puts a popover below its anchor, above where there is more room, inside the window. Through the DOM's style object,
 * which the content policy allows.
 */
export function placeBelow(popover: HTMLElement, anchor: Element, align: 'start' | 'center' | 'end'): void {
  const at = anchor.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const below =
    at.bottom + GAP_PX + size.height <= window.innerHeight - EDGE_PX || at.top < size.height + EDGE_PX;
  const isMirrored = getComputedStyle(anchor).direction === 'rtl';
  const left =
    align === 'center'
      ? at.left + (at.width - size.width) / 2
      : (align === 'start') === isMirrored
        ? at.right - size.width
        : at.left;
  const top = below ? at.bottom + GAP_PX : at.top - GAP_PX - size.height;
  popover.style.top = `${Math.max(EDGE_PX, Math.min(top, window.innerHeight - size.height - EDGE_PX))}px`;
  popover.style.left = `${Math.max(EDGE_PX, Math.min(left, window.innerWidth - size.width - EDGE_PX))}px`;
}
