import type { Permission } from '@reeve/protocol';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { queries } from './queries.tsx';

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => client.account.get(undefined, { signal }),
});

export type AccountState = Awaited<ReturnType<typeof client.account.get>>;
/** What is known of the account is asked anew. */
export const accountChanged = () => queries.invalidateQueries({ queryKey: accountQuery.queryKey });

/** Whoever is signed in; undefined until that is known. */
export const useAccount = () => useQuery(accountQuery);

/** Whether the account may do something at all: what it may not is not offered. */
export const useMay = (): ((permission: Permission) => boolean) => {
  const { data } = useAccount();
  return (permission) => data?.permissions.includes(permission) ?? false;
};

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async ({ signal }) => (await client.people.list(undefined, { signal })).people,
});

/** What a person is called, as far as the account may know; otherwise the id. */
export const useNameOf = (): ((userId: string) => string) => {
  const { data: account } = useAccount();
  const may = useMay();
  const { data: people = [] } = useQuery({ ...peopleQuery, enabled: may('user:manage') });
  return (userId) =>
    (account?.person.id === userId ? account.person.name : undefined) ??
    people.find(({ id }) => id === userId)?.name ??
    userId;
};
