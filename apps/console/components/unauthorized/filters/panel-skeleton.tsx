import { Skeleton } from '@/components/ui/states';

/** The panel's room, before its code and its counts are there. */
export const PanelSkeleton = () => (
  <div className="flex flex-col gap-2">
    {Array.from({ length: 12 }, (_, index) => (
      <Skeleton key={index} className="h-5 w-full" />
    ))}
  </div>
);
