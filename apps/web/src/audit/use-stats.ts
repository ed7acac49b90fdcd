import { useQuery } from '@tanstack/react-query';
import { client } from '../api/client.ts';

/** How much of what the audit holds, of the last hours or of all time, and whether everything is kept. */
export const useStats = (hours: number | undefined) =>
  useQuery({
    queryKey: ['audit-stats', hours],
    queryFn: ({ signal }) => client.audit.stats({ ...(hours !== undefined && { hours }) }, { signal }),
    staleTime: 0,
  });
