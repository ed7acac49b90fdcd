import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const target = new URL(process.argv[2]!);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

const server = createServer((incoming, response) => {
  const forward = request(
    {
      agent,
      host: target.hostname,
      port: target.port,
      path: `${target.pathname}/chat/completions`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    },
    (answer) => {
      response.writeHead(answer.statusCode!, { 'content-type': answer.headers['content-type'] });
      answer.pipe(response);
    },
  );
  incoming.pipe(forward);
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(
    `${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`,
  ),
);
process.on('SIGTERM', () => process.exit(0));
