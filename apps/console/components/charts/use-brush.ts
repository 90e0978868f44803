'use client';

import { useState, type PointerEvent } from 'react';
import { timeAt, type Bar, type Span } from './scale';
import type { StackedChartProps } from './types';

/** A movement shorter than this is a click. */
const CLICK_TRAVEL_PX = 4;

/** What is dragged over, as shares of the width; both ends are one while nothing is. */
export interface Brushed {
  readonly from: number;
  readonly to: number;
}

interface Scales {
  readonly span: Span;
  readonly top: number;
  readonly bars: readonly Bar[];
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
}

/** Where the pointer is, as shares of the plot. */
function placeOf(event: PointerEvent): Place {
  const box = event.currentTarget.getBoundingClientRect();
  const within = (share: number): number => Math.min(1, Math.max(0, share));
  return {
    x: within((event.clientX - box.left) / box.width),
    y: within((event.clientY - box.top) / box.height),
    widthPx: box.width,
  };
}

/** The pointer on a chart: a drag chooses a range, a click picks the part of the bar under it. */
export function useBrush({ times, onBrush, onPick }: StackedChartProps, { span, top, bars }: Scales) {
  const [brushed, setBrushed] = useState<Brushed | null>(null);
  const [start, setStart] = useState<number | null>(null);
  const pick = ({ x, y }: Place): void => {
    const index = Math.min(times.length - 1, Math.floor(x * times.length));
    const value = (1 - y) * top;
    const bar = bars.find((one) => one.index === index && value <= one.bottom + one.value);
    const time = times[index];
    if (bar !== undefined && time !== undefined) onPick?.(bar.key, time);
  };
  const finish = (place: Place): void => {
    if (start === null) return;
    if (Math.abs(place.x - start) * place.widthPx < CLICK_TRAVEL_PX) pick(place);
    else onBrush?.(timeAt(span, Math.min(start, place.x)), timeAt(span, Math.max(start, place.x)));
  };
  const stop = (): void => {
    setStart(null);
    setBrushed(null);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setStart(placeOf(event).x);
    },
    onPointerMove: (event: PointerEvent) => {
      const { x } = placeOf(event);
      setBrushed({ from: onBrush === undefined ? x : (start ?? x), to: x });
    },
    onPointerUp: (event: PointerEvent) => {
      finish(placeOf(event));
      stop();
    },
    onPointerCancel: stop,
    onPointerLeave: stop,
  };
  return { brushed, handlers };
}
