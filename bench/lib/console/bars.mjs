// What the console may take at most: with a processor slowed down four times, the live tail as it is.

/** @param {'sqlite' | 'postgresql'} database */
export const barsOf = (database) => ({
  pageP95Ms: database === 'sqlite' ? 100 : 50,
  summaryMs: 300,
  overviewP95Ms: 300,
  lcpMs: 1_500,
  inpMs: 150,
  cls: 0.05,
  liveShare: 0.2,
});
