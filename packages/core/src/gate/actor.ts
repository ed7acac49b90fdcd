/** Who acts. Made by the door from a verified connection, never from a request body. */
export interface Actor {
  userId: string;
  role: 'admin' | 'user' | 'child' | 'agent' | 'guest';
  /** Where the request came in: http, web, cli, openai, schedule … */
  channel: string;
}

/** The one account that exists before identity has its own package. */
export const ownerId = 'owner';
export const ownerActor = (channel: string): Actor => ({ userId: ownerId, role: 'admin', channel });
