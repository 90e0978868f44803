import { Skeleton } from '@/components/ui/states';

/** Room for a row's details while they are read. */
export const DetailSkeleton = () => (
  <div className="flex flex-col gap-3">
    {['h-6 w-2/3', 'h-4 w-1/3', 'h-24 w-full', 'h-20 w-full', 'h-32 w-full'].map((size) => (
      <Skeleton key={size} className={size} />
    ))}
  </div>
);
