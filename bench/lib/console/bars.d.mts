export function barsOf(database: 'sqlite' | 'postgresql'): {
  readonly pageP95Ms: number;
  readonly summaryMs: number;
  readonly overviewP95Ms: number;
  readonly lcpMs: number;
  readonly inpMs: number;
  readonly cls: number;
  readonly liveShare: number;
};
