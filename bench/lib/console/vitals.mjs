// What a person feels of a page, as Chromium measures it: LCP, CLS, and how long each interaction took to be seen.
import { round } from '../machine.mjs';

/** Collects from the first byte on. Every interaction counts, also the parts of it (pointerdown, pointerup, click). */
const COLLECT = () => {
  const seen = { fcp: 0, lcp: 0, lcpElement: '', cls: 0, busyUntil: 0, interactions: [] };
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
    for (const entry of list.getEntries()) seen.busyUntil = entry.startTime + entry.duration;
  }).observe({ type: 'longtask', buffered: true });
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

const SLOWER = 4;

/** Slows the page's processor down by `times`. */
async function slowDown(page, times) {
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

async function vitalsOf(page) {
  const { fcp, lcp, lcpElement, cls } = await page.evaluate(() => globalThis.vitals);
  return { fcpMs: round(fcp), lcpMs: round(lcp), lcpElement, cls: round(cls, 4) };
}

/** A page that had no long task for so long has come to rest. */
const REST_MS = 1_000;
const REST_WAIT_MS_MAX = 20_000;
const LOOK_EVERY_MS = 100;

/** Waits until the page is at rest; tells when its last long task ended: from then on it answers at its own speed. */
async function usableAt(page) {
  let seen = { busyUntil: 0, now: 0 };
  for (let waited = 0; waited < REST_WAIT_MS_MAX; waited += LOOK_EVERY_MS) {
    // Asked when nothing else waits for the thread: a long task is told of only after those that follow it at once.
    seen = await page.evaluate(
      () =>
        new Promise((resolve) =>
          requestIdleCallback(() =>
            resolve({ busyUntil: globalThis.vitals.busyUntil, now: performance.now() }),
          ),
        ),
    );
    if (seen.now - seen.busyUntil > REST_MS) break;
    await page.waitForTimeout(LOOK_EVERY_MS);
  }
  return round(seen.busyUntil);
}

/** A page as it is loaded on a machine four times slower; `use` is what is done there. */
export async function visit(context, url, use) {
  const page = await context.newPage();
  await slowDown(page, SLOWER);
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
  const usableMs = await usableAt(page);
  const vitals = await vitalsOf(page);
  const used = await use?.(page);
  const { cls } = await vitalsOf(page);
  await page.close();
  return { ...vitals, cls, usableMs, ...(used === undefined ? {} : { used }) };
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
