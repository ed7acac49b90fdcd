import { type Answer, ask } from './http.ts';

/** A browser without a window: keeps cookies by site and follows redirects, as far as it is told. */
export interface Browser {
  /** Opens an address as a person does; follows redirects and pages that go on by themselves. */
  open(url: string): Promise<Answer & { url: string; steps: string[] }>;
  /** One request. */
  request(method: string, url: string, body?: string, headers?: Record<string, string>): Promise<Answer>;
  cookies(url: string): string;
}

export const createBrowser = (): Browser => {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string) => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };
  const cookies = (url: string) => [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ');
  const request: Browser['request'] = async (method, url, body, headers = {}) => {
    const cookie = cookies(url);
    const answer = await ask(url, {
      method,
      headers: { 'user-agent': 'a test', ...(cookie !== '' && { cookie }), ...headers },
      ...(body !== undefined && { body }),
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const isGone = attributes.some((one) => /max-age=0|expires=thu, 01 jan 1970/i.test(one));
      if (isGone) jarOf(url).delete(pair.slice(0, at));
      else jarOf(url).set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  };
  return {
    request,
    cookies,
    async open(url) {
      const steps: string[] = [];
      let next = url;
      for (;;) {
        steps.push(next);
        if (steps.length > 20) throw new Error(`redirected in circles: ${steps.join(' ')}`);
        const answer = await request('GET', next);
        const onward =
          answer.headers.location ?? /http-equiv="refresh" content="0;url=([^"]*)"/.exec(answer.body)?.[1];
        if (onward === undefined) return Object.assign(answer, { url: next, steps });
        next = new URL(onward.replaceAll('&#38;', '&'), next).href;
      }
    },
  };
};
