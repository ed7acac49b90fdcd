/** Where the build of the present sources lies, or would. */
export declare const buildFolder: (root: string) => string;
/** Makes it when it is missing; resolves to the file to run. */
export declare const build: (root: string) => Promise<string>;
/** Flags of the Node that runs the program. */
export const nodeFlags: readonly string[];
