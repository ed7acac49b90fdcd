import { open } from '../context.ts';
import { authRoutes } from './auth.ts';
import { chatRoutes, usageRoutes } from './chat.ts';
import { overviewRoutes, searchRoutes, sessionRoutes } from './sessions.ts';
import { configRoutes, modelRoutes, providerRoutes, systemRoutes } from './system.ts';

/** The whole contract; a procedure left out is a type error here. */
export const router = open.router({
  sessions: sessionRoutes,
  chat: chatRoutes,
  search: searchRoutes,
  overview: overviewRoutes,
  usage: usageRoutes,
  system: systemRoutes,
  models: modelRoutes,
  providers: providerRoutes,
  config: configRoutes,
  auth: authRoutes,
});
