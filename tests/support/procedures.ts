import { contract } from '@reeve/protocol';

export interface Procedure {
  /** `sessions.list` */
  name: string;
  method: string;
  /** With `{id}` where a parameter stands. */
  path: string;
}

/** Every procedure of the contract. */
export const procedures: Procedure[] = Object.entries(contract).flatMap(([group, members]) =>
  Object.entries(members).map(([name, procedure]) => {
    const { method, path } = procedure['~orpc'].route;
    return { name: `${group}.${name}`, method: method!, path: path! };
  }),
);
