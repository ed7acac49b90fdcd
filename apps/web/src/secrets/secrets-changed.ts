import { queries } from '../api/queries.tsx';

/** Everything that is said about secrets is asked anew. */
export const secretsChanged = () => queries.invalidateQueries({ queryKey: ['secrets'] });
