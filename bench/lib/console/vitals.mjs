// What a person feels of a page, as Chromium measures it: LCP, CLS, and the longest interaction (INP of a short visit).
import { round } from '../machine.mjs';

/** Collects from the first byte on; the longest interaction is the one that INP names on a page with few of them. */
const COLLECT = () => {
  const seen = { lcp: 0, cls: 0, interactions: [] };
  globalThis.vitals = seen;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.lcp = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.interactionId > 0) seen.interactions.push({ name: entry.name, ms: entry.duration });
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
};

export const collectVitals = (context) => context.addInitScript(COLLECT);

/** Slows the page's processor down by `times`. */
export async function slowDown(page, times) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: times });
  return session;
}

export async function vitalsOf(page) {
  const { lcp, cls, interactions } = await page.evaluate(() => globalThis.vitals);
  const worst = interactions.sort((one, other) => other.ms - one.ms)[0];
  return {
    lcpMs: round(lcp),
    cls: round(cls, 4),
    inpMs: worst === undefined ? null : round(worst.ms),
    slowestInteraction: worst?.name ?? null,
  };
}

/** Share of the wall time that the page's main thread was busy during `work`. */
export async function mainThreadShare(page, work) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value;
  };
  const before = await busy();
  const started = performance.now();
  await work();
  const share = ((await busy()) - before) / ((performance.now() - started) / 1000);
  await session.detach();
  return round(share, 3);
}
