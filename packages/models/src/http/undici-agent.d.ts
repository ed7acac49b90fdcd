/** Loading all of undici costs 10 MB and 90 ms more than its Agent alone, whose own file has no types. */
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';
  export default Agent;
}
