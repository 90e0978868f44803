// What a person feels of a page, as Chromium measures it: LCP, CLS, and how long each interaction took to be seen.
import { round } from '../machine.mjs';

/** Collects from the first byte on. Every interaction counts, also the parts of it (pointerdown, pointerup, click). */
const COLLECT = () => {
  const seen = { fcp: 0, lcp: 0, lcpElement: '', cls: 0, interactions: [] };
  globalThis.vitals = seen;
  const called = (element) =>
    element === null ? 'gone' : `${element.localName}: ${element.textContent.trim().slice(0, 40)}`;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.fcp = entry.startTime;
  }).observe({ type: 'paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      seen.lcp = entry.startTime;
      seen.lcpElement = called(entry.element);
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.interactionId > 0)
        seen.interactions.push({
          event: entry.name,
          ms: entry.duration,
          waitedMs: entry.processingStart - entry.startTime,
          handledMs: entry.processingEnd - entry.processingStart,
        });
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
};

export const collectVitals = (context) => context.addInitScript(COLLECT);

/** Slows the page's processor down by `times`. */
export async function slowDown(page, times) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: times });
  return session;
}

/** Observers tell of an interaction after the frame that shows it; nothing slower than this goes unseen. */
const SEEN_AFTER_MS = 400;

const slowest = (interactions) => interactions.toSorted((one, other) => other.ms - one.ms)[0];

/**
 * What a person does, by name: runs each of `deeds` and tells the slowest interaction of each. One begins when what the one
 * before set off has been drawn.
 */
export async function interactionsOf(page, deeds) {
  const told = [];
  for (const [name, deed] of Object.entries(deeds)) {
    await page.evaluate(() => void (globalThis.vitals.interactions.length = 0));
    await deed();
    await page.waitForTimeout(SEEN_AFTER_MS);
    const worst = slowest(await page.evaluate(() => globalThis.vitals.interactions));
    told.push({
      name,
      ms: round(worst?.ms ?? 0),
      event: worst?.event ?? null,
      waitedMs: round(worst?.waitedMs ?? 0),
      handledMs: round(worst?.handledMs ?? 0),
    });
  }
  return told;
}

export async function vitalsOf(page) {
  const { fcp, lcp, lcpElement, cls } = await page.evaluate(() => globalThis.vitals);
  return { fcpMs: round(fcp), lcpMs: round(lcp), lcpElement, cls: round(cls, 4) };
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
